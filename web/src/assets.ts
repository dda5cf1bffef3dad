/** The files beside the module: two engines, each a worker script and its wasm, and the reader of containers. */
import type { ScriptSource } from './protocol.js';
import { read, readText } from './read.js';
import type { CreateOptions, EngineName, ScriptName } from './types.js';

// Bundlers recognise exactly this form, `new URL('literal', import.meta.url)`, and copy the files. They are functions
// so that importing the module touches nothing, on a server either.
const WASM: Record<EngineName, () => URL> = {
  cpu: () => new URL('./cpu/driftscope_web_bg.wasm', import.meta.url),
  webgpu: () => new URL('./webgpu/driftscope_web_bg.wasm', import.meta.url),
};
const SCRIPTS: Record<ScriptName, () => URL> = {
  cpu: () => new URL('./cpu/worker.js', import.meta.url),
  webgpu: () => new URL('./webgpu/worker.js', import.meta.url),
  reader: () => new URL('./reader.js', import.meta.url),
};

function absolute(url: string | URL): URL {
  return new URL(url, globalThis.location?.href);
}

/** The compiled module of an engine: the one that was handed over, else fetched and compiled. */
export async function engineModule(engine: EngineName, options: CreateOptions): Promise<WebAssembly.Module> {
  const given = options.wasmModule?.[engine];
  if (given) return given;
  const response = await read(absolute(options.wasmUrl?.[engine] ?? WASM[engine]()));
  // A host that sends another content type than application/wasm would fail to stream.
  if (response.headers.get('content-type')?.startsWith('application/wasm'))
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Where a script comes from. */
export async function scriptSource(name: ScriptName, options: CreateOptions): Promise<ScriptSource> {
  const text = await options.workerSource?.[name];
  return text === undefined ? { url: absolute(options.workerUrl?.[name] ?? SCRIPTS[name]()).href } : { text };
}

/** Options of `preload`. */
export interface PreloadOptions extends Pick<CreateOptions, 'wasmUrl' | 'workerUrl'> {
  /** Which engines; default: only `cpu`. */
  engines?: EngineName[];
  /** Engines that may still be on their way when this resolves: all requests have gone out by then. */
  background?: EngineName[];
}

/**
 * Fetches and compiles everything that `create` would fetch later, and returns it as options for `create`. For pages that
 * forbid themselves every connection (`seal`) before they accept a log. Resolves when the engines of `engines` are there; the
 * reader of archives and Parquet, which nothing needs before a file is taken, may still be on its way.
 */
export async function preload(options: PreloadOptions = {}): Promise<CreateOptions> {
  const engines = options.engines ?? ['cpu'];
  const background = (options.background ?? []).filter((engine) => !engines.includes(engine));
  const text = (name: ScriptName): Promise<string> => readText(absolute(options.workerUrl?.[name] ?? SCRIPTS[name]()));
  const [modules, scripts] = await Promise.all([
    Promise.all(engines.map(async (engine) => [engine, await engineModule(engine, options)] as const)),
    Promise.all(engines.map(async (engine) => [engine, await text(engine)] as const)),
  ]);
  const laterModules = background.map((engine) => [engine, engineModule(engine, options)] as const);
  const laterScripts = [...background, 'reader' as const].map((name) => [name, text(name)] as const);
  // Whoever uses them hears of a failure.
  for (const [, part] of [...laterModules, ...laterScripts]) part.catch(() => undefined);
  return {
    wasmModule: Object.fromEntries([...modules, ...laterModules]),
    workerSource: Object.fromEntries<string | Promise<string>>([...scripts, ...laterScripts]),
    engines: [...engines, ...background],
  };
}
