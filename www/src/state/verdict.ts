/** Whether a trained model was worth it on this log, as the report's numbers say. Pure. */
import type { ModelName, ModelReport, TrainingReport } from 'driftscope';
import type { Messages } from '../i18n/en';
import type { Format } from '../i18n/format';

export type Verdict =
  | { kind: 'yes' | 'tie' | 'no'; model: ModelName; gain: NonNullable<ModelReport['gain']> }
  | { kind: 'none'; baseline: ModelName };

/**
 * Judges the trained model that gains most over the best baseline: `yes` when the report says so (its interval lies above
 * zero), `no` when the interval lies below zero, `tie` when it includes zero.
 */
export function verdictOf(report: TrainingReport): Verdict {
  const trained = report.models.flatMap((model) =>
    model.trained && model.gain ? [{ model: model.model, gain: model.gain }] : [],
  );
  const [first, ...others] = trained;
  if (!first) {
    const reference = report.models.find((model) => model.gain === null)?.model ?? report.best;
    return { kind: 'none', baseline: reference };
  }
  const best = others.reduce(
    (leader, candidate) => (candidate.gain.difference > leader.gain.difference ? candidate : leader),
    first,
  );
  const kind = best.gain.low > 0 ? 'yes' : best.gain.high < 0 ? 'no' : 'tie';
  return { kind, ...best };
}

/** The verdict in one sentence. */
export function verdictSentence(report: TrainingReport, t: Messages, format: Format): string {
  const models = t.codes.models;
  const verdict = verdictOf(report);
  const words = t.training.verdict;
  if (verdict.kind === 'none') return words.none(models[verdict.baseline]);
  const { model, gain } = verdict;
  const amount =
    verdict.kind === 'tie' ? format.signed(gain.difference, 3) : format.fixed(Math.abs(gain.difference), 3);
  const [low, high] = [format.signed(gain.low, 3), format.signed(gain.high, 3)];
  return words[verdict.kind](models[model], amount, low, high, models[gain.baseline]);
}
