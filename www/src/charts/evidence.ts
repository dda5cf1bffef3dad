/** Evidence: what each group of a user's events does to a forecast share, to the right for, to the left against. */
import type { Explanation } from 'driftscope';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';

type Evidence = Explanation['events'][number];

/** A group in words: its domain and the days that it spans. */
export function groupName(group: Evidence, { format, t, zone }: Pick<ChartContext, 'format' | 't' | 'zone'>): string {
  const domain = group.domain === null ? t.explain.otherDomains : group.name;
  return t.explain.groupName(domain, format.shortDay(group.firstTime, zone), format.shortDay(group.lastTime, zone));
}

export function evidenceHeight(groups: number): number {
  return groups * 30 + 48;
}

export function evidenceOption(groups: Evidence[], context: ChartContext): EChartsOption {
  const { colours, format, t, width } = context;
  const nameWidth = width < NARROW ? 120 : 250;
  const points = (effect: number): string => t.explain.points(format.signed(effect * 100, 1));
  return {
    ...baseOption(context),
    grid: { left: nameWidth + 12, right: 64, top: 8, bottom: 28 },
    xAxis: {
      type: 'value',
      axisLabel: {
        color: colours.soft,
        formatter: (value: number) => format.signed(value * 100, 0),
        hideOverlap: true,
      },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: width < NARROW ? 3 : 5,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: groups.map((group) => groupName(group, context)),
      axisLine: { onZero: true, lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { color: colours.ink, width: nameWidth, overflow: 'truncate', interval: 0, fontSize: 12 },
      // Names stay at the left edge, whichever way the bars go.
      position: 'left',
      offset: 0,
    },
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (hit: unknown) => {
        const group = groups[(hit as { dataIndex: number }).dataIndex];
        if (!group) return '';
        return tooltipHtml(groupName(group, context), [
          { name: t.explain.effect, value: points(group.effect) },
          { name: t.explain.count, value: format.integer(group.events) },
          { name: t.explain.items, value: group.items.join(', ') },
        ]);
      },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 14,
        label: {
          show: true,
          position: 'right',
          color: colours.ink,
          fontSize: 11,
          formatter: (point: { value: unknown }) => points(Number(point.value)),
        },
        data: groups.map((group) => ({
          value: group.effect,
          itemStyle: { color: group.effect >= 0 ? colours.accent : colours.rest, borderRadius: 3 },
        })),
      },
    ],
  };
}

export function evidenceTable(groups: Evidence[], context: Pick<ChartContext, 'format' | 't' | 'zone'>): ChartTable {
  const { format, t } = context;
  const text = t.explain;
  return {
    columns: [
      { name: text.group, numeric: false },
      { name: text.count, numeric: true },
      { name: text.items, numeric: false },
      { name: text.effect, numeric: true },
    ],
    rows: groups.map((group) => [
      groupName(group, context),
      format.integer(group.events),
      group.items.join(', '),
      text.points(format.signed(group.effect * 100, 1)),
    ]),
    raw: groups.map((group) => [groupName(group, context), group.events, group.items.join(', '), group.effect]),
  };
}
