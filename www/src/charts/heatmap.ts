/** Interest evolution: domains × windows. */
import type { Evolution } from 'driftscope';
import { THRESHOLDS } from '../state/thresholds';
import type { DomainRow } from './arrange';
import { FADED, isCellLit, NOTHING, type Highlight } from './highlight';
import { cellValue, meanShare, RELATIVE_LIMIT, type HeatMeasure } from './measures';
import {
  baseOption,
  NARROW,
  tooltipHtml,
  windowLabels,
  windowSpan,
  zoomBar,
  type ChartContext,
  type ChartTable,
  type EChartsOption,
} from './frame';

/** How the cells are coloured, and which of them are selected. `log`: by the logarithm of the value. */
export interface HeatLook {
  log: boolean;
  highlight: Highlight;
}

/** Orders of magnitude that the logarithmic scale tells apart. */
const DECADES = 4;

/** Colours for values from 0 to `most`: as they are, or by their logarithm from the smallest that is told apart. */
function scaleOf(
  values: readonly number[],
  most: number,
  log: boolean,
): { least: number; of: (value: number) => number } {
  if (!log || most <= 0) return { least: 0, of: (value) => value };
  const floor = most / 10 ** DECADES;
  const least = values.reduce(
    (found, value) => (value > 0 && value < found ? Math.max(value, floor) : found),
    most / 10,
  );
  return { least, of: (value) => Math.log10(Math.max(value, least)) };
}

/** Height in pixels that gives each row room. */
export function heatmapHeight(rows: number, windows: number): number {
  const row = rows > 45 ? 16 : rows > 24 ? 20 : 26;
  return Math.max(220, rows * row) + 66 + (windows > THRESHOLDS.zoomFrom ? 26 : 0);
}

export function heatmapOption(
  evolution: Evolution,
  rows: DomainRow[],
  measure: HeatMeasure,
  context: ChartContext,
  { log, highlight }: HeatLook = { log: false, highlight: NOTHING },
): EChartsOption {
  const { colours, format, t, width } = context;
  const bounds = evolution.windows.bounds;
  const labels = windowLabels(bounds, context);
  const narrow = width < NARROW;
  const relative = measure === 'relative';
  const values = rows.map((row) => labels.map((_, x) => cellValue(row, x, measure)));
  // The sum of all others must not take the scale away from the domains themselves.
  const named = values.flatMap((own, y) => (rows[y]?.id === null ? [] : own));
  const most = named.reduce((found, value) => Math.max(found, value), 0);
  const scale = scaleOf(named, most, log && !relative);
  const data = rows.flatMap((row, y) =>
    labels.map((_, x) => {
      const value = [x, y, scale.of(values[y]?.[x] ?? 0)];
      return isCellLit(highlight, row.name, x) ? value : { value, itemStyle: { opacity: FADED } };
    }),
  );
  const zoomed = labels.length > THRESHOLDS.zoomFrom;
  const write = (value: number): string => (measure === 'share' ? format.percent(value) : format.compact(value));
  const scaleText = relative
    ? [`${2 ** RELATIVE_LIMIT}×`, `1/${2 ** RELATIVE_LIMIT}×`]
    : [write(most), scale.least > 0 ? `≤ ${write(scale.least)}` : '0'];
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
      min: relative ? -RELATIVE_LIMIT : scale.of(0),
      max: relative ? RELATIVE_LIMIT : most > 0 ? scale.of(most) : 1,
      calculable: false,
      orient: 'horizontal',
      right: narrow ? 6 : 14,
      bottom: zoomed ? 26 : 2,
      itemWidth: 10,
      itemHeight: narrow ? 110 : 160,
      text: scaleText,
      textStyle: { color: colours.soft, fontSize: 11 },
      inRange: { color: relative ? colours.diverging : colours.heat },
    },
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const [x = 0, y = 0] = (point as { value?: number[] }).value ?? [];
        const row = rows[y];
        if (!row) return '';
        const lines = [
          { name: t.interest.evolution.share, value: format.percent(row.shares[x] ?? 0) },
          { name: t.interest.evolution.weight, value: format.decimal(row.weights[x] ?? 0, 1) },
        ];
        const mean = meanShare(row);
        if (mean > 0)
          lines.push({
            name: t.interest.evolution.measures.relative,
            value: t.interest.evolution.times(format.decimal((row.shares[x] ?? 0) / mean, 2)),
          });
        return tooltipHtml(`${row.name} · ${windowSpan(bounds, x, context)}`, lines);
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

/** The heat map as rows of domain, window, share and weight; windows in time order within a domain. */
export function heatmapTable(
  evolution: Evolution,
  rows: DomainRow[],
  measure: HeatMeasure,
  context: Pick<ChartContext, 'format' | 't' | 'zone'>,
): ChartTable {
  const { format, t } = context;
  const bounds = evolution.windows.bounds;
  const windows = Math.max(0, bounds.length - 1);
  const spans = Array.from({ length: windows }, (_, index) => windowSpan(bounds, index, context));
  const show = (row: DomainRow, window: number): string => {
    if (measure === 'events') return format.decimal(row.weights[window] ?? 0, 1);
    if (measure === 'share') return format.percent(row.shares[window] ?? 0);
    const mean = meanShare(row);
    return mean > 0 ? t.interest.evolution.times(format.decimal((row.shares[window] ?? 0) / mean, 2)) : '–';
  };
  const raw = (row: DomainRow, window: number): number => {
    if (measure === 'events') return row.weights[window] ?? 0;
    const share = row.shares[window] ?? 0;
    if (measure === 'share') return share;
    const mean = meanShare(row);
    return mean > 0 ? share / mean : NaN;
  };
  const indices = spans.map((_, window) => window);
  return {
    columns: [{ name: t.interest.evolution.domain, numeric: false }, ...spans.map((name) => ({ name, numeric: true }))],
    rows: rows.map((row) => [row.name, ...indices.map((window) => show(row, window))]),
    raw: rows.map((row) => [row.name, ...indices.map((window) => raw(row, window))]),
  };
}
