/** Whether WebGPU can be used here. */

interface GpuLike {
  requestAdapter(): Promise<object | null>;
}

/** Whether the browser has a WebGPU adapter for this page; where not, the WebGPU engine need not be fetched. */
export async function hasAdapter(): Promise<boolean> {
  try {
    return Boolean(await (globalThis.navigator as Navigator & { gpu?: GpuLike }).gpu?.requestAdapter());
  } catch {
    return false;
  }
}
