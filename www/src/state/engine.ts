/** Starts the engine so that its workers stand under the page's own Content-Security-Policy. */
import { create, DriftscopeError, preload, type CreateOptions, type DriftscopeApi, type EngineName } from 'driftscope';
// Null where the package was built without this engine: see vite.config.ts.
import webgpuWorker from 'driftscope/webgpu/worker.js?url';

/** The smallest module with a SIMD instruction; the engines need SIMD. */
// prettier-ignore
const SIMD_PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

/** What was fetched once, kept so that starting over asks the network for nothing. */
let fetched: Promise<CreateOptions> | null = null;

/** Starts an engine, with a session of its own. */
export async function startEngine(): Promise<DriftscopeApi> {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(SIMD_PROBE)) {
    throw new DriftscopeError({ code: 'unsupported', message: 'this browser has no WebAssembly SIMD', detail: {} });
  }
  fetched ??= fetchEngine();
  try {
    return await create(await fetched);
  } catch (thrown) {
    // Trying again fetches again.
    fetched = null;
    throw thrown;
  }
}

/**
 * A worker that is started from an address has the policy of that address, which a static host seldom sets; one that is
 * started from a `blob:` has the page's. So the workers' text is fetched here and handed over. The WebGPU engine itself is
 * big and is fetched when a training run wants it.
 */
async function fetchEngine(): Promise<CreateOptions> {
  const webgpu: string | null = 'gpu' in navigator ? webgpuWorker : null;
  const [ready, text] = await Promise.all([preload({ engines: ['cpu'] }), webgpu ? textOf(webgpu) : undefined]);
  const engines: EngineName[] = webgpu ? ['cpu', 'webgpu'] : ['cpu'];
  return {
    ...ready,
    engines,
    workerSource: { ...ready.workerSource, ...(text === undefined ? {} : { webgpu: text }) },
  };
}

async function textOf(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  return response.text();
}
