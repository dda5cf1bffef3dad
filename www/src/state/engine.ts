/** Starts the engine so that its workers stand under the page's own Content-Security-Policy. */
import { create, preload, type DriftscopeApi, type EngineName } from 'driftscope';
import webgpuWorker from 'driftscope/webgpu/worker.js?url';

/**
 * A worker that is started from an address has the policy of that address, which a static host seldom sets; one that is
 * started from a `blob:` has the page's. So the workers' text is fetched here and handed over. The WebGPU engine itself is
 * big and is fetched when a training run wants it.
 */
export async function startEngine(): Promise<DriftscopeApi> {
  const webgpu = 'gpu' in navigator;
  const [ready, text] = await Promise.all([preload({ engines: ['cpu'] }), webgpu ? textOf(webgpuWorker) : undefined]);
  const engines: EngineName[] = webgpu ? ['cpu', 'webgpu'] : ['cpu'];
  return create({ ...ready, engines, workerSource: { ...ready.workerSource, ...(text === undefined ? {} : { webgpu: text }) } });
}

async function textOf(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  return response.text();
}
