/** Tables that are not the twin of a chart: the rules of the quality report and the comparisons of models. Pure. */
import type { Metrics, NextItemReport, QualityReport, TrainingReport } from 'driftscope';
import type { ChartContext, ChartTable } from '../charts/frame';

type Words = Pick<ChartContext, 'format' | 't'>;

/** The metrics of a comparison, in the order of their columns. */
export const METRICS = [
  'ndcg10',
  'accuracy',
  'accuracyTop3',
  'macroRecall',
  'macroF1',
  'accuracyTransfer',
  'accuracyStable',
] as const satisfies readonly (keyof Metrics)[];

/** …and of the next item's. */
export const NEXT_ITEM_METRICS = ['hr10', 'ndcg10', 'mrr10'] as const;

const text = (name: string): ChartTable['columns'][number] => ({ name, numeric: false });
const number = (name: string): ChartTable['columns'][number] => ({ name, numeric: true });

/** Every cleaning rule: whether it was applied, and how many rows it touched. */
export function rulesTable(report: QualityReport, { format, t }: Words): ChartTable {
  const words = (enabled: boolean): string => (enabled ? t.report.on : t.report.off);
  return {
    columns: [text(t.report.rule), text(t.report.state), number(t.report.touched)],
    rows: report.rules.map(({ rule, enabled, touched }) => [
      t.codes.rules[rule].name,
      words(enabled),
      format.integer(touched),
    ]),
    raw: report.rules.map(({ rule, enabled, touched }) => [t.codes.rules[rule].name, words(enabled), touched]),
  };
}

/** All models of a training run on its test windows. */
export function comparisonTable(report: TrainingReport, { format, t }: Words): ChartTable {
  const words = t.training;
  return {
    columns: [
      text(words.model),
      ...METRICS.map((metric) => number(words.metrics[metric])),
      number(t.report.gain),
      number(t.report.low),
      number(t.report.high),
      number(words.metrics.parameters),
      number(words.metrics.seconds),
    ],
    rows: report.models.map(({ model, test, gain, parameters, seconds }) => [
      t.codes.models[model],
      ...METRICS.map((metric) => format.fixed(test[metric], 3)),
      format.signed(gain?.difference ?? NaN, 3),
      format.signed(gain?.low ?? NaN, 3),
      format.signed(gain?.high ?? NaN, 3),
      format.integer(parameters),
      format.duration(seconds),
    ]),
    raw: report.models.map(({ model, test, gain, parameters, seconds }) => [
      t.codes.models[model],
      ...METRICS.map((metric) => test[metric]),
      gain?.difference ?? NaN,
      gain?.low ?? NaN,
      gain?.high ?? NaN,
      parameters,
      seconds,
    ]),
  };
}

/** All models of the next item. */
export function nextItemTable(report: NextItemReport, { format, t }: Words): ChartTable {
  const words = t.forecast.items;
  const numbers = ({ test, gain, seconds }: NextItemReport['models'][number]): number[] => [
    ...NEXT_ITEM_METRICS.map((metric) => test[metric]),
    gain?.difference ?? NaN,
    gain?.low ?? NaN,
    gain?.high ?? NaN,
    seconds,
  ];
  return {
    columns: [
      text(t.training.model),
      ...NEXT_ITEM_METRICS.map((metric) => number(words.metrics[metric])),
      number(t.report.gain),
      number(t.report.low),
      number(t.report.high),
      number(t.training.metrics.seconds),
    ],
    rows: report.models.map((one) => [
      t.codes.models[one.model],
      ...numbers(one).map((value) => format.fixed(value, 3)),
    ]),
    raw: report.models.map((one) => [t.codes.models[one.model], ...numbers(one)]),
  };
}
