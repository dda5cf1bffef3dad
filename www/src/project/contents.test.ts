import { describe, expect, it } from 'vitest';
import { pack, unpack } from './contents';

describe('the contents of a project', () => {
  it('come back as they were', async () => {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => index % 7);
    const packed = await pack({ name: '__proto__', half: 0.5, none: [NaN, -Infinity, null] }, bytes);
    expect(packed.length).toBeLessThan(bytes.length / 10);
    const back = await unpack(packed);
    expect(back.state).toEqual({ name: '__proto__', half: 0.5, none: [NaN, -Infinity, null] });
    // Comparing a million elements one by one takes longer than packing them.
    expect(Buffer.compare(back.bytes, bytes)).toBe(0);
  });

  it('are refused when they are something else', async () => {
    await expect(unpack(new Uint8Array(8))).rejects.toMatchObject({ code: 'damaged' });
  });
});
