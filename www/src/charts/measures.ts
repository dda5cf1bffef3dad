/** What the cells of domain × window can show, and how that becomes a place on a colour scale. Pure. */
import type { DomainRow } from './arrange';

export const MEASURES = ['share', 'events', 'relative'] as const;
export type HeatMeasure = (typeof MEASURES)[number];

/** Largest ratio to a domain's own mean that the diverging scale tells apart, as a power of two. */
export const RELATIVE_LIMIT = 2;
/** Orders of magnitude that the logarithmic scale tells apart. */
const DECADES = 4;

/** A row's mean share over all windows. */
export function meanShare(row: DomainRow): number {
  let sum = 0;
  for (const share of row.shares) sum += share;
  return row.shares.length > 0 ? sum / row.shares.length : 0;
}

/** What the cells of a row show: share, weighted events, or log₂ of the share over the row's own mean (−limit..limit). */
export function cellValues(row: DomainRow, measure: HeatMeasure): ArrayLike<number> {
  if (measure === 'events') return row.weights;
  if (measure === 'share') return row.shares;
  const mean = meanShare(row);
  return row.shares.map((share) => {
    if (mean === 0) return 0;
    if (share === 0) return -RELATIVE_LIMIT;
    return Math.max(-RELATIVE_LIMIT, Math.min(RELATIVE_LIMIT, Math.log2(share / mean)));
  });
}

/** A colour scale: what is drawn for a value, from `low` to `high`. */
export interface HeatScale {
  low: number;
  high: number;
  of: (value: number) => number;
  /** The values at its ends as they are; `least` is 0 where the scale is not logarithmic. */
  least: number;
  most: number;
}

/** The scale of some rows: by value, or by its logarithm (`log`) from the smallest value that is told apart. */
export function heatScale(rows: readonly DomainRow[], measure: HeatMeasure, log: boolean): HeatScale {
  const same = (value: number): number => value;
  if (measure === 'relative') return { low: -RELATIVE_LIMIT, high: RELATIVE_LIMIT, of: same, least: 0, most: 0 };
  // The sum of all others must not take the scale away from the domains themselves.
  const named = rows.filter(({ id }) => id !== null).map((row) => cellValues(row, measure));
  let most = 0;
  for (const values of named) for (let at = 0; at < values.length; at += 1) most = Math.max(most, values[at] ?? 0);
  if (!log || most === 0) return { low: 0, high: most || 1, of: same, least: 0, most };
  const floor = most / 10 ** DECADES;
  let least = most / 10;
  for (const values of named) {
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at] ?? 0;
      if (value > 0 && value < least) least = Math.max(value, floor);
    }
  }
  const of = (value: number): number => Math.log10(Math.max(value, least));
  return { low: of(0), high: of(most), of, least, most };
}
