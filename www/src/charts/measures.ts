/** What the cells of domain × window can show. Pure: no chart is needed for it. */
import type { DomainRow } from './arrange';

export const MEASURES = ['share', 'events', 'relative'] as const;
export type HeatMeasure = (typeof MEASURES)[number];

/** Largest ratio to a domain's own mean that the diverging scale tells apart, as a power of two. */
export const RELATIVE_LIMIT = 2;

/** What a cell's colour shows: share, weighted events, or log₂ of the share over the row's own mean (−limit..limit). */
export function cellValue(row: DomainRow, window: number, measure: HeatMeasure): number {
  if (measure === 'events') return row.weights[window] ?? 0;
  const share = row.shares[window] ?? 0;
  if (measure === 'share') return share;
  const mean = meanShare(row);
  if (mean === 0) return 0;
  if (share === 0) return -RELATIVE_LIMIT;
  return Math.max(-RELATIVE_LIMIT, Math.min(RELATIVE_LIMIT, Math.log2(share / mean)));
}

/** A row's mean share over all windows. */
export function meanShare(row: DomainRow): number {
  let sum = 0;
  for (const share of row.shares) sum += share;
  return row.shares.length > 0 ? sum / row.shares.length : 0;
}
