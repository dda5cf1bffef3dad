/**
 * Driftscope with the CPU engine inside the module, for places that cannot serve files beside a script: a page that is one
 * HTML file, a strict bundler, an extension. The same API; WebGPU only where its files are named in `wasmUrl` and
 * `workerUrl`. It is unpacked by `create`, which needs `DecompressionStream` (Chrome 80, Firefox 113, Safari 16.4).
 *
 * @module driftscope/inline
 */
import { ENGINE, READER, WORKER } from '#inlined';

import { create as start } from './client.js';
import type { CreateOptions, DriftscopeApi } from './types.js';

export { DriftscopeError } from './error.js';
export { isSealed, seal, SEAL_POLICY } from './seal.js';
export type * from './types.js';

/** Starts Driftscope on the engine that the module holds; nothing is fetched. */
export async function create(options: CreateOptions = {}): Promise<DriftscopeApi> {
  const cpu = options.wasmModule?.cpu ?? (await unpacked(ENGINE).arrayBuffer());
  const worker = options.workerSource?.cpu ?? (await unpacked(WORKER).text());
  const reader = options.workerSource?.reader ?? (await unpacked(READER).text());
  return start({
    engines: ['cpu'],
    ...options,
    wasmModule: { ...options.wasmModule, cpu },
    workerSource: { ...options.workerSource, cpu: worker, reader },
  });
}

/** What was packed with gzip and written as base64. */
function unpacked(text: string): Response {
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')));
}
