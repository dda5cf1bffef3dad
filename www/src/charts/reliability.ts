/** The reliability diagram: how often a forecast was right against how sure it was (Guo et al. 2017). */
import type { ReliabilityBin } from 'driftscope';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';

/** The bins that hold a forecast. */
const filled = (bins: readonly ReliabilityBin[]): ReliabilityBin[] => bins.filter(({ count }) => count > 0);

export function reliabilityOption(all: readonly ReliabilityBin[], context: ChartContext): EChartsOption {
  const { colours, format, t, width } = context;
  const bins = filled(all);
  const text = t.judged;
  const most = Math.max(...bins.map(({ count }) => count), 1);
  const axis = {
    type: 'value' as const,
    min: 0,
    max: 1,
    axisLabel: { color: colours.soft, fontSize: 11, formatter: (value: number) => format.percent(value, 0) },
    nameTextStyle: { color: colours.soft, fontSize: 11 },
    nameLocation: 'middle' as const,
    splitLine: { lineStyle: { color: colours.line } },
  };
  return {
    ...baseOption(context),
    grid: { left: 64, right: width < NARROW ? 12 : 24, top: 36, bottom: 52 },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 16,
      itemHeight: 3,
      icon: 'roundRect',
      textStyle: { color: colours.soft, fontFamily: colours.font },
    },
    xAxis: { ...axis, name: text.sure, nameGap: 30 },
    yAxis: { ...axis, name: text.right, nameGap: 46 },
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const { seriesIndex, dataIndex } = point as { seriesIndex: number; dataIndex: number };
        const bin = seriesIndex === 1 ? bins[dataIndex] : undefined;
        if (!bin) return tooltipHtml(text.perfect, []);
        return tooltipHtml(`${format.percent(bin.low, 0)} – ${format.percent(bin.high, 0)}`, [
          { name: text.sure, value: format.percent(bin.confidence) },
          { name: text.right, value: format.percent(bin.accuracy) },
          { name: text.cases, value: format.integer(bin.count) },
        ]);
      },
    },
    series: [
      {
        type: 'line',
        name: text.perfect,
        data: [
          [0, 0],
          [1, 1],
        ],
        color: colours.faint,
        lineStyle: { color: colours.faint, type: 'dashed', width: 1.5 },
        symbol: 'none',
        silent: true,
      },
      {
        type: 'line',
        name: text.model,
        data: bins.map(({ confidence, accuracy }) => [confidence, accuracy]),
        color: colours.accent,
        lineStyle: { color: colours.accent, width: 2.5 },
        symbol: 'circle',
        // A larger point rests on more forecasts.
        symbolSize: (_: unknown, params: { dataIndex: number }) =>
          6 + 14 * Math.sqrt((bins[params.dataIndex]?.count ?? 0) / most),
      },
    ],
  };
}

export function reliabilityTable(
  all: readonly ReliabilityBin[],
  { format, t }: Pick<ChartContext, 'format' | 't'>,
): ChartTable {
  const text = t.judged;
  const bins = filled(all);
  const span = ({ low, high }: ReliabilityBin): string => `${format.percent(low, 0)} – ${format.percent(high, 0)}`;
  return {
    columns: [
      { name: text.bin, numeric: false },
      { name: text.cases, numeric: true },
      { name: text.sure, numeric: true },
      { name: text.right, numeric: true },
    ],
    rows: bins.map((bin) => [
      span(bin),
      format.integer(bin.count),
      format.percent(bin.confidence),
      format.percent(bin.accuracy),
    ]),
    raw: bins.map((bin) => [span(bin), bin.count, bin.confidence, bin.accuracy]),
  };
}
