/** How Driftscope is started, and where its parts lie. */
import type { EngineName } from './call.js';

/** The scripts beside the module: one worker per engine, and the reader of `.zip` and Parquet. */
export type ScriptName = EngineName | 'reader';

export interface CreateOptions {
  /** Which engines may be used (default: both). `webgpu` is fetched only when a training run is to use it. */
  engines?: EngineName[];
  /** Where the engines' wasm files lie; default: beside the module (`new URL(..., import.meta.url)`). */
  wasmUrl?: Partial<Record<EngineName, string | URL>>;
  /** Compiled modules, for pages that fetched them before they sealed themselves; maybe still on their way. */
  wasmModule?: Partial<Record<EngineName, WebAssembly.Module | PromiseLike<WebAssembly.Module>>>;
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
