/** The training curve: loss by step, validation score by epoch. */
import type { TrainingPoint } from 'driftscope';
import { THRESHOLDS } from '../state/thresholds';
import { baseOption, NARROW, tooltipHtml, type ChartContext, type ChartTable, type EChartsOption } from './frame';

/** At most `limit` points: every n-th, and every one that carries a validation score, and the last. */
export function thin(points: readonly TrainingPoint[], limit: number): TrainingPoint[] {
  if (points.length <= limit) return [...points];
  const every = Math.ceil(points.length / limit);
  return points.filter(
    (point, index) => index % every === 0 || point.validationNdcg10 !== null || index === points.length - 1,
  );
}

export function curveOption(points: readonly TrainingPoint[], context: ChartContext): EChartsOption {
  const { colours, format, t, width } = context;
  const shown = thin(points, THRESHOLDS.curvePoints);
  const validated = shown.filter((point) => point.validationNdcg10 !== null);
  const axis = { axisLine: { show: false }, axisTick: { show: false } };
  return {
    ...baseOption(context),
    animation: false,
    grid: { left: 52, right: 52, top: 40, bottom: 30 },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 16,
      itemHeight: 3,
      icon: 'roundRect',
      textStyle: { color: colours.soft, fontFamily: colours.font },
    },
    xAxis: {
      type: 'value',
      min: 'dataMin',
      max: 'dataMax',
      splitLine: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: {
        color: colours.soft,
        formatter: (value: number) => format.integer(value),
        hideOverlap: true,
        fontSize: 11,
      },
      splitNumber: width < NARROW ? 3 : 6,
    },
    yAxis: [
      {
        type: 'value',
        scale: true,
        ...axis,
        splitLine: { lineStyle: { color: colours.line } },
        axisLabel: { color: colours.accent, formatter: (value: number) => format.decimal(value, 4), fontSize: 11 },
      },
      {
        type: 'value',
        scale: true,
        ...axis,
        // The first epoch has one score alone, around which an axis would open far too wide.
        min: ({ min, max }: { min: number; max: number }) => (min < max ? null : min - 0.01),
        max: ({ min, max }: { min: number; max: number }) => (min < max ? null : max + 0.01),
        splitLine: { show: false },
        axisLabel: { color: colours.warn, formatter: (value: number) => format.decimal(value, 4), fontSize: 11 },
      },
    ],
    tooltip: {
      ...baseOption(context).tooltip,
      trigger: 'axis',
      formatter: (hits: unknown) => {
        const step = (hits as { value: number[] }[])[0]?.value[0];
        const point = shown.find((candidate) => candidate.step === step);
        if (!point) return '';
        const rows = [{ name: t.training.loss, value: format.fixed(point.loss, 4), colour: colours.accent }];
        if (point.validationNdcg10 !== null)
          rows.push({
            name: t.training.validation,
            value: format.fixed(point.validationNdcg10, 4),
            colour: colours.warn,
          });
        return tooltipHtml(
          `${t.training.epoch(format.integer(point.epoch))} · ${t.training.step} ${format.integer(point.step)}`,
          rows,
        );
      },
    },
    series: [
      {
        type: 'line',
        name: t.training.loss,
        color: colours.accent,
        lineStyle: { width: 2 },
        showSymbol: false,
        data: shown.filter((point) => Number.isFinite(point.loss)).map((point) => [point.step, point.loss]),
      },
      {
        type: 'line',
        name: t.training.validation,
        yAxisIndex: 1,
        color: colours.warn,
        lineStyle: { width: 2, type: 'dashed' },
        symbol: 'circle',
        symbolSize: 6,
        data: validated.map((point) => [point.step, point.validationNdcg10 as number]),
      },
    ],
  };
}

export function curveTable(
  points: readonly TrainingPoint[],
  { format, t }: Pick<ChartContext, 'format' | 't'>,
): ChartTable {
  const text = t.training;
  return {
    columns: [text.epoch('').trim(), text.step, text.loss, text.validation].map((name) => ({ name, numeric: true })),
    rows: points.map((point) => [
      format.integer(point.epoch),
      format.integer(point.step),
      format.fixed(point.loss, 4),
      point.validationNdcg10 === null ? '–' : format.fixed(point.validationNdcg10, 4),
    ]),
    raw: points.map((point) => [point.epoch, point.step, point.loss, point.validationNdcg10 ?? '']),
  };
}
