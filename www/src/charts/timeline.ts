/** One user's events: a lane for each domain, time from left to right, the kind of event as a shape. */
import type { UserEvents } from 'driftscope';
import { THRESHOLDS } from '../state/thresholds';
import {
  baseOption,
  NARROW,
  timeTick,
  tooltipHtml,
  type ChartContext,
  type ChartTable,
  type EChartsOption,
} from './frame';
import { FADED, NOTHING, type Highlight } from './highlight';

/** Shapes that stay apart without colour, by the order of the kinds. */
const SHAPES = ['circle', 'diamond', 'triangle', 'rect', 'pin', 'arrow', 'roundRect'];

/** The user's largest domains, then what the others and the events without a domain share. */
export interface Lanes {
  /** Names from top to bottom. */
  names: string[];
  /** The lane of each event. */
  of: number[];
}

export function lanesOf(events: UserEvents, top: number, othersName: string, noDomainName: string): Lanes {
  const names = events.domainNames.slice(0, top);
  const others = events.domainNames.length > names.length ? names.push(othersName) - 1 : -1;
  const without = events.domains.some((domain) => domain < 0) ? names.push(noDomainName) - 1 : -1;
  const of = Array.from(events.domains, (domain) => (domain < 0 ? without : domain < top ? domain : others));
  return { names, of };
}

export function timelineHeight(lanes: Lanes): number {
  return Math.max(150, lanes.names.length * 30) + 108;
}

const itemName = (events: UserEvents, index: number): string => {
  const item = events.itemNames[events.items[index] ?? -1];
  return item ? (item.title ?? item.name) : '–';
};

/** A kind as people call it; a log may have others, under their own name. */
export const kindName = (t: ChartContext['t'], kind: string): string =>
  new Map(Object.entries(t.codes.kinds)).get(kind) ?? kind;

export function timelineOption(
  events: UserEvents,
  lanes: Lanes,
  context: ChartContext,
  look: { highlight: Highlight; bounds: ArrayLike<number> } = { highlight: NOTHING, bounds: [] },
): EChartsOption {
  const { colours, format, t, width, zone } = context;
  const narrow = width < NARROW;
  const nameWidth = narrow ? 92 : 168;
  const { times } = events;
  const many = times.length > THRESHOLDS.manyEvents;
  const { domains, windows } = look.highlight;
  const windowLit = (time: number): boolean =>
    windows.length === 0 ||
    windows.some((window) => time >= (look.bounds[window] ?? NaN) && time < (look.bounds[window + 1] ?? NaN));
  const isLit = (index: number): boolean => {
    const own = events.domainNames[events.domains[index] ?? -1];
    return (
      (domains.length === 0 || (own !== undefined && domains.includes(own))) && windowLit(events.times[index] ?? 0)
    );
  };
  const points = Array.from(events.times, (time, index) => {
    const value = [time * 1000, lanes.of[index] ?? 0, index];
    return isLit(index) ? { value } : { value, itemStyle: { opacity: FADED / 2 } };
  });
  return {
    ...baseOption(context),
    animation: false,
    grid: { left: nameWidth + 10, right: narrow ? 10 : 18, top: 40, bottom: 64 },
    legend: {
      top: 0,
      left: 0,
      type: 'scroll',
      itemWidth: 12,
      itemHeight: 12,
      textStyle: { color: colours.soft, fontFamily: colours.font },
      pageIconSize: 11,
      pageIconColor: colours.accent,
      pageIconInactiveColor: colours.line,
      pageTextStyle: { color: colours.soft },
    },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: colours.line, type: 'dashed' } },
      axisLabel: {
        color: colours.soft,
        fontSize: 11,
        hideOverlap: true,
        formatter: (time: number) => timeTick(time / 1000, [times[0] ?? 0, times[times.length - 1] ?? 0], context),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: lanes.names,
      triggerEvent: true,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: colours.line } },
      axisLabel: {
        color: colours.ink,
        width: nameWidth,
        overflow: 'truncate',
        fontSize: narrow ? 11 : 12,
        interval: 0,
        margin: 10,
      },
    },
    dataZoom: [
      {
        type: 'slider',
        xAxisIndex: 0,
        height: 18,
        bottom: 8,
        borderColor: 'transparent',
        backgroundColor: colours.line,
        fillerColor: colours.line,
        handleStyle: { color: colours.accent, borderColor: colours.accent },
        moveHandleSize: 0,
        showDetail: false,
        brushSelect: false,
      },
    ],
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const index = (point as { value?: number[] }).value?.[2] ?? -1;
        return tooltipHtml(itemName(events, index), [
          { name: kindName(t, events.kindNames[events.kinds[index] ?? -1] ?? ''), value: '' },
          { name: t.explore.timeline.when, value: format.moment(events.times[index] ?? NaN, zone) },
          { name: t.interest.evolution.domain, value: events.domainNames[events.domains[index] ?? -1] ?? '–' },
        ]);
      },
    },
    series: events.kindNames.map((kind, place) => ({
      type: 'scatter',
      name: kindName(t, kind),
      symbol: SHAPES[place % SHAPES.length],
      symbolSize: many ? 6 : 10,
      color: colours.categories[place % colours.categories.length],
      itemStyle: { opacity: many ? 0.55 : 0.8, borderColor: colours.surface, borderWidth: many ? 0 : 0.5 },
      data: points.filter((_, index) => events.kinds[index] === place),
    })),
  };
}

/** The domain and the time of a clicked event. */
export function timelinePick(events: UserEvents, value: unknown): { domain: string | null; time: number } | null {
  const index = Array.isArray(value) ? Number(value[2]) : NaN;
  const time = events.times[index];
  return time === undefined ? null : { domain: events.domainNames[events.domains[index] ?? -1] ?? null, time };
}

export function timelineTable(
  events: UserEvents,
  { format, t, zone }: Pick<ChartContext, 'format' | 't' | 'zone'>,
): ChartTable {
  const text = t.explore.timeline;
  const rows = Array.from(events.times, (time, index) => ({
    time,
    kind: kindName(t, events.kindNames[events.kinds[index] ?? -1] ?? ''),
    domain: events.domainNames[events.domains[index] ?? -1] ?? '–',
    item: itemName(events, index),
  }));
  return {
    columns: [
      { name: text.when, numeric: false },
      { name: text.kind, numeric: false },
      { name: t.interest.evolution.domain, numeric: false },
      { name: text.item, numeric: false },
    ],
    rows: rows.map((row) => [format.moment(row.time, zone), row.kind, row.domain, row.item]),
    raw: rows.map((row) => [new Date(row.time * 1000).toISOString(), row.kind, row.domain, row.item]),
  };
}
