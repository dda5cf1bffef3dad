/** Compares the page's heat map, all of its cells, with a reference. */
import { expect } from 'vitest';
import type { UserPage } from './page';
import type { PlainHeat } from './reference';

/**
 * The heat map of weighted events must be the reference's: the largest domains by name, and the others as their sum.
 * Resolves to the number of cells that were compared.
 */
export async function expectHeat(user: UserPage, reference: PlainHeat): Promise<number> {
  await user.choose('evolution-measure', 'events');
  const { head, rows } = await user.downloadOf('evolution');
  expect(head.length - 1).toBe(reference.windows);
  const named = rows.filter(([name]) => name !== 'Others');
  const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const largest = [...reference.weights.values()].map(sumOf).sort((a, b) => b - a);
  let cells = 0;
  const others = [...reference.sums];
  named.forEach(([name = '', ...shown], rank) => {
    const wanted = reference.weights.get(name);
    expect(wanted, name).toBeDefined();
    expect(sumOf(shown.map(Number)), `rank of ${name}`).toBe(largest[rank]);
    shown.forEach((value, window) => {
      const weight = wanted?.[window] ?? NaN;
      if (Number(value) !== weight) expect(Number(value), `${name}, ${head[window + 1]}`).toBe(weight);
      others[window] = (others[window] ?? 0) - weight;
      cells += 1;
    });
  });
  const rest = rows.find(([name]) => name === 'Others');
  if (rest) expect(rest.slice(1).map(Number)).toEqual(others);
  return cells;
}

/** The same for shares, up to rounding of 64-bit numbers. */
export async function expectShares(user: UserPage, reference: PlainHeat): Promise<void> {
  await user.choose('evolution-measure', 'share');
  const { rows } = await user.downloadOf('evolution');
  for (const [name = '', ...shown] of rows) {
    const wanted = reference.weights.get(name);
    if (!wanted) continue;
    shown.forEach((value, window) => {
      expect(Number(value)).toBeCloseTo((wanted[window] ?? 0) / (reference.sums[window] || 1), 9);
    });
  }
}
