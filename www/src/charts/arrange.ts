/** Which domains a chart shows, in which order, and what the rest sums up to. Pure. */
import type { Evolution } from 'driftscope';
import { THRESHOLDS } from '../state/thresholds';
import { bySimilarity } from './cluster';
import { byDirection } from './directions';

export const ORDERS = ['size', 'trend', 'peak', 'similar'] as const;
export type Order = (typeof ORDERS)[number];

/** Which domains are wanted beside the largest: only those with `find` in their name; `keep` always, where they exist. */
export interface Wanted {
  find?: string;
  keep?: readonly string[];
}

/** One row of the heat map; `id` is null for the sum of all that are not shown. */
export interface DomainRow {
  id: number | null;
  name: string;
  /** Place by size over the whole log; −1 for the others. It decides the colour. */
  rank: number;
  weights: Float64Array;
  shares: Float64Array;
}

/** Slope of the least-squares line through the values, by step. */
export function slope(values: ArrayLike<number>): number {
  const n = values.length;
  if (n < 2) return 0;
  const middle = (n - 1) / 2;
  let above = 0;
  let below = 0;
  for (let index = 0; index < n; index += 1) {
    above += (index - middle) * (values[index] ?? 0);
    below += (index - middle) ** 2;
  }
  return above / below;
}

/** Where the centre of mass of the values lies: the mean index weighted by value. */
export function centre(values: ArrayLike<number>): number {
  let sum = 0;
  let moment = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    sum += value;
    moment += index * value;
  }
  return sum > 0 ? moment / sum : values.length;
}

/** Index of the largest value, the first of equals. */
function peakOf(values: ArrayLike<number>): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}

/** The domains that a chart shows, as places in `evolution.domains`: the `top` largest that are wanted, and those kept. */
export function chosenDomains(
  { domains }: Pick<Evolution, 'domains'>,
  top: number,
  { find = '', keep = [] }: Wanted,
): number[] {
  const part = find.trim().toLocaleLowerCase();
  const chosen: number[] = [];
  let taken = 0;
  domains.forEach(({ name }, rank) => {
    const wanted = taken < top && (part === '' || name.toLocaleLowerCase().includes(part));
    if (wanted) taken += 1;
    if (wanted || keep.includes(name)) chosen.push(rank);
  });
  return chosen;
}

/** The chosen domains in the wanted order, then the others as one row (left out where there are none). */
export function arrangeDomains(
  evolution: Evolution,
  top: number,
  order: Order,
  othersName: string,
  wanted: Wanted = {},
): DomainRow[] {
  const windows = Math.max(0, evolution.windows.bounds.length - 1);
  const chosen = chosenDomains(evolution, top, wanted);
  const rows = chosen.flatMap<DomainRow>((rank) => {
    const domain = evolution.domains[rank];
    const [start, end] = [rank * windows, (rank + 1) * windows];
    return domain
      ? {
          id: domain.id,
          name: domain.name,
          rank,
          weights: evolution.weights.subarray(start, end),
          shares: evolution.shares.subarray(start, end),
        }
      : [];
  });
  const sorted = inOrder(rows, order);
  if (chosen.length < evolution.domains.length) sorted.push(sumOfOthers(evolution, windows, chosen, othersName));
  return sorted;
}

function inOrder(rows: DomainRow[], order: Order): DomainRow[] {
  if (order === 'trend') {
    const slopes = new Map(rows.map((row) => [row, slope(row.shares)]));
    return rows.sort((a, b) => (slopes.get(b) ?? 0) - (slopes.get(a) ?? 0) || a.rank - b.rank);
  }
  if (order === 'peak') {
    const places = rows.map((row) => ({ row, peak: peakOf(row.shares), centre: centre(row.shares) }));
    places.sort((a, b) => a.peak - b.peak || a.centre - b.centre || a.row.rank - b.row.rank);
    return places.map(({ row }) => row);
  }
  if (order === 'similar') {
    const alike = rows.length > THRESHOLDS.clustered ? byDirection : bySimilarity;
    return alike(rows.map((row) => row.shares)).flatMap((index) => rows[index] ?? []);
  }
  return rows;
}

function sumOfOthers(evolution: Evolution, windows: number, shown: readonly number[], name: string): DomainRow {
  const rest: DomainRow = {
    id: null,
    name,
    rank: -1,
    weights: new Float64Array(windows),
    shares: new Float64Array(windows),
  };
  const left = new Set(shown);
  for (let at = 0; at < evolution.domains.length; at += 1) {
    if (left.has(at)) continue;
    for (let window = 0; window < windows; window += 1) {
      rest.weights[window] = (rest.weights[window] ?? 0) + (evolution.weights[at * windows + window] ?? 0);
      rest.shares[window] = (rest.shares[window] ?? 0) + (evolution.shares[at * windows + window] ?? 0);
    }
  }
  return rest;
}

/**
 * The domains whose share rises and falls most over the windows; null where nothing moves. A last window that the log does not
 * fill, with perhaps one day in it, does not count.
 */
export function movers(evolution: Evolution): { rising: string | null; falling: string | null } {
  const windows = Math.max(0, evolution.windows.bounds.length - 1);
  const whole = evolution.windows.lastPartial ? windows - 1 : windows;
  let [rising, falling]: (string | null)[] = [null, null];
  let [most, least] = [0, 0];
  evolution.domains.forEach((domain, index) => {
    const own = slope(evolution.shares.subarray(index * windows, index * windows + whole));
    if (own > most) [most, rising] = [own, domain.name];
    if (own < least) [least, falling] = [own, domain.name];
  });
  return { rising: rising ?? null, falling: falling ?? null };
}

/** Place of each domain by size, by id: decides its colour in every chart. */
export function ranksOf(evolution: Evolution | null): Map<number, number> {
  return new Map(evolution?.domains.map((domain, rank) => [domain.id, rank]));
}
