import { describe, expect, it } from 'vitest';
import { byDirection } from './directions';

describe('an order by main directions', () => {
  // Three shapes, dealt in turn: rising, falling, a hump; the last row never changes.
  const shapes = [(x: number) => x, (x: number) => 9 - x, (x: number) => 9 - Math.abs(2 * x - 9)];
  const rows = Array.from({ length: 30 }, (_, n) =>
    Array.from({ length: 10 }, (_, x) => (n + 1) * (shapes[n % 3]?.(x) ?? 0) + 0.01 * ((n * 7 + x * 3) % 5)),
  );
  rows.push(new Array<number>(10).fill(4));

  it('puts rows of one shape side by side, whatever their size, and flat ones last', () => {
    const order = byDirection(rows);
    expect([...order].sort((a, b) => a - b)).toEqual(rows.map((_, index) => index));
    expect(order.at(-1)).toBe(30);
    const kinds = order.slice(0, -1).map((place) => place % 3);
    expect(kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1])).toHaveLength(2);
  });

  it('takes no rows and rows without windows', () => {
    expect(byDirection([])).toEqual([]);
    expect(byDirection([[], []])).toEqual([0, 1]);
  });
});
