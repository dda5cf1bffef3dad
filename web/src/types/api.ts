/** The API over one log. */
import type { CallOptions } from './call.js';
import type { Forecast } from './forecast.js';
import type { ExplainOptions, Explanation, ItemExplanation } from './insight.js';
import type {
  Drift,
  Evolution,
  InterestOptions,
  NearUser,
  Scope,
  Transfer,
  UserEvents,
  UserRow,
  WindowOptions,
} from './interest.js';
import type { LeakAttempt } from './leak.js';
import type { FileInspection, SampleOptions } from './log.js';
import type { NextItemOptions, NextItemReport, NextItems } from './next-item.js';
import type { CleaningOptions, QualityReport } from './quality.js';
import type { InspectOptions, LoadOptions, LogSources } from './source.js';
import type {
  ModelName,
  SavedModels,
  TrainCallOptions,
  TrainOptions,
  TrainingEstimate,
  TrainingReport,
} from './training.js';
import type { UpdateReport } from './update.js';

/**
 * One worker with one log. Calls are queued: a call waits for those before it, except `cancel` by signal.
 * Every method rejects with `DriftscopeError`.
 */
export interface DriftscopeApi {
  /**
   * Reads the first bytes of each source and says how it would read the whole. A `.zip` yields one inspection for each of
   * its entries, named `archive.zip/entry.csv`. What can be read only once (a response, a stream) can't be inspected.
   */
  inspect(sources: LogSources, options?: InspectOptions): Promise<FileInspection[]>;
  /** Reads, joins and cleans. Replaces the log that was loaded before only when it succeeds. */
  load(sources: LogSources, options?: LoadOptions): Promise<QualityReport>;
  loadSample(sample: SampleOptions, options?: CallOptions): Promise<QualityReport>;
  /** Cleans again with other rules, without reading again. */
  clean(cleaning: Partial<CleaningOptions>, options?: CallOptions): Promise<QualityReport>;
  /**
   * Adds new events to the log; the trained models go on learning from them without starting over. Rows that the log
   * held already count once. The log can't be cleaned again afterwards.
   */
  update(sources: LogSources, options?: LoadOptions): Promise<UpdateReport>;
  cleaningDefaults(): Promise<CleaningOptions>;
  /**
   * Tries every way out of the page and of the engine's worker, with an address of the page's own host that holds no data
   * (`driftscope-leak-probe`), and says what became of each. On a sealed page nothing passes.
   */
  tryToLeak(): Promise<LeakAttempt[]>;
  /** The rejected rows as CSV: file, line, rule, the row as it stood. Reads the files again. */
  rejectedRows(options?: CallOptions): Promise<Blob>;
  evolution(scope: Scope, options: InterestOptions): Promise<Evolution>;
  /** `from`/`to`: window numbers; null: all consecutive active windows. `top`: how many flows to list. */
  transfer(
    scope: Scope,
    options: InterestOptions,
    between: { from: number; to: number } | null,
    top: number,
  ): Promise<Transfer>;
  drift(scope: Scope, options: InterestOptions): Promise<Drift>;
  users(query: { text: string; offset: number; limit: number }): Promise<{ total: number; rows: UserRow[] }>;
  userEvents(user: number): Promise<UserEvents>;
  /** The `limit` users with the nearest profiles, nearest first; with a half-life, the profiles as the last window has them. */
  nearestUsers(user: number, options: InterestOptions, limit: number): Promise<NearUser[]>;
  estimate(train: TrainOptions): Promise<TrainingEstimate>;
  train(train: TrainOptions, options?: TrainCallOptions): Promise<TrainingReport>;
  /** By the best model of the last training, or by `model`. */
  forecast(scope: Scope, model?: ModelName): Promise<Forecast>;
  /** Trains and compares models of the next item: each user's last event is scored, the one before it chooses. */
  trainNextItems(train: NextItemOptions, options?: CallOptions): Promise<NextItemReport>;
  /** The `top` items that the best next-item model, or `model`, expects of a user who did not have them yet. */
  nextItems(user: number, top: number, model?: ModelName): Promise<NextItems>;
  /** What a user's forecast rests on. Asks the model some twenty times, so that it takes seconds on large logs. */
  explain(user: number, options?: ExplainOptions): Promise<Explanation>;
  /** Because of which of the user's items the item called `item` is recommended. */
  explainItem(user: number, item: string, options?: ExplainOptions): Promise<ItemExplanation>;
  /**
   * Forecasts without training: the base model, which was trained on synthetic logs, takes the place of trained models. It
   * chooses on the log's own past how far it is followed.
   */
  useBaseModel(window: WindowOptions, options?: CallOptions): Promise<SavedModels>;
  /** The trained models as a file (safetensors, see docs/MODEL_FORMAT.md). It holds no event, no user and no item. */
  saveModels(): Promise<Uint8Array>;
  /** Takes models over that were saved on a log with the same domains; they replace the trained ones. */
  openModels(bytes: Uint8Array): Promise<SavedModels>;
  /** The whole session (clean log, quality report, all trained models) as bytes, and back. */
  snapshot(): Promise<Uint8Array>;
  restore(bytes: Uint8Array): Promise<QualityReport>;
  dispose(): void;
}
