/** Interest evolution: domains × windows. */
import type { Evolution } from 'driftscope';
import { THRESHOLDS } from '../state/thresholds';
import type { DomainRow } from './arrange';
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

export type HeatMeasure = 'share' | 'events' | 'relative';

/** Largest ratio to a domain's own mean that the diverging scale tells apart, as a power of two. */
const RELATIVE_LIMIT = 2;

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

function meanShare(row: DomainRow): number {
  let sum = 0;
  for (const share of row.shares) sum += share;
  return row.shares.length > 0 ? sum / row.shares.length : 0;
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
): EChartsOption {
  const { colours, format, t, width } = context;
  const bounds = evolution.windows.bounds;
  const labels = windowLabels(bounds, context);
  const narrow = width < NARROW;
  const data: [number, number, number][] = [];
  let most = 0;
  rows.forEach((row, y) => {
    for (let x = 0; x < labels.length; x += 1) {
      const value = cellValue(row, x, measure);
      data.push([x, y, value]);
      // The sum of all others must not take the scale away from the domains themselves.
      if (row.id !== null) most = Math.max(most, value);
    }
  });
  const zoomed = labels.length > THRESHOLDS.zoomFrom;
  const relative = measure === 'relative';
  const scaleText = relative
    ? [`${2 ** RELATIVE_LIMIT}×`, `1/${2 ** RELATIVE_LIMIT}×`]
    : [measure === 'share' ? format.percent(most) : format.compact(most), '0'];
  const nameWidth = narrow ? 92 : 168;
  return {
    ...baseOption(context),
    animation: false,
    grid: { left: nameWidth + 10, right: narrow ? 6 : 14, top: 8, bottom: zoomed ? 80 : 56 },
    xAxis: {
      type: 'category',
      data: labels,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colours.soft, hideOverlap: true, fontSize: 11, margin: 10 },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map((row) => row.name),
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
      min: relative ? -RELATIVE_LIMIT : 0,
      max: relative ? RELATIVE_LIMIT : most || 1,
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
        emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 2 } },
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
