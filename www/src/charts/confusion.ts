/** The confusion matrix: what came (rows) against what was ranked first (columns). */
import type { Confusion } from 'driftscope';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';

/** Cells with their share of the row; the last row and column are all other domains. Rows without a case are left out. */
export function confusionCells(
  { domains, counts }: Confusion,
  othersName: string,
): { names: string[]; rows: { name: string; cells: { count: number; share: number }[] }[] } {
  const names = [...domains.map(({ name }) => name), othersName];
  const rows = names.map((name, row) => {
    const own = counts.slice(row * names.length, (row + 1) * names.length);
    const sum = own.reduce((total, count) => total + count, 0);
    return { name, sum, cells: own.map((count) => ({ count, share: sum > 0 ? count / sum : 0 })) };
  });
  return { names, rows: rows.filter(({ sum }) => sum > 0).map(({ name, cells }) => ({ name, cells })) };
}

export function confusionHeight({ domains }: Confusion): number {
  return (domains.length + 1) * 28 + 130;
}

export function confusionOption(confusion: Confusion, context: ChartContext): EChartsOption {
  const { colours, format, t, width } = context;
  const { names, rows } = confusionCells(confusion, t.app.others);
  const narrow = width < NARROW;
  const nameWidth = narrow ? 84 : 150;
  const text = t.judged;
  const axisLabel = { color: colours.soft, fontSize: 11, width: nameWidth, overflow: 'truncate' as const, interval: 0 };
  return {
    ...baseOption(context),
    grid: { left: nameWidth + 34, right: 12, top: 8, bottom: 104 },
    xAxis: {
      type: 'category',
      data: names,
      name: text.forecast,
      nameLocation: 'middle',
      nameGap: 84,
      nameTextStyle: { color: colours.soft, fontSize: 11 },
      axisLabel: { ...axisLabel, rotate: 40, width: 92 },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => name),
      name: text.came,
      nameLocation: 'middle',
      nameGap: nameWidth + 14,
      nameTextStyle: { color: colours.soft, fontSize: 11 },
      axisLabel,
      axisLine: { show: false },
      axisTick: { show: false },
    },
    visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: colours.heat } },
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const [column, row] = (point as { value: [number, number, number] }).value;
        const cell = rows[row]?.cells[column];
        return tooltipHtml(`${rows[row]?.name ?? ''} → ${names[column] ?? ''}`, [
          { name: text.cases, value: format.integer(cell?.count ?? 0) },
          { name: text.ofRow, value: format.percent(cell?.share ?? 0) },
        ]);
      },
    },
    series: [
      {
        type: 'heatmap',
        data: rows.flatMap(({ cells }, row) => cells.map(({ share }, column) => [column, row, share])),
        itemStyle: { borderColor: colours.surface, borderWidth: 2, borderRadius: 3 },
      },
    ],
  };
}

export function confusionTable(confusion: Confusion, { format, t }: Pick<ChartContext, 'format' | 't'>): ChartTable {
  const { names, rows } = confusionCells(confusion, t.app.others);
  return {
    columns: [
      { name: `${t.judged.came} \\ ${t.judged.forecast}`, numeric: false },
      ...names.map((name) => ({ name, numeric: true })),
    ],
    rows: rows.map(({ name, cells }) => [name, ...cells.map(({ count }) => format.integer(count))]),
    raw: rows.map(({ name, cells }) => [name, ...cells.map(({ count }) => count)]),
  };
}
