/**
 * Chrome offers WebGPU subgroups and the kernel compiler then writes `enable subgroups;`, but wgpu does not request the
 * feature, so that every such shader is invalid and the device unusable. This adds the feature to what is requested.
 */

/** The part of a WebGPU adapter that matters here. */
export interface AdapterLike {
  readonly features: { has(name: string): boolean };
  requestDevice: (descriptor?: { requiredFeatures?: Iterable<string> }) => Promise<unknown>;
}

/** Wraps `requestDevice` of every adapter of this class. Does nothing where the class is missing. */
export function requestSubgroups(adapterClass: { prototype: AdapterLike } | undefined): void {
  if (!adapterClass) return;
  const { prototype } = adapterClass;
  const original = prototype.requestDevice;
  prototype.requestDevice = function requestDevice(this: AdapterLike, descriptor = {}) {
    if (!this.features.has('subgroups')) return original.call(this, descriptor);
    const requiredFeatures = new Set([...(descriptor.requiredFeatures ?? []), 'subgroups']);
    return original.call(this, { ...descriptor, requiredFeatures: [...requiredFeatures] });
  };
}
