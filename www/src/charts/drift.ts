/** Drift: how far each window's profile lies from that of the window before, with the turning points marked. */
import type { Drift, Evolution } from 'driftscope';
import { THRESHOLDS } from '../state/thresholds';
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
import { NOTHING, type Highlight } from './highlight';

/** ECharts draws a gap for a dash. */
const orGap = (value: number | undefined): number | '-' =>
  value !== undefined && Number.isFinite(value) ? value : '-';

/**
 * How much of each window's distance is due to some domains: the distance times their part of the Jensen–Shannon divergence,
 * which is a sum over domains. NaN where there is no distance.
 */
export function partOfDrift(drift: Drift, evolution: Evolution, names: readonly string[]): Float64Array {
  const windows = Math.max(0, evolution.windows.bounds.length - 1);
  const share = (row: number, window: number): number => evolution.shares[row * windows + window] ?? 0;
  const chosen = new Set(evolution.domains.flatMap(({ name }, row) => (names.includes(name) ? [row] : [])));
  const parts = new Float64Array(windows).fill(NaN);
  let earlier = -1;
  for (let window = 0; window < windows; window += 1) {
    const active = (evolution.events[window] ?? 0) > 0 && evolution.domains.some((_, row) => share(row, window) > 0);
    if (!active) continue;
    const distance = drift.distance[window] ?? NaN;
    if (earlier >= 0 && Number.isFinite(distance)) {
      let [all, own] = [0, 0];
      for (let row = 0; row < evolution.domains.length; row += 1) {
        const term = divergence(share(row, earlier), share(row, window));
        all += term;
        if (chosen.has(row)) own += term;
      }
      parts[window] = all > 0 ? (distance * own) / all : 0;
    }
    earlier = window;
  }
  return parts;
}

/** One domain's term of the Jensen–Shannon divergence, in bits. */
function divergence(p: number, q: number): number {
  const middle = (p + q) / 2;
  const term = (share: number): number => (share > 0 ? share * Math.log2(share / middle) : 0);
  return (term(p) + term(q)) / 2;
}

export interface DriftLook {
  highlight: Highlight;
  /** What the selected domains account for, as `partOfDrift` says, with their name. */
  part: { name: string; values: Float64Array } | null;
}

export function driftOption(
  drift: Drift,
  oneUser: boolean,
  context: ChartContext,
  { highlight, part }: DriftLook = { highlight: NOTHING, part: null },
): EChartsOption {
  const { colours, format, t, width } = context;
  const bounds = drift.windows.bounds;
  const labels = windowLabels(bounds, context);
  const text = t.interest.drift;
  const narrow = width < NARROW;
  const zoomed = labels.length > THRESHOLDS.zoomFrom;
  const together = oneUser ? text.ofUser : text.together;
  const series = [{ name: together, values: drift.distance, colour: colours.accent, width: 2.5 }];
  if (!oneUser) series.push({ name: text.mean, values: drift.meanUserDistance, colour: colours.faint, width: 1.5 });
  if (part) series.push({ name: part.name, values: part.values, colour: colours.warn, width: 2 });
  const scores = new Map(drift.changePoints.map((point) => [point.window, point.score]));
  return {
    ...baseOption(context),
    grid: { left: 44, right: narrow ? 8 : 18, top: 44, bottom: zoomed ? 56 : 30 },
    legend: {
      show: series.length > 1,
      top: 0,
      left: 0,
      itemWidth: 16,
      itemHeight: 3,
      icon: 'roundRect',
      textStyle: { color: colours.soft, fontFamily: colours.font },
    },
    xAxis: {
      type: 'category',
      data: labels,
      boundaryGap: false,
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { color: colours.soft, hideOverlap: true, fontSize: 11 },
      triggerEvent: true,
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: (range: { max: number }) => Math.min(1, Math.max(0.1, Math.ceil(range.max * 11) / 10)),
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.soft, formatter: (value: number) => format.decimal(value, 2), fontSize: 11 },
    },
    dataZoom: zoomBar(context, labels.length, THRESHOLDS.zoomFrom),
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'axis',
      formatter: (points: unknown) => {
        const index = (points as { dataIndex: number }[])[0]?.dataIndex ?? 0;
        const rows = series.map(({ name, values, colour }) => ({
          name,
          value: format.fixed(values[index] ?? NaN, 3),
          colour,
        }));
        const score = scores.get(index);
        if (score !== undefined)
          rows.push({ name: text.change, value: format.decimal(score, 1), colour: colours.warn });
        return tooltipHtml(windowSpan(bounds, index, context), rows);
      },
    },
    series: series.map(({ name, values, colour, width: lineWidth }, at) => ({
      type: 'line',
      name,
      data: Array.from(values, orGap),
      color: colour,
      lineStyle: { color: colour, width: lineWidth },
      showSymbol: labels.length < 30,
      symbol: 'circle',
      symbolSize: at === 0 ? 6 : 4,
      connectNulls: true,
      ...(at === 0
        ? {
            areaStyle: { color: colour, opacity: 0.08 },
            markLine: {
              silent: true,
              symbol: ['none', 'triangle'],
              symbolSize: 9,
              lineStyle: { color: colours.warn, type: 'dashed' as const, width: 1.5 },
              // The list above the chart names the turning points; here their names would lie over each other.
              label: { show: false },
              data: [
                ...drift.changePoints.map((point) => ({ xAxis: point.window })),
                ...highlight.windows.map((window) => ({
                  xAxis: window,
                  symbol: ['none', 'none'],
                  lineStyle: { color: colours.accent, type: 'solid' as const, width: 2 },
                })),
              ],
            },
          }
        : {}),
    })),
  };
}

export function driftTable(
  drift: Drift,
  oneUser: boolean,
  context: Pick<ChartContext, 'format' | 'zone' | 't'>,
  part: DriftLook['part'] = null,
): ChartTable {
  const { format, t } = context;
  const text = t.interest.drift;
  const scores = new Map(drift.changePoints.map((point) => [point.window, point.score]));
  const windows = Math.max(0, drift.windows.bounds.length - 1);
  const rows = Array.from({ length: windows }, (_, window) => ({
    span: windowSpan(drift.windows.bounds, window, context),
    distance: drift.distance[window] ?? NaN,
    mean: drift.meanUserDistance[window] ?? NaN,
    part: part?.values[window] ?? NaN,
    score: scores.get(window) ?? NaN,
  }));
  const mean = !oneUser;
  return {
    columns: [
      { name: t.interest.evolution.windowName, numeric: false },
      { name: oneUser ? text.ofUser : text.together, numeric: true },
      ...(mean ? [{ name: text.mean, numeric: true }] : []),
      ...(part ? [{ name: part.name, numeric: true }] : []),
      { name: `${text.change} (${text.score})`, numeric: true },
    ],
    rows: rows.map((row) => [
      row.span,
      format.fixed(row.distance, 3),
      ...(mean ? [format.fixed(row.mean, 3)] : []),
      ...(part ? [format.fixed(row.part, 3)] : []),
      format.decimal(row.score, 1),
    ]),
    raw: rows.map((row) => [
      row.span,
      row.distance,
      ...(mean ? [row.mean] : []),
      ...(part ? [row.part] : []),
      row.score,
    ]),
  };
}
