import { describe, expect, it } from 'vitest';
import type { DomainRow } from './arrange';
import { cellPixels, ramp } from './heat-paint';
import { FADED, NOTHING } from './highlight';
import { heatScale } from './measures';

const row = (name: string, ...shares: number[]): DomainRow => ({
  id: name.length,
  name,
  rank: 0,
  weights: Float64Array.from(shares),
  shares: Float64Array.from(shares),
});
const colours = ramp([
  [0, 0, 0],
  [200, 100, 50],
]);

describe('the pixels of a heat map', () => {
  const rows = [row('a', 0, 1, 2), row('bb', 4, 3, 0)];
  const scale = heatScale(rows, 'share', false);

  it('go from the first colour to the last, window by window', () => {
    const pixels = cellPixels(rows, { from: 0, to: 3 }, 'share', scale, colours, NOTHING);
    const reds = Array.from({ length: 6 }, (_, cell) => pixels[cell * 4]);
    expect(reds).toEqual([0, 50, 100, 200, 150, 0].map((red) => expect.closeTo(red, -1) as number));
    expect(pixels.filter((_, at) => at % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('show what is not selected through, and only the windows that are asked for', () => {
    const pixels = cellPixels(rows, { from: 1, to: 3 }, 'share', scale, colours, { domains: ['bb'], windows: [2] });
    const faded = Math.round(255 * FADED);
    expect(Array.from({ length: 4 }, (_, cell) => pixels[cell * 4 + 3])).toEqual([faded, 255, 255, 255]);
  });

  it('tell orders of magnitude apart on a logarithmic scale', () => {
    const wide = [row('a', 1e-3, 1e-2, 1e-1, 1)];
    const logarithmic = heatScale(wide, 'share', true);
    const pixels = cellPixels(wide, { from: 0, to: 4 }, 'share', logarithmic, colours, NOTHING);
    const reds = Array.from({ length: 4 }, (_, cell) => pixels[cell * 4] ?? 0);
    expect(reds[0]).toBe(0);
    expect((reds[2] ?? 0) - (reds[1] ?? 0)).toBeCloseTo((reds[1] ?? 0) - (reds[0] ?? 0), -1);
    expect(reds[3]).toBe(200);
  });
});
