/** Activity: events and active users in each window. */
import type { Evolution } from 'driftscope';
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
import { FADED, isWindowLit, NOTHING, type Highlight } from './highlight';

/** The weighted events of some domains in each window. */
export function eventsOf(evolution: Evolution, names: readonly string[]): number[] {
  const windows = Math.max(0, evolution.windows.bounds.length - 1);
  const sums = new Array<number>(windows).fill(0);
  evolution.domains.forEach(({ name }, row) => {
    if (!names.includes(name)) return;
    for (let at = 0; at < windows; at += 1) sums[at] = (sums[at] ?? 0) + (evolution.weights[row * windows + at] ?? 0);
  });
  return sums;
}

/** The bars: all events, or, where domains are selected, the weighted events in these. */
function barsOf(evolution: Evolution, { domains }: Highlight, t: ChartContext['t'], format: ChartContext['format']) {
  if (domains.length === 0) return { name: t.interest.activity.events, values: Array.from(evolution.events) };
  return { name: t.explore.eventsIn(format.list(domains)), values: eventsOf(evolution, domains) };
}

/** `oneUser`: then, as for selected domains, there are no active users to count. */
export function activityOption(
  evolution: Evolution,
  oneUser: boolean,
  context: ChartContext,
  highlight: Highlight = NOTHING,
): EChartsOption {
  const { colours, format, t, width } = context;
  const bounds = evolution.windows.bounds;
  const labels = windowLabels(bounds, context);
  const zoomed = labels.length > THRESHOLDS.zoomFrom;
  const text = t.interest.activity;
  const bars = barsOf(evolution, highlight, t, format);
  const barsOnly = oneUser || highlight.domains.length > 0;
  const legend = !oneUser || highlight.domains.length > 0;
  const barColour = highlight.domains.length > 0 ? colours.accent : colours.rest;
  const axis = { type: 'value' as const, axisLine: { show: false }, axisTick: { show: false }, splitNumber: 3 };
  const axisLabel = { formatter: (value: number) => format.compact(value), fontSize: 11 };
  return {
    ...baseOption(context),
    grid: {
      left: 48,
      right: barsOnly ? 12 : width < NARROW ? 40 : 48,
      top: legend ? 40 : 12,
      bottom: zoomed ? 56 : 30,
    },
    legend: {
      show: legend,
      top: 0,
      left: 0,
      itemWidth: 14,
      itemHeight: 8,
      icon: 'roundRect',
      textStyle: { color: colours.soft, fontFamily: colours.font },
    },
    xAxis: {
      type: 'category',
      data: labels,
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { color: colours.soft, hideOverlap: true, fontSize: 11 },
      triggerEvent: true,
    },
    yAxis: [
      { ...axis, splitLine: { lineStyle: { color: colours.line } }, axisLabel: { ...axisLabel, color: colours.soft } },
      { ...axis, splitLine: { show: false }, axisLabel: { ...axisLabel, color: colours.warn } },
    ],
    dataZoom: zoomBar(context, labels.length, THRESHOLDS.zoomFrom),
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'axis',
      formatter: (hits: unknown) => {
        const index = (hits as { dataIndex: number }[])[0]?.dataIndex ?? 0;
        const rows = [
          { name: bars.name, value: format.decimal(bars.values[index] ?? 0, 1), colour: barColour },
          { name: text.users, value: format.integer(evolution.activeUsers[index] ?? 0), colour: colours.warn },
        ];
        return tooltipHtml(windowSpan(bounds, index, context), barsOnly ? rows.slice(0, 1) : rows);
      },
    },
    series: [
      {
        type: 'bar',
        name: bars.name,
        color: barColour,
        barMaxWidth: 26,
        itemStyle: { borderRadius: [3, 3, 0, 0] },
        data: bars.values.map((value, window) =>
          isWindowLit(highlight, window) ? value : { value, itemStyle: { opacity: 2 * FADED } },
        ),
      },
      ...(barsOnly
        ? []
        : [
            {
              type: 'line' as const,
              name: text.users,
              yAxisIndex: 1,
              color: colours.warn,
              lineStyle: { width: 2 },
              symbol: 'circle',
              symbolSize: 5,
              showSymbol: labels.length < 30,
              data: Array.from(evolution.activeUsers),
            },
          ]),
    ],
  };
}

export function activityTable(
  evolution: Evolution,
  oneUser: boolean,
  context: Pick<ChartContext, 'format' | 'zone' | 't'>,
  highlight: Highlight = NOTHING,
): ChartTable {
  const { format, t } = context;
  const bars = barsOf(evolution, highlight, t, format);
  const users = !oneUser && highlight.domains.length === 0;
  const windows = bars.values.map((events, index) => ({
    span: windowSpan(evolution.windows.bounds, index, context),
    events,
    users: evolution.activeUsers[index] ?? 0,
  }));
  return {
    columns: [
      { name: t.interest.evolution.windowName, numeric: false },
      { name: bars.name, numeric: true },
      ...(users ? [{ name: t.interest.activity.users, numeric: true }] : []),
    ],
    rows: windows.map((window) => [
      window.span,
      format.decimal(window.events, 1),
      ...(users ? [format.integer(window.users)] : []),
    ]),
    raw: windows.map((window) => [window.span, window.events, ...(users ? [window.users] : [])]),
  };
}
