/**
 * The messages between the page and the engine worker, and between that worker and the reader of containers. One side
 * sends numbered requests and `cancel`; the other answers each request once, and may send `progress` and `checkpoint` for it
 * before.
 * There is one error shape.
 */
import type { WireSource } from './source/given.js';
import type {
  Anomalies,
  AnonymousEvolution,
  CleaningOptions,
  Drift,
  ErrorShape,
  Evolution,
  Explanation,
  FileInspection,
  FilePlan,
  Forecast,
  InterestOptions,
  ItemExplanation,
  LeakAttempt,
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
  Totals,
  Segments,
  TrainingEstimate,
  TrainingReport,
  TrainOptions,
  Transfer,
  UpdateReport,
  UserEvents,
  UserRow,
  WindowOptions,
} from './types.js';

/** Where a worker's script comes from: an address, or its text for pages that may no longer fetch. */
export type ScriptSource = { url: string } | { text: string };

/** Every kind of request with its arguments and its result. */
export type Requests = {
  /** Starts the engine; must come first. */
  start: { args: { module: WebAssembly.Module; reader: ScriptSource }; result: null };
  inspect: { args: { files: WireSource[]; changed: (Partial<FilePlan> | null)[] }; result: FileInspection[] };
  /** `plans`: null where every table is read as it is detected. */
  load: {
    args: { files: WireSource[]; plans: FilePlan[] | null; cleaning: Partial<CleaningOptions> };
    result: QualityReport;
  };
  loadSample: { args: { sample: SampleOptions }; result: QualityReport };
  /** `learn`: whether the trained models go on learning. */
  update: {
    args: { files: WireSource[]; plans: FilePlan[] | null; cleaning: Partial<CleaningOptions>; learn: boolean };
    result: UpdateReport;
  };
  clean: { args: { cleaning: Partial<CleaningOptions> }; result: QualityReport };
  cleaningDefaults: { args: null; result: CleaningOptions };
  /** The worker's own attempts to reach `address`. */
  tryToLeak: { args: { address: string }; result: LeakAttempt[] };
  /** `files`: those of the last `load`; none where the log was made. */
  rejectedRows: { args: { files: WireSource[] }; result: Blob };
  evolution: { args: { scope: Scope; options: InterestOptions }; result: Evolution };
  transfer: {
    args: { scope: Scope; options: InterestOptions; between: { from: number; to: number } | null; top: number };
    result: Transfer;
  };
  drift: { args: { scope: Scope; options: InterestOptions }; result: Drift };
  users: { args: { text: string; offset: number; limit: number }; result: { total: number; rows: UserRow[] } };
  userEvents: { args: { user: number }; result: UserEvents };
  nearestUsers: { args: { user: number; options: InterestOptions; limit: number }; result: NearUser[] };
  segments: {
    args: { options: { interest: InterestOptions; count: number | null; stretch: number | null; seed: number } };
    result: Segments;
  };
  migration: {
    args: { scope: Scope; options: { interest: InterestOptions; level: number; top: number } };
    result: Migration;
  };
  anomalies: { args: { top: number }; result: Anomalies };
  prospects: { args: { window: WindowOptions }; result: Prospects };
  estimate: { args: { train: TrainOptions }; result: TrainingEstimate };
  /** Milliseconds of one real training step on this engine. */
  measure: { args: { train: TrainOptions }; result: number };
  /** `resume`: a checkpoint to go on from. */
  train: { args: { train: TrainOptions; resume: Uint8Array | null }; result: TrainingReport };
  forecast: { args: { scope: Scope; model: ModelName | null }; result: Forecast };
  /** The trained models and their report as bytes; null before any training. */
  training: { args: null; result: Uint8Array | null };
  useBaseModel: { args: { window: WindowOptions }; result: SavedModels };
  /** Takes over what `training` gave out, from an engine that holds a log with the same domains. */
  adoptTraining: { args: { bytes: Uint8Array }; result: SavedModels };
  trainNextItems: { args: { train: NextItemOptions }; result: NextItemReport };
  nextItems: { args: { user: number; top: number; model: ModelName | null }; result: NextItems };
  explain: { args: { user: number; domain: number | null; model: ModelName | null }; result: Explanation };
  explainItem: { args: { user: number; item: string; model: ModelName | null }; result: ItemExplanation };
  pseudonymise: { args: { key: Uint8Array | null }; result: Uint8Array };
  anonymousEvolution: {
    args: { scope: Scope; options: InterestOptions; k: number; totals: Totals };
    result: AnonymousEvolution;
  };
  setPrivacyBudget: { args: { budget: PrivacyLoss }; result: PrivacyAccount };
  privacyAccount: { args: null; result: PrivacyAccount | null };
  privateEvolution: {
    args: { scope: Scope; options: InterestOptions; release: PrivateOptions };
    result: PrivateEvolution;
  };
  /** The privacy account as bytes, for the engine that takes over after a crash. */
  privacyLedger: { args: null; result: Uint8Array };
  adoptPrivacyLedger: { args: { bytes: Uint8Array }; result: null };
  /** As `training` and `adoptTraining`, of the next-item models; the log must be the same. */
  nextItemTraining: { args: null; result: Uint8Array | null };
  adoptNextItemTraining: { args: { bytes: Uint8Array }; result: null };
  snapshot: { args: null; result: Uint8Array };
  restore: { args: { bytes: Uint8Array }; result: QualityReport };
};

/** Name of a request. */
export type RequestKind = keyof Requests;

/** A map from the kinds of request to their arguments and results. */
export type RequestMap = { [kind: string]: { args: unknown; result: unknown } };

/** What the asking side sends. */
export type ToWorker = { type: 'request'; id: number; kind: string; args: unknown } | { type: 'cancel'; id: number };

/** What the worker sends. `crashed`: the engine is unusable from here on, whatever was under way. */
export type FromWorker =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'failed'; id: number; error: ErrorShape }
  | { type: 'progress'; id: number; progress: Progress }
  | { type: 'checkpoint'; id: number; bytes: Uint8Array }
  | { type: 'crashed'; message: string };

/** The buffers in `value` (two levels deep, which is what results have) that can be handed over instead of copied. */
export function transferables(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const collect = (part: unknown, depth: number): void => {
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) buffers.add(part.buffer);
    } else if (typeof part === 'object' && part !== null && depth > 0 && !Array.isArray(part)) {
      for (const inner of Object.values(part)) collect(inner, depth - 1);
    }
  };
  collect(value, 2);
  return [...buffers];
}
