/**
 * The private binding: what `wasm-bindgen` makes of `web/src/*.rs`. A session is used by one call at a time; the client's
 * queue sees to that. Every method throws the one error shape.
 */
import type { Requests } from '../protocol.js';
import type {
  AnonymousEvolution,
  Anomalies,
  CleaningOptions,
  Drift,
  Evolution,
  Explanation,
  FileInspection,
  FilePlan,
  Forecast,
  InterestOptions,
  ItemExplanation,
  Migration,
  ModelName,
  NearUser,
  NextItemOptions,
  NextItemReport,
  NextItems,
  PrivacyAccount,
  PrivacyLoss,
  PrivateEvolution,
  PrivateOptions,
  Progress,
  Prospects,
  QualityReport,
  SampleOptions,
  SavedModels,
  Scope,
  Segments,
  Totals,
  TrainingEstimate,
  TrainingReport,
  TrainOptions,
  Transfer,
  UpdateReport,
  UserEvents,
  UserRow,
  WindowOptions,
} from '../types.js';

/** What long calls of the engine ask of the worker. */
export interface Host {
  progress(progress: Progress): void;
  /** Hands out what a training run needs to go on elsewhere. */
  checkpoint(bytes: Uint8Array): void;
  isCancelled(): boolean;
  /** A clock that only goes forward. */
  seconds(): number;
  /** Lets messages in. */
  pause(): Promise<void>;
}

/** One log and what was trained on it. */
export interface Session {
  cleaningDefaults(): CleaningOptions;
  /** `head`: the first bytes; `whole`: whether they are all there is. */
  inspect(
    name: string,
    compression: FilePlan['compression'],
    head: Uint8Array,
    whole: boolean,
    changed: Partial<FilePlan> | null,
  ): FileInspection;

  beginLoad(): void;
  beginFile(plan: FilePlan): void;
  /** Gives the number of rows read so far. */
  push(bytes: Uint8Array): number;
  endFile(): void;
  /** Cleans what was read and takes it as the session's log. */
  finishLoad(cleaning: Partial<CleaningOptions>, host: Host): Promise<QualityReport>;
  /** Cleans what was read and adds it to the log; `learn`: the trained models go on learning. */
  finishUpdate(cleaning: Partial<CleaningOptions>, learn: boolean, host: Host): Promise<UpdateReport>;
  /** Forgets what was read. */
  abortLoad(): void;

  loadSample(sample: SampleOptions, host: Host): Promise<QualityReport>;
  clean(cleaning: Partial<CleaningOptions>, host: Host): Promise<QualityReport>;

  /** Starts the second pass over the same files, which writes the rejected rows; gives the header line. */
  beginRejected(): Uint8Array;
  /** Gives the lines of all rejected events of a log that was made, not read from files. */
  rejectedEvents(): Uint8Array;
  beginRejectedFile(plan: FilePlan): void;
  /** Gives the lines of the rejected rows among the rows of these bytes. */
  pushRejected(bytes: Uint8Array): Uint8Array;
  endRejectedFile(): Uint8Array;

  evolution(scope: Scope, options: InterestOptions): Evolution;
  transfer(scope: Scope, options: InterestOptions, between: { from: number; to: number } | null, top: number): Transfer;
  drift(scope: Scope, options: InterestOptions): Drift;
  users(text: string, offset: number, limit: number): { total: number; rows: UserRow[] };
  userEvents(user: number): UserEvents;
  nearestUsers(user: number, options: InterestOptions, limit: number): NearUser[];

  segments(options: Requests['segments']['args']['options'], host: Host): Promise<Segments>;

  migration(scope: Scope, options: Requests['migration']['args']['options'], host: Host): Promise<Migration>;
  anomalies(top: number, host: Host): Promise<Anomalies>;
  prospects(window: WindowOptions, host: Host): Promise<Prospects>;

  estimate(train: TrainOptions): TrainingEstimate;
  measure(train: TrainOptions, host: Host): Promise<number>;
  train(train: TrainOptions, resume: Uint8Array | null, host: Host): Promise<TrainingReport>;
  forecast(scope: Scope, model: ModelName | null, host: Host): Promise<Forecast>;
  useBaseModel(window: WindowOptions, host: Host): Promise<SavedModels>;
  training(): Uint8Array | undefined;
  adoptTraining(bytes: Uint8Array): SavedModels;
  trainNextItems(train: NextItemOptions, host: Host): Promise<NextItemReport>;
  nextItems(user: number, top: number, model: ModelName | null, host: Host): Promise<NextItems>;
  explain(user: number, domain: number | undefined, model: ModelName | null, host: Host): Promise<Explanation>;
  explainItem(user: number, item: string, model: ModelName | null, host: Host): Promise<ItemExplanation>;
  pseudonymise(key: Uint8Array | undefined): Uint8Array;
  anonymousEvolution(scope: Scope, options: InterestOptions, k: number, totals: Totals): AnonymousEvolution;
  setPrivacyBudget(budget: PrivacyLoss): PrivacyAccount;
  privacyAccount(): PrivacyAccount | null;
  privateEvolution(scope: Scope, options: InterestOptions, release: PrivateOptions): PrivateEvolution;
  privacyLedger(): Uint8Array;
  adoptPrivacyLedger(bytes: Uint8Array): void;
  nextItemTraining(): Uint8Array | undefined;
  adoptNextItemTraining(bytes: Uint8Array): void;
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): QualityReport;
}

/** The module that `wasm-bindgen --target web` writes. */
export interface EngineModule {
  default(input: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  setPanicReporter(report: (message: string) => void): void;
  Session: new () => Session;
}
