import { expect, it } from 'vitest';

import { requestSubgroups } from '../src/worker/subgroups.js';

function adapterClass(): {
  new (...features: string[]): { features: Set<string>; requestDevice(d?: object): Promise<unknown> };
  asked: unknown[];
} {
  return class Adapter {
    static asked: unknown[] = [];
    readonly features: Set<string>;
    constructor(...features: string[]) {
      this.features = new Set(features);
    }
    requestDevice(descriptor?: object): Promise<unknown> {
      Adapter.asked.push({ self: this, descriptor });
      return Promise.resolve('device');
    }
  };
}

it('adds subgroups where the adapter has them, and keeps what was asked for', async () => {
  const Adapter = adapterClass();
  requestSubgroups(Adapter);
  const adapter = new Adapter('subgroups', 'shader-f16');
  const requiredFeatures = ['shader-f16'];
  await expect(adapter.requestDevice({ requiredFeatures, label: 'x' })).resolves.toBe('device');
  expect(Adapter.asked).toEqual([
    { self: adapter, descriptor: { requiredFeatures: ['shader-f16', 'subgroups'], label: 'x' } },
  ]);
  expect(requiredFeatures).toEqual(['shader-f16']);
});

it('asks for them once, also without a descriptor', async () => {
  const Adapter = adapterClass();
  requestSubgroups(Adapter);
  const adapter = new Adapter('subgroups');
  await adapter.requestDevice();
  await adapter.requestDevice({ requiredFeatures: new Set(['subgroups']) });
  for (const asked of Adapter.asked) expect(asked).toMatchObject({ descriptor: { requiredFeatures: ['subgroups'] } });
});

it('leaves an adapter without them, and a browser without WebGPU, alone', async () => {
  const Adapter = adapterClass();
  requestSubgroups(Adapter);
  const descriptor = { requiredFeatures: ['shader-f16'] };
  await new Adapter('shader-f16').requestDevice(descriptor);
  expect(Adapter.asked).toMatchObject([{ descriptor }]);
  expect(() => requestSubgroups(undefined)).not.toThrow();
});
