/** Tables that are not the twin of a chart: the rules of the quality report and the comparisons of models. Pure. */
import type { Metrics, NearUser, NextItemReport, NextItems, QualityReport, TrainingReport } from 'driftscope';
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

/** The users nearest to one, and what they have in common. */
export function nearTable(near: readonly NearUser[], { format, t }: Words): ChartTable {
  const words = t.explore.near;
  const inCommon = ({ shared }: NearUser): string =>
    format.list(
      shared.map(({ name, own, theirs }) => words.share(name, format.percent(own, 0), format.percent(theirs, 0))),
    );
  return {
    columns: [text(words.user), number(words.distance), text(words.shared), number(t.interest.events)],
    rows: near.map((user) => [user.name, format.fixed(user.distance, 3), inCommon(user), format.integer(user.events)]),
    raw: near.map((user) => [user.name, user.distance, inCommon(user), user.events]),
  };
}

/** What is recommended to one user, best first. */
export function itemsTable({ items }: NextItems, { format, t }: Words): ChartTable {
  const words = t.explore.items;
  const cells = items.map(({ name, title, domain }) => [name, title ?? '', domain ?? '']);
  return {
    columns: [text(words.item), text(words.itemTitle), text(t.interest.evolution.domain), number(words.score)],
    rows: items.map(({ score }, at) => [...(cells[at] ?? []), format.decimal(score, 3)]),
    raw: items.map(({ score }, at) => [...(cells[at] ?? []), score]),
  };
}
