/** The API over one log. */
import type { CallOptions } from './call.js';
import type { Anomalies, Migration, MigrationOptions, Prospects } from './findings.js';
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
import type {
  AnonymousEvolution,
  PrivacyAccount,
  PrivacyLoss,
  PrivateEvolution,
  PrivateOptions,
  Totals,
} from './privacy.js';
import type { CleaningOptions, QualityReport } from './quality.js';
import type { SegmentOptions, Segments } from './segments.js';
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

declare global {
  // As `lib.esnext.disposable` has it, for projects without that library.
  interface SymbolConstructor {
    /** Key of the method that `await using` calls. */
    readonly asyncDispose: unique symbol;
  }
}

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
  /** Makes a synthetic log with planted interests and takes it as the log. */
  loadSample(sample: SampleOptions, options?: CallOptions): Promise<QualityReport>;
  /** Cleans again with other rules, without reading again. */
  clean(cleaning: Partial<CleaningOptions>, options?: CallOptions): Promise<QualityReport>;
  /**
   * Adds new events to the log; the trained models go on learning from them without starting over. Rows that the log
   * held already count once. The log can't be cleaned again afterwards.
   */
  update(sources: LogSources, options?: LoadOptions): Promise<UpdateReport>;
  /** The cleaning that holds where nothing else is said, the weights of the known kinds included. */
  cleaningDefaults(options?: CallOptions): Promise<CleaningOptions>;
  /**
   * Tries every way out of the page and of the engine's worker, with an address of the page's own host that holds no data
   * (`driftscope-leak-probe`), and says what became of each. On a sealed page nothing passes.
   */
  tryToLeak(options?: CallOptions): Promise<LeakAttempt[]>;
  /** The rejected rows as CSV: file, line, rule, the row as it stood. Reads the files again. */
  rejectedRows(options?: CallOptions): Promise<Blob>;
  /** Weighted events by domain and window: the heat map. */
  evolution(scope: Scope, interest: InterestOptions, options?: CallOptions): Promise<Evolution>;
  /** Flows between domains. `from`/`to`: window numbers; null: all consecutive active windows. `top`: how many flows to list. */
  transfer(
    scope: Scope,
    interest: InterestOptions,
    between: { from: number; to: number } | null,
    top: number,
    options?: CallOptions,
  ): Promise<Transfer>;
  /** How far interest moved from window to window, and where it jumped. */
  drift(scope: Scope, interest: InterestOptions, options?: CallOptions): Promise<Drift>;
  /** Users whose name holds `text`, the most active first: how many there are, and `limit` of them from `offset` on. */
  users(
    query: { text: string; offset: number; limit: number },
    options?: CallOptions,
  ): Promise<{ total: number; rows: UserRow[] }>;
  /** All events of a user. */
  userEvents(user: number, options?: CallOptions): Promise<UserEvents>;
  /** The `limit` users with the nearest profiles, nearest first; with a half-life, the profiles as the last window has them. */
  nearestUsers(user: number, interest: InterestOptions, limit: number, options?: CallOptions): Promise<NearUser[]>;
  /**
   * Segments of all users. To look at one of them, give its users as a scope: `{ kind: 'users', users }` with the ids whose
   * `ofUser` is its number.
   */
  segments(interest: InterestOptions, options?: SegmentOptions): Promise<Segments>;
  /** Which domains feed which, what comes before a loss, and where users leave, beyond chance. Leaves the half-life aside. */
  migration(scope: Scope, interest: InterestOptions, options?: MigrationOptions): Promise<Migration>;
  /** The `top` oddest users, with reasons. */
  anomalies(top: number, options?: CallOptions): Promise<Anomalies>;
  /** Churn risk and chance of a purchase in the window after the last complete one, and how good such forecasts were. */
  prospects(window: WindowOptions, options?: CallOptions): Promise<Prospects>;
  /** What a training is going to cost. */
  estimate(train: TrainOptions, options?: CallOptions): Promise<TrainingEstimate>;
  /** Trains models of the next window's interests and compares them; a cancelled training still has a report. */
  train(train: TrainOptions, options?: TrainCallOptions): Promise<TrainingReport>;
  /** By the best model of the last training, or by `model`. */
  forecast(scope: Scope, model?: ModelName, options?: CallOptions): Promise<Forecast>;
  /** Trains and compares models of the next item: each user's last event is scored, the one before it chooses. */
  trainNextItems(train: NextItemOptions, options?: CallOptions): Promise<NextItemReport>;
  /** The `top` items that the best next-item model, or `model`, expects of a user who did not have them yet. */
  nextItems(user: number, top: number, model?: ModelName, options?: CallOptions): Promise<NextItems>;
  /** What a user's forecast rests on. Asks the model some twenty times, so that it takes seconds on large logs. */
  explain(user: number, options?: ExplainOptions): Promise<Explanation>;
  /** Because of which of the user's items the item called `item` is recommended. */
  explainItem(user: number, item: string, options?: ExplainOptions): Promise<ItemExplanation>;
  /**
   * Replaces the names of users, in this log and in later updates, by pseudonyms: 128 bits of HMAC-SHA-256. Gives the key (32
   * bytes), a new one where none is given: who has it can tell whose pseudonym is whose, and another log with the same key gets
   * the same pseudonyms. The log can't be cleaned again afterwards. A snapshot holds the pseudonyms, never the key: after
   * `restore`, give it again before the next update.
   */
  pseudonymise(key?: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /**
   * The heat map's counts with all cells hidden that fewer than `k` different users stand behind, and as many more as it takes
   * that none of those follows from `totals`.
   */
  anonymousEvolution(
    scope: Scope,
    interest: InterestOptions,
    k: number,
    totals: Totals,
    options?: CallOptions,
  ): Promise<AnonymousEvolution>;
  /** Sets what may be spent on releases about this log. It holds until another log is loaded, and is part of a snapshot. */
  setPrivacyBudget(budget: PrivacyLoss, options?: CallOptions): Promise<PrivacyAccount>;
  /** Null before a budget is set. */
  privacyAccount(options?: CallOptions): Promise<PrivacyAccount | null>;
  /** Users by domain and window with differential privacy, paid from the budget; what exceeds it is refused. */
  privateEvolution(
    scope: Scope,
    interest: InterestOptions,
    release: PrivateOptions,
    options?: CallOptions,
  ): Promise<PrivateEvolution>;
  /**
   * Forecasts without training: the base model, which was trained on synthetic logs, takes the place of trained models. It
   * chooses on the log's own past how far it is followed.
   */
  useBaseModel(window: WindowOptions, options?: CallOptions): Promise<SavedModels>;
  /** The trained models as a file (safetensors, see docs/MODEL_FORMAT.md). It holds no event, no user and no item. */
  saveModels(options?: CallOptions): Promise<Uint8Array>;
  /**
   * Takes models over that were saved on a log with the same domains, first met in the same order, and of no more windows;
   * they replace the trained ones.
   */
  openModels(bytes: Uint8Array, options?: CallOptions): Promise<SavedModels>;
  /** The whole session (clean log, quality report, all trained models) as bytes. */
  snapshot(options?: CallOptions): Promise<Uint8Array>;
  /** Takes over a session that `snapshot` gave out, in place of the present one. */
  restore(bytes: Uint8Array, options?: CallOptions): Promise<QualityReport>;
  /** Ends the workers and frees their memory; calls under way and later ones reject with `disposed`. */
  dispose(): void;
  /** As `dispose`, for `await using`; absent where the runtime has no such symbol. */
  [Symbol.asyncDispose](): Promise<void>;
}
