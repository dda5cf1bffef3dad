/** Getting hold of the package's other files. */
import { SCRIPTS, WASM } from './locations.js';
import { failure } from './error.js';
import type { ScriptSource } from './protocol.js';
import { broken, read, readText } from './read.js';
import type { CallOptions, CreateOptions, EngineName, ScriptName } from './types.js';

function absolute(url: string | URL): URL {
  try {
    return new URL(url, globalThis.location?.href);
  } catch {
    throw failure('parameter', `${String(url)} is not an address`);
  }
}

/** The compiled module of an engine: what was handed over, else fetched; compiled where it is not yet. */
export async function engineModule(
  engine: EngineName,
  options: Pick<CreateOptions, 'wasmModule' | 'wasmUrl' | 'signal' | 'onProgress'>,
): Promise<WebAssembly.Module> {
  const given = await options.wasmModule?.[engine];
  if (given instanceof WebAssembly.Module) return given;
  try {
    if (given) return await WebAssembly.compile(given);
    const response = counted(await read(absolute(options.wasmUrl?.[engine] ?? WASM[engine]()), options), options);
    // A host that sends another content type than application/wasm would fail to stream.
    if (response.headers.get('content-type')?.startsWith('application/wasm'))
      return await WebAssembly.compileStreaming(response);
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (thrown) {
    if (thrown instanceof WebAssembly.CompileError)
      throw failure('unsupported', `the ${engine} engine can't be compiled here: ${thrown.message}`);
    throw broken(`the ${engine} engine`, thrown, options);
  }
}

/** The same response, whose bytes are reported as they come. */
function counted(response: Response, { onProgress }: CallOptions): Response {
  const { body, headers } = response;
  if (!onProgress || !body) return response;
  const length = headers.get('content-encoding') === null ? Number(headers.get('content-length') ?? 0) : 0;
  let done = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      done += chunk.length;
      onProgress({ stage: 'engine', done, total: length, unit: 'bytes' });
      controller.enqueue(chunk);
    },
  });
  return new Response(body.pipeThrough(count), { headers });
}

/** Where a script comes from. */
export async function scriptSource(
  name: ScriptName,
  options: Pick<CreateOptions, 'workerSource' | 'workerUrl'>,
): Promise<ScriptSource> {
  const text = await options.workerSource?.[name];
  return text === undefined ? { url: absolute(options.workerUrl?.[name] ?? SCRIPTS[name]()).href } : { text };
}

/** Options of `preload`. */
export interface PreloadOptions extends Pick<CreateOptions, 'wasmUrl' | 'workerUrl'>, CallOptions {
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
  const text = (name: ScriptName): Promise<string> =>
    readText(absolute(options.workerUrl?.[name] ?? SCRIPTS[name]()), options);
  const [modules, scripts] = await Promise.all([
    Promise.all(engines.map(async (engine) => [engine, await engineModule(engine, options)] as const)),
    Promise.all(engines.map(async (engine) => [engine, await text(engine)] as const)),
  ]);
  // Their progress would be mixed with that of the others.
  const quiet = { ...options, onProgress: undefined };
  const laterModules = background.map((engine) => [engine, engineModule(engine, quiet)] as const);
  const laterScripts = [...background, 'reader' as const].map((name) => [name, text(name)] as const);
  // Whoever uses them hears of a failure.
  for (const [, part] of [...laterModules, ...laterScripts]) part.catch(() => undefined);
  return {
    wasmModule: Object.fromEntries([...modules, ...laterModules]),
    workerSource: Object.fromEntries<string | Promise<string>>([...scripts, ...laterScripts]),
    engines: [...engines, ...background],
  };
}
