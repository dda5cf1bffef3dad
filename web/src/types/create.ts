/** How Driftscope is started, and where its parts lie. */
import type { CallOptions, EngineName } from './call.js';

/** The scripts beside the module: one worker per engine, and the reader of `.zip` and Parquet. */
export type ScriptName = EngineName | 'reader';

/** An engine's code: compiled, or its bytes. */
export type WasmSource = WebAssembly.Module | BufferSource;

/** How Driftscope is started. `signal` ends the start; `onProgress` tells how much of the engine has arrived. */
export interface CreateOptions extends CallOptions {
  /** Which engines may be used (default: both). `webgpu` is fetched only when a training run is to use it. */
  engines?: EngineName[];
  /** Where the engines' wasm files lie; default: beside the module (`new URL(..., import.meta.url)`). */
  wasmUrl?: Partial<Record<EngineName, string | URL>>;
  /** The engines' code, for pages that have it already or that fetched it before they sealed themselves; maybe on its way. */
  wasmModule?: Partial<Record<EngineName, WasmSource | PromiseLike<WasmSource>>>;
  /** Where the scripts lie; default: beside the module. */
  workerUrl?: Partial<Record<ScriptName, string | URL>>;
  /**
   * Text of the scripts, for pages that fetched them before they sealed themselves; started from `blob:` addresses. Maybe
   * still on its way.
   */
  workerSource?: Partial<Record<ScriptName, string | PromiseLike<string>>>;
  /**
   * Seals the page before the engine starts (`seal`): everything is fetched first, then neither the page nor the engine can
   * load or send anything until the page is loaded again. See `docs/PRIVACY.md`.
   */
  sealed?: boolean;
}
