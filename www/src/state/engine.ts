/** Fetches the engines, and starts one on a page that has sealed itself. */
import { create, hasAdapter, isSealed, preload, type CreateOptions, type DriftscopeApi } from 'driftscope';
// Null where the package was built without this engine: see vite.config.ts.
import webgpuWorker from 'driftscope/webgpu/worker.js?url';
import { seal } from './seal.svelte';

/** What was fetched once, kept because a sealed page can fetch nothing. */
let fetched: Promise<CreateOptions> | null = null;

/** Fetches what an engine needs, so that it can start when the first file is taken. */
export async function prepareEngine(): Promise<void> {
  fetched ??= fetchEngines();
  try {
    await fetched;
  } catch (thrown) {
    // Trying again fetches again.
    fetched = null;
    throw thrown;
  }
}

/** Seals the page and starts the CPU engine, with a session of its own. */
export async function startEngine(): Promise<DriftscopeApi> {
  await prepareEngine();
  try {
    return await create({ ...(await fetched), sealed: true });
  } catch (thrown) {
    // Before the seal, trying again fetches again.
    if (!isSealed()) fetched = null;
    throw thrown;
  } finally {
    seal.look();
  }
}

/** The CPU engine, and where there is an adapter the WebGPU engine, which arrives in the background. */
async function fetchEngines(): Promise<CreateOptions> {
  const webgpu = webgpuWorker !== null && (await hasAdapter());
  return preload({ engines: ['cpu'], background: webgpu ? ['webgpu'] : [] });
}
