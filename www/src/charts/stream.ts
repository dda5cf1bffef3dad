/** The second view of interest evolution: each domain a layer whose thickness is its share or its weighted events. */
import type { Evolution } from 'driftscope';
import { color } from 'echarts/core';
import type { DomainRow } from './arrange';
import { domainColour } from './colours';
import { baseOption, NARROW, timeTick, tooltipHtml, windowSpan, type ChartContext, type EChartsOption } from './frame';
import { FADED, isDomainLit, NOTHING, type Highlight } from './highlight';

/** Layers that a tooltip lists; the selected ones come first. */
const LISTED = 8;

export const STREAM_HEIGHT = 460;

const keyOf = ({ id }: DomainRow): string => String(id ?? 'others');

/** The row of a layer that was clicked, by the name that the chart gives. */
export const streamPick = (rows: readonly DomainRow[], name: unknown): DomainRow | null =>
  rows.find((row) => keyOf(row) === name) ?? null;

export function streamOption(
  evolution: Evolution,
  rows: readonly DomainRow[],
  measure: 'share' | 'events',
  context: ChartContext,
  highlight: Highlight = NOTHING,
): EChartsOption {
  const { colours, format, width } = context;
  const bounds = evolution.windows.bounds;
  const windows = Math.max(0, bounds.length - 1);
  const narrow = width < NARROW;
  const valueOf = (row: DomainRow, window: number): number =>
    (measure === 'share' ? row.shares[window] : row.weights[window]) ?? 0;
  const write = (value: number): string => (measure === 'share' ? format.percent(value) : format.decimal(value, 1));
  // Layers touch each other: beyond the palette its colours come again, paler, where other charts take grey.
  const { categories } = colours;
  const layerColour = ({ rank }: DomainRow): string => {
    const again = rank >= categories.length ? categories[rank % categories.length] : undefined;
    return (again && color.modifyAlpha(again, 0.5)) ?? domainColour(colours, rank);
  };
  const inkOf = (row: DomainRow): string => {
    const ink = layerColour(row);
    return isDomainLit(highlight, row.name) ? ink : (color.modifyAlpha(ink, FADED) ?? ink);
  };
  // A layer's points stand at the beginning of their windows; the last one lasts to the end.
  const start = (window: number): number => (bounds[window] ?? 0) * 1000;
  const windowAt = new Map(Array.from({ length: windows }, (_, window) => [start(window), window]));
  const named = new Map(rows.map((row) => [keyOf(row), row]));
  return {
    ...baseOption(context),
    animation: false,
    color: rows.map(inkOf),
    legend: {
      type: 'scroll',
      top: 0,
      left: 0,
      right: 0,
      itemWidth: 12,
      itemHeight: 12,
      icon: 'roundRect',
      selectedMode: false,
      pageIconSize: 11,
      pageIconColor: colours.accent,
      pageIconInactiveColor: colours.line,
      pageTextStyle: { color: colours.soft },
      textStyle: { color: colours.soft, fontFamily: colours.font },
      data: rows.map(keyOf),
      formatter: (key: string) => named.get(key)?.name ?? '',
    },
    singleAxis: {
      type: 'time',
      top: 44,
      bottom: 34,
      left: narrow ? 10 : 24,
      right: narrow ? 10 : 24,
      min: start(0),
      max: start(Math.max(0, windows - 1)),
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: colours.soft,
        fontSize: 11,
        hideOverlap: true,
        alignMinLabel: 'left',
        alignMaxLabel: 'right',
        formatter: (time: number) =>
          timeTick(time / 1000, [start(0) / 1000, start(Math.max(0, windows - 1)) / 1000], context),
      },
      axisPointer: { show: true, label: { show: false }, lineStyle: { color: colours.soft } },
    },
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'axis',
      formatter: (hits: unknown) => {
        const [hit] = hits as { value: [number | string, number, string] }[];
        const window = windowAt.get(Number(hit?.value[0]));
        if (window === undefined) return '';
        const picked = rows.filter(({ name }) => highlight.domains.includes(name));
        const largest = rows
          .filter((row) => !picked.includes(row))
          .sort((a, b) => valueOf(b, window) - valueOf(a, window));
        const listed = [...picked, ...largest].slice(0, LISTED).map((row) => ({
          name: row.name,
          value: write(valueOf(row, window)),
          colour: layerColour(row),
        }));
        return tooltipHtml(windowSpan(bounds, window, context), listed);
      },
    },
    series: [
      {
        type: 'themeRiver',
        boundaryGap: ['2%', '2%'],
        label: { show: false },
        itemStyle: { borderColor: colours.surface, borderWidth: 0.75 },
        emphasis: { focus: 'self', itemStyle: { borderColor: colours.ink } },
        data: rows.flatMap((row) =>
          Array.from({ length: windows }, (_, window): [number, number, string] => [
            start(window),
            valueOf(row, window),
            keyOf(row),
          ]),
        ),
      },
    ],
  };
}
