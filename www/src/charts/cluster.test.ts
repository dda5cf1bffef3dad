import { describe, expect, it } from 'vitest';
import { bySimilarity, correlationDistance } from './cluster';

const up = [1, 2, 3, 4, 5, 6];
const down = [6, 5, 4, 3, 2, 1];
const hump = [1, 4, 6, 6, 4, 1];

describe('correlation distance', () => {
  it('is 0 for the same course, 2 for the opposite one, and 1 where there is none', () => {
    expect(correlationDistance(up, [10, 20, 30, 40, 50, 60])).toBeCloseTo(0, 12);
    expect(correlationDistance(up, down)).toBeCloseTo(2, 12);
    expect(correlationDistance(up, [3, 3, 3, 3, 3, 3])).toBe(1);
  });
});

describe('order by similarity', () => {
  it('puts rows of one course side by side, whatever their size and place', () => {
    const noisy = (row: number[], at: number): number[] =>
      row.map((value, index) => value * 3 + ((index * at) % 3) / 5);
    const rows = [up, hump, down, noisy(up, 1), noisy(hump, 2), noisy(down, 1), noisy(up, 2)];
    const family = [0, 1, 2, 0, 1, 2, 0];
    const order = bySimilarity(rows);
    expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const changes = order.filter((row, at) => at > 0 && family[row] !== family[order[at - 1] ?? 0]).length;
    expect(changes).toBe(2);
    expect(bySimilarity(rows)).toEqual(order);
  });

  it('has nothing to say about nothing, one row, or rows that never change', () => {
    expect(bySimilarity([])).toEqual([]);
    expect(bySimilarity([up])).toEqual([0]);
    expect(
      bySimilarity([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ).toHaveLength(3);
  });
});
