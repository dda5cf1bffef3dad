/** Tables that may be published, as files: what is hidden is an empty cell. */
import type { AnonymousEvolution, PrivateEvolution } from 'driftscope';
import { windowSpan, type ChartContext, type ChartTable } from '../charts/frame';

type Named = Pick<ChartContext, 'format' | 't' | 'zone'>;

function spansOf(bounds: Float64Array, named: Named): string[] {
  return Array.from({ length: Math.max(0, bounds.length - 1) }, (_, index) => windowSpan(bounds, index, named));
}

function table(
  names: string[],
  columns: string[],
  cell: (row: number, column: number) => number,
  named: Named,
): ChartTable {
  const raw = names.map((name, row) => [name, ...columns.map((_, column) => cell(row, column))]);
  const show = (value: string | number): string =>
    typeof value === 'string' ? value : Number.isNaN(value) ? '–' : named.format.integer(value);
  return {
    columns: [
      { name: named.t.interest.evolution.domain, numeric: false },
      ...columns.map((name) => ({ name, numeric: true })),
    ],
    rows: raw.map((row) => row.map(show)),
    raw,
  };
}

/** Events by domain and window, with the totals that were asked for as last row and column. */
export function anonymousTable(shown: AnonymousEvolution, totals: boolean, named: Named): ChartTable {
  const spans = spansOf(shown.windows.bounds, named);
  const width = spans.length;
  if (!totals) return table(shown.domains, spans, (row, column) => shown.events[row * width + column] ?? NaN, named);
  const total = named.t.publish.total;
  return table(
    [...shown.domains, total],
    [...spans, total],
    (row, column) => {
      if (row === shown.domains.length) return column === width ? NaN : (shown.windowTotals[column] ?? NaN);
      return (column === width ? shown.domainTotals[row] : shown.events[row * width + column]) ?? NaN;
    },
    named,
  );
}

/** Users with noise by domain and window. */
export function privateTable(released: PrivateEvolution, named: Named): ChartTable {
  const spans = spansOf(released.windows.bounds, named);
  const cell = (row: number, column: number): number => released.users[row * spans.length + column] ?? NaN;
  return table(released.domains, spans, cell, named);
}
