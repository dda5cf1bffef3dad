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

/** `oneUser`: then there are no active users to count. */
export function activityOption(evolution: Evolution, oneUser: boolean, context: ChartContext): EChartsOption {
  const { colours, format, t, width } = context;
  const bounds = evolution.windows.bounds;
  const labels = windowLabels(bounds, context);
  const zoomed = labels.length > THRESHOLDS.zoomFrom;
  const text = t.interest.activity;
  const axis = { type: 'value' as const, axisLine: { show: false }, axisTick: { show: false }, splitNumber: 3 };
  const axisLabel = { formatter: (value: number) => format.compact(value), fontSize: 11 };
  return {
    ...baseOption(context),
    grid: {
      left: 48,
      right: oneUser ? 12 : width < NARROW ? 40 : 48,
      top: oneUser ? 12 : 40,
      bottom: zoomed ? 56 : 30,
    },
    legend: {
      show: !oneUser,
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
          { name: text.events, value: format.integer(evolution.events[index] ?? 0), colour: colours.rest },
          { name: text.users, value: format.integer(evolution.activeUsers[index] ?? 0), colour: colours.warn },
        ];
        return tooltipHtml(windowSpan(bounds, index, context), oneUser ? rows.slice(0, 1) : rows);
      },
    },
    series: [
      {
        type: 'bar',
        name: text.events,
        color: colours.rest,
        barMaxWidth: 26,
        itemStyle: { borderRadius: [3, 3, 0, 0] },
        data: Array.from(evolution.events),
      },
      ...(oneUser
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
): ChartTable {
  const { format, t } = context;
  const windows = Array.from({ length: Math.max(0, evolution.windows.bounds.length - 1) }, (_, index) => ({
    span: windowSpan(evolution.windows.bounds, index, context),
    events: evolution.events[index] ?? 0,
    users: evolution.activeUsers[index] ?? 0,
  }));
  return {
    columns: [
      { name: t.interest.evolution.windowName, numeric: false },
      { name: t.interest.activity.events, numeric: true },
      ...(oneUser ? [] : [{ name: t.interest.activity.users, numeric: true }]),
    ],
    rows: windows.map((window) => [
      window.span,
      format.integer(window.events),
      ...(oneUser ? [] : [format.integer(window.users)]),
    ]),
    raw: windows.map((window) => [window.span, window.events, ...(oneUser ? [] : [window.users])]),
  };
}
