/** The files beside the module: two engines, each a worker script and its wasm, and the reader of containers. */
import type { EngineName, ScriptName } from './types.js';

// Bundlers recognise exactly this form, `new URL('literal', import.meta.url)`, and copy the files. They are functions
// so that importing the module touches nothing, on a server either.
/** Addresses of the engines. */
export const WASM: Record<EngineName, () => URL> = {
  cpu: () => new URL('./cpu/driftscope_web_bg.wasm', import.meta.url),
  webgpu: () => new URL('./webgpu/driftscope_web_bg.wasm', import.meta.url),
};

/** Addresses of the scripts. */
export const SCRIPTS: Record<ScriptName, () => URL> = {
  cpu: () => new URL('./cpu/worker.js', import.meta.url),
  webgpu: () => new URL('./webgpu/worker.js', import.meta.url),
  reader: () => new URL('./reader.js', import.meta.url),
};
