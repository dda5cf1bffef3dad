/** Forecast: the share of each domain now and in the next window. */
import type { Forecast } from 'driftscope';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';

/** The `top` domains by forecast share; the rest as one entry with id null. */
export function forecastRows(
  forecast: Forecast,
  top: number,
  othersName: string,
): { id: number | null; name: string; now: number; share: number }[] {
  const rows: { id: number | null; name: string; now: number; share: number }[] = forecast.domains
    .slice(0, top)
    .map(({ id, name, now, share }) => ({ id, name, now, share }));
  const rest = forecast.domains.slice(top);
  if (rest.length > 0) {
    const sum = rest.reduce((total, domain) => ({ now: total.now + domain.now, share: total.share + domain.share }), {
      now: 0,
      share: 0,
    });
    rows.push({ id: null, name: othersName, ...sum });
  }
  return rows;
}

/** The leading domain now and next, and those that gain and lose most. */
export function forecastHeadline(forecast: Forecast): {
  next: { name: string; share: number } | null;
  now: string | null;
  gain: { name: string; change: number } | null;
  loss: { name: string; change: number } | null;
} {
  const [next] = forecast.domains;
  if (!next) return { next: null, now: null, gain: null, loss: null };
  let [now, gain, loss] = [next, next, next];
  for (const domain of forecast.domains) {
    if (domain.now > now.now) now = domain;
    if (domain.share - domain.now > gain.share - gain.now) gain = domain;
    if (domain.share - domain.now < loss.share - loss.now) loss = domain;
  }
  const change = (domain: typeof next): { name: string; change: number } => ({
    name: domain.name,
    change: domain.share - domain.now,
  });
  return {
    next: { name: next.name, share: next.share },
    now: now.now > 0 ? now.name : null,
    gain: gain.share > gain.now ? change(gain) : null,
    loss: loss.share < loss.now ? change(loss) : null,
  };
}

export function forecastHeight(rows: number): number {
  return rows * 36 + 76;
}

export function forecastOption(rows: ReturnType<typeof forecastRows>, context: ChartContext): EChartsOption {
  const { colours, format, t, width } = context;
  const narrow = width < NARROW;
  const nameWidth = narrow ? 96 : 180;
  const text = t.forecast;
  return {
    ...baseOption(context),
    grid: { left: nameWidth + 12, right: narrow ? 44 : 64, top: 40, bottom: 24 },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 12,
      itemHeight: 12,
      icon: 'roundRect',
      textStyle: { color: colours.soft, fontFamily: colours.font },
    },
    xAxis: {
      type: 'value',
      axisLabel: {
        color: colours.soft,
        formatter: (value: number) => format.percent(value, 0),
        hideOverlap: true,
        fontSize: 11,
      },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: narrow ? 3 : 5,
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
        margin: 10,
        interval: 0,
        fontSize: narrow ? 11 : 12,
      },
    },
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: colours.line, opacity: 0.35 } },
      formatter: (hits: unknown) => {
        const row = rows[(hits as { dataIndex: number }[])[0]?.dataIndex ?? 0];
        if (!row) return '';
        return tooltipHtml(row.name, [
          { name: text.now, value: format.percent(row.now), colour: colours.rest },
          { name: text.next, value: format.percent(row.share), colour: colours.accent },
          { name: text.change, value: text.points(format.signed((row.share - row.now) * 100, 1)) },
        ]);
      },
    },
    series: [
      {
        type: 'bar',
        name: text.now,
        color: colours.rest,
        barMaxWidth: 9,
        barGap: '25%',
        itemStyle: { borderRadius: [0, 3, 3, 0] },
        data: rows.map((row) => row.now),
      },
      {
        type: 'bar',
        name: text.next,
        color: colours.accent,
        barMaxWidth: 11,
        itemStyle: { borderRadius: [0, 3, 3, 0] },
        label: {
          show: true,
          position: 'right',
          color: colours.ink,
          fontSize: 11,
          formatter: (point: { value: unknown }) => format.percent(Number(point.value)),
        },
        data: rows.map((row) => row.share),
      },
    ],
  };
}

export function forecastTable(
  rows: ReturnType<typeof forecastRows>,
  { format, t }: Pick<ChartContext, 'format' | 't'>,
): ChartTable {
  const text = t.forecast;
  return {
    columns: [
      { name: t.interest.evolution.domain, numeric: false },
      { name: text.now, numeric: true },
      { name: text.next, numeric: true },
      { name: text.change, numeric: true },
    ],
    rows: rows.map((row) => [
      row.name,
      format.percent(row.now),
      format.percent(row.share),
      text.points(format.signed((row.share - row.now) * 100, 1)),
    ]),
    raw: rows.map((row) => [row.name, row.now, row.share, row.share - row.now]),
  };
}
