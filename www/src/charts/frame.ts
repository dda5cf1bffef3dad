/** What every chart shares: its context, its table twin, its tooltip and its axes. */
import type { EChartsOption } from 'echarts';
import { format as echartsFormat } from 'echarts/core';
import type { Format } from '../i18n/format';
import type { Messages } from '../i18n/en';
import type { ChartColours } from './colours';

export type { EChartsOption };

export interface ChartContext {
  colours: ChartColours;
  format: Format;
  t: Messages;
  /** Width of the drawing in CSS pixels. */
  width: number;
  /** IANA zone in which windows are named. */
  zone: string;
}

/** Rows of a table: an array, or, where there may be a million cells, rows that are made when they are asked for. */
export interface Rows<T> {
  readonly length: number;
  slice(from?: number, to?: number): T[];
}

/** Rows that are made when they are asked for. */
export const rowsOf = <T>(length: number, make: (index: number) => T): Rows<T> => ({
  length,
  slice: (from = 0, to = length) =>
    Array.from({ length: Math.max(0, Math.min(to, length) - from) }, (_, index) => make(from + index)),
});

/** The same numbers as a chart, to be read or downloaded. */
export interface TableView {
  columns: { name: string; numeric: boolean }[];
  /** Cells as shown. */
  rows: Rows<string[]>;
  /** Cells as computed, for the download; same shape. */
  raw: Rows<(string | number)[]>;
  /** One cell as shown, where a row has so many that making all of them for a few would be felt. */
  cell?: (row: number, column: number) => string;
}

/** One that is small enough to be made at once. */
export interface ChartTable extends TableView {
  rows: string[][];
  raw: (string | number)[][];
}

/** What a click means: a part of the chart, as ECharts names it. */
export interface ChartPick {
  /** `series`, `xAxis`, `yAxis`, or `plot` for the empty part of a window (`index`). */
  component: string;
  /** Name of the data item, where it has one. */
  name: string;
  value: unknown;
  data: unknown;
  /** Place of the data item; of an axis' label, its place on the axis. */
  index: number;
  /** Whether Shift was held. */
  shift: boolean;
}

/** Something in the table twin that can be selected as it can be in the chart. */
export interface TablePick {
  on: boolean;
  act: () => void;
}
/** By row and by column; null where there is nothing to select. */
export interface TablePicks {
  row?: (row: number) => TablePick | null;
  column?: (column: number) => TablePick | null;
}

/** How to read a chart, what its words mean, and how its numbers are computed. */
export interface HelpText {
  read: string;
  terms: readonly { term: string; text: string }[];
  formula: readonly string[];
}

export const NARROW = 560;

/** Text that ECharts will insert as HTML: names come from the log and must never be markup. */
export const escape = (text: string): string => echartsFormat.encodeHTML(text);

/** A tooltip: a heading and rows of a name and a value, with a mark in the series' colour. */
export function tooltipHtml(title: string, rows: { name: string; value: string; colour?: string }[]): string {
  const body = rows
    .map(({ name, value, colour }) => {
      const mark = colour ? `<i class="chart-tip-mark" style="background:${escape(colour)}"></i>` : '';
      return `<div class="chart-tip-row"><span>${mark}${escape(name)}</span><b>${escape(value)}</b></div>`;
    })
    .join('');
  return `<div class="chart-tip"><strong>${escape(title)}</strong>${body}</div>`;
}

/** Options that every chart starts from. */
export function baseOption({ colours }: ChartContext): EChartsOption {
  return {
    backgroundColor: 'transparent',
    textStyle: { fontFamily: colours.font, color: colours.soft, fontSize: 12 },
    animationDuration: 350,
    animationDurationUpdate: 250,
    tooltip: {
      confine: true,
      backgroundColor: colours.raised,
      borderColor: colours.line,
      padding: 0,
      textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 13 },
      extraCssText: 'border-radius:10px;box-shadow:var(--shadow-raised);max-width:min(22rem,80vw);white-space:normal',
    },
  };
}

/** From which span, in seconds, an axis of time tells the year at every tick: of a year's ticks only some are drawn. */
const LONG = 1.5 * 365 * 86_400;
/** From which length, in seconds, a window is told from others by its month. */
const SEASON = 60 * 86_400;

/** A moment on an axis of time from `first` to `last`, all in Unix seconds. */
export function timeTick(
  time: number,
  [first, last]: readonly [number, number],
  { format, zone }: Pick<ChartContext, 'format' | 'zone'>,
): string {
  return last - first > LONG ? format.month(time, zone) : format.shortDay(time, zone);
}

/** Names of windows for an axis: the year is told where it changes, over several years with each of them. */
export function windowLabels(
  bounds: ArrayLike<number>,
  { format, zone }: Pick<ChartContext, 'format' | 'zone'>,
): string[] {
  const year = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric' });
  const labels: string[] = [];
  const [first = NaN, second = NaN] = [bounds[0], bounds[1]];
  const isLong = (bounds[bounds.length - 1] ?? NaN) - first > LONG;
  const bySeason = isLong && second - first >= SEASON;
  let last = '';
  for (let index = 0; index + 1 < bounds.length; index += 1) {
    const start = bounds[index] ?? NaN;
    const own = Number.isFinite(start) ? year.format(new Date(start * 1000)) : '';
    if (bySeason) labels.push(format.month(start, zone));
    else labels.push(own === last && !isLong ? format.shortDay(start, zone) : format.day(start, zone));
    last = own;
  }
  return labels;
}

/** The whole span of a window, for tooltips and tables. */
export function windowSpan(
  bounds: ArrayLike<number>,
  index: number,
  { format, zone }: Pick<ChartContext, 'format' | 'zone'>,
): string {
  return format.span(bounds[index] ?? NaN, bounds[index + 1] ?? NaN, zone);
}

/** A zoom bar in time, where there are more windows than fit. */
export function zoomBar({ colours }: ChartContext, windows: number, from: number): EChartsOption['dataZoom'] {
  if (windows <= from) return [];
  return [
    {
      type: 'slider',
      xAxisIndex: 0,
      height: 18,
      bottom: 4,
      borderColor: 'transparent',
      backgroundColor: 'transparent',
      fillerColor: colours.line,
      handleStyle: { color: colours.accent, borderColor: colours.accent },
      moveHandleSize: 0,
      showDetail: false,
      brushSelect: false,
    },
  ];
}
