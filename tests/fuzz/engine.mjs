/** The CPU engine in this process, called as the worker calls it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../scripts/paths.mjs';

/** What long calls ask of the worker; nothing here waits. */
export const HOST = {
  progress: () => undefined,
  checkpoint: () => undefined,
  isCancelled: () => false,
  seconds: () => 0,
  pause: () => Promise.resolve(),
};

/** Loads the engine and resolves to its class of sessions. What it says when it panics goes to `onPanic`. */
export async function loadEngine(onPanic) {
  const folder = join(ROOT, 'web', 'dist', 'cpu');
  const engine = await import(pathToFileURL(join(folder, 'driftscope_web.js')).href);
  const bytes = await readFile(join(folder, 'driftscope_web_bg.wasm'));
  engine.initSync({ module: new WebAssembly.Module(bytes) });
  engine.setPanicReporter(onPanic);
  return engine.Session;
}

/** Whether what was thrown is the package's error, as a reader that refuses its input throws it. */
export const isRefusal = (thrown) =>
  typeof thrown === 'object' &&
  thrown !== null &&
  typeof thrown.code === 'string' &&
  typeof thrown.message === 'string' &&
  thrown.code !== 'crashed';
