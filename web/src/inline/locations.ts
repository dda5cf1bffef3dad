/** In place of the addresses beside the module, which the inlined package does not have. */
import { failure } from '../error.js';
import type { EngineName, ScriptName } from '../types.js';

const absent = (): never => {
  throw failure('unsupported', 'driftscope/inline holds the cpu engine only: name the others in wasmUrl and workerUrl');
};

/** Addresses of the engines. */
export const WASM: Record<EngineName, () => URL> = { cpu: absent, webgpu: absent };

/** Addresses of the scripts. */
export const SCRIPTS: Record<ScriptName, () => URL> = { cpu: absent, webgpu: absent, reader: absent };
