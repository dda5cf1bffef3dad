/** Interest evolution: domains × windows. */
import type { Evolution } from 'driftscope';
import { THRESHOLDS } from '../state/thresholds';
import type { DomainRow } from './arrange';
import { FADED, isCellLit, NOTHING, type Highlight } from './highlight';
import { cellValues, heatScale, meanShare, RELATIVE_LIMIT, type HeatMeasure, type HeatScale } from './measures';
import {
  baseOption,
  NARROW,
  rowsOf,
  tooltipHtml,
  windowLabels,
  windowSpan,
  zoomBar,
  type ChartContext,
  type EChartsOption,
  type Rows,
  type TableView,
} from './frame';

/** How the cells are coloured, and which of them are selected. `log`: by the logarithm of the value. */
export interface HeatLook {
  log: boolean;
  highlight: Highlight;
}

/** Height in pixels that gives each row room. */
export function heatmapHeight(rows: number, windows: number): number {
  const row = rows > 45 ? 16 : rows > 24 ? 20 : 26;
  return Math.max(220, rows * row) + 66 + (windows > THRESHOLDS.zoomFrom ? 26 : 0);
}

/** What the upper and the lower end of the colour scale stand for. */
export function scaleEnds(
  { least, most }: HeatScale,
  measure: HeatMeasure,
  { format }: Pick<ChartContext, 'format'>,
): [string, string] {
  if (measure === 'relative') return [`${2 ** RELATIVE_LIMIT}×`, `1/${2 ** RELATIVE_LIMIT}×`];
  const write = (value: number): string => (measure === 'share' ? format.percent(value) : format.compact(value));
  return [write(most), least > 0 ? `≤ ${write(least)}` : '0'];
}

/** What a cell says when it is pointed at, as HTML. */
export function cellTip(
  row: DomainRow,
  window: number,
  bounds: ArrayLike<number>,
  context: Pick<ChartContext, 'format' | 't' | 'zone'>,
): string {
  const { format, t } = context;
  const lines = [
    { name: t.interest.evolution.share, value: format.percent(row.shares[window] ?? 0) },
    { name: t.interest.evolution.weight, value: format.decimal(row.weights[window] ?? 0, 1) },
  ];
  const mean = meanShare(row);
  if (mean > 0)
    lines.push({
      name: t.interest.evolution.measures.relative,
      value: t.interest.evolution.times(format.decimal((row.shares[window] ?? 0) / mean, 2)),
    });
  return tooltipHtml(`${row.name} · ${windowSpan(bounds, window, context)}`, lines);
}

export function heatmapOption(
  evolution: Evolution,
  rows: DomainRow[],
  measure: HeatMeasure,
  context: ChartContext,
  { log, highlight }: HeatLook = { log: false, highlight: NOTHING },
): EChartsOption {
  const { colours, width } = context;
  const bounds = evolution.windows.bounds;
  const labels = windowLabels(bounds, context);
  const narrow = width < NARROW;
  const scale = heatScale(rows, measure, log);
  const data = rows.flatMap((row, y) => {
    const values = cellValues(row, measure);
    return labels.map((_, x) => {
      const value = [x, y, scale.of(values[x] ?? 0)];
      return isCellLit(highlight, row.name, x) ? value : { value, itemStyle: { opacity: FADED } };
    });
  });
  const zoomed = labels.length > THRESHOLDS.zoomFrom;
  const picked = (lit: boolean): { color: string; fontWeight: 'bold' } | undefined =>
    lit ? { color: colours.accent, fontWeight: 'bold' } : undefined;
  const nameWidth = narrow ? 92 : 168;
  return {
    ...baseOption(context),
    animation: false,
    grid: { left: nameWidth + 10, right: narrow ? 6 : 14, top: 8, bottom: zoomed ? 80 : 56 },
    xAxis: {
      type: 'category',
      data: labels.map((value, x) => {
        const textStyle = picked(highlight.windows.includes(x));
        return textStyle ? { value, textStyle } : value;
      }),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colours.soft, hideOverlap: true, fontSize: 11, margin: 10 },
      splitLine: { show: false },
      triggerEvent: true,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => {
        const textStyle = picked(highlight.domains.includes(name));
        return textStyle ? { value: name, textStyle } : name;
      }),
      triggerEvent: true,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: colours.ink,
        width: nameWidth,
        overflow: 'truncate',
        fontSize: narrow ? 11 : 12,
        interval: 0,
        margin: 10,
      },
    },
    dataZoom: zoomBar(context, labels.length, THRESHOLDS.zoomFrom),
    visualMap: {
      type: 'continuous',
      min: scale.low,
      max: scale.high,
      calculable: false,
      orient: 'horizontal',
      right: narrow ? 6 : 14,
      bottom: zoomed ? 26 : 2,
      itemWidth: 10,
      itemHeight: narrow ? 110 : 160,
      text: scaleEnds(scale, measure, context),
      textStyle: { color: colours.soft, fontSize: 11 },
      inRange: { color: measure === 'relative' ? colours.diverging : colours.heat },
    },
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const [x = 0, y = 0] = (point as { value?: number[] }).value ?? [];
        const row = rows[y];
        if (!row) return '';
        return cellTip(row, x, bounds, context);
      },
    },
    series: [
      {
        type: 'heatmap',
        data,
        progressive: 4000,
        itemStyle: {
          borderColor: colours.surface,
          borderWidth: labels.length > 120 ? 0 : 1.5,
          borderRadius: labels.length > 60 ? 0 : 3,
        },
        emphasis: {
          // Every cell that can be emphasised costs when it is made.
          disabled: data.length > THRESHOLDS.manyCells,
          itemStyle: { borderColor: colours.ink, borderWidth: 2 },
        },
      },
    ],
  };
}

/** The heat map as a row of windows in time order for each domain; rows are made when they are asked for. */
export function heatmapTable(
  evolution: Evolution,
  rows: DomainRow[],
  measure: HeatMeasure,
  context: Pick<ChartContext, 'format' | 't' | 'zone'>,
): TableView {
  const { format, t } = context;
  const bounds = evolution.windows.bounds;
  const windows = Math.max(0, bounds.length - 1);
  const spans = Array.from({ length: windows }, (_, index) => windowSpan(bounds, index, context));
  const rawOf = (row: DomainRow): Float64Array => {
    if (measure === 'events') return row.weights;
    if (measure === 'share') return row.shares;
    const mean = meanShare(row);
    return row.shares.map((share) => (mean > 0 ? share / mean : NaN));
  };
  const show = (value: number): string => {
    if (measure === 'events') return format.decimal(value, 1);
    if (measure === 'share') return format.percent(value);
    return Number.isNaN(value) ? '–' : t.interest.evolution.times(format.decimal(value, 2));
  };
  const made = <T>(cell: (value: number) => T): Rows<(string | T)[]> =>
    rowsOf(rows.length, (index) => {
      const row = rows[index];
      return row ? [row.name, ...Array.from(rawOf(row), cell)] : [];
    });
  return {
    columns: [{ name: t.interest.evolution.domain, numeric: false }, ...spans.map((name) => ({ name, numeric: true }))],
    rows: made(show),
    cell: (at, column) => {
      const row = rows[at];
      return !row ? '' : column === 0 ? row.name : show(rawOf(row)[column - 1] ?? NaN);
    },
    raw: made((value) => value),
  };
}
