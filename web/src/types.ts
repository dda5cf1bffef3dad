/**
 * The public data types of the package: what goes in and what comes out of every call. Everything here is a plain object or
 * a typed array. The Rust side has the same shapes as `serde` structs (camelCase); `tests/` checks that they agree.
 *
 * Times are Unix seconds (UTC) unless a name says otherwise. Matrices are row-major.
 */

// ------------------------------------------------------------------ engines and errors

/** The two builds of the core. */
export type EngineName = 'cpu' | 'webgpu';

/** What can go wrong. The same codes as the Rust `Error`, and those that only a browser knows. */
export type ErrorCode =
  | 'empty'
  | 'unreadable'
  | 'damaged'
  | 'too_large'
  | 'columns'
  | 'not_enough'
  | 'parameter'
  | 'cancelled'
  | 'device'
  | 'checkpoint'
  | 'state'
  | 'crashed'
  | 'unsupported'
  | 'disposed';

/** Where in the input something went wrong; `line` and `column` count from 1. */
export interface Place {
  file: string;
  line: number | null;
  column: number | null;
}

/** The one shape in which errors cross the worker border; the client throws it as `DriftscopeError`. */
export interface ErrorShape {
  code: ErrorCode;
  message: string;
  detail: { place?: Place; hint?: string };
}

/** Reported by every long call. `done` and `total` are in `unit`; `total` is 0 while it is unknown. */
export interface Progress {
  stage: 'read' | 'clean' | 'sample' | 'features' | 'train' | 'evaluate' | 'forecast' | 'engine';
  done: number;
  total: number;
  unit: 'bytes' | 'events' | 'steps' | 'users';
  /** Rows read so far (stage `read`). */
  rows?: number;
  /** The model that is being trained or scored. */
  model?: ModelName;
  /** Live numbers of a training run (stage `train`). */
  point?: TrainingPoint;
}

/** Options of every long call. */
export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** Options of a training run. A run that an engine did not survive goes on by itself; these are for what outlives the page. */
export interface TrainCallOptions extends CallOptions {
  /** Called after every epoch with the bytes from which the run can go on. */
  onCheckpoint?: (bytes: Uint8Array) => void;
  /** Where a run on the same log with the same options stood. */
  resume?: Uint8Array;
}

// ------------------------------------------------------------------ reading a log

export type TableKind = 'events' | 'items' | 'edges' | 'ignore';
/** What a column is. `friend` is the second user of an edge; `property`/`value` are RetailRocket's item properties. */
export type Role =
  'user' | 'item' | 'domain' | 'kind' | 'time' | 'platform' | 'title' | 'friend' | 'property' | 'value' | 'ignore';
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';
export type Preset =
  'taobao' | 'complete_journey' | 'rees46' | 'retailrocket' | 'ga4' | 'amazon_reviews' | 'movielens' | 'generic';
/** `compact_date` is YYYYMMDD; `text` is ISO 8601 or `YYYY-MM-DD HH:MM:SS`, with or without a zone. */
export type TimeFormat = 'seconds' | 'milliseconds' | 'microseconds' | 'compact_date' | 'text';

/** How one file is to be read. Comes filled in from `inspect`, may be changed by hand, goes back into `load`. */
export interface FilePlan {
  name: string;
  table: TableKind;
  format: 'delimited' | 'jsonl';
  compression: 'none' | 'gzip' | 'zip' | 'parquet';
  encoding: Encoding;
  /** `","`, `"\t"`, `"::"`, … ; empty for JSON Lines. */
  delimiter: string;
  hasHeader: boolean;
  preset: Preset;
  /** By position; JSON Lines: by the order of first appearance of the key. */
  columns: ColumnPlan[];
  timeFormat: TimeFormat;
  /** IANA zone for times that carry none of their own. */
  timeZone: string;
  /** Kind of every event of a file that has no kind column. */
  defaultKind: string;
}
export interface ColumnPlan {
  name: string;
  role: Role;
}

/** What `inspect` found out about a file from its first bytes. */
export interface FileInspection {
  plan: FilePlan;
  /** The first rows as raw cells, header left out. */
  preview: string[][];
  /** By column: how many of the `rowsSeen` rows parse as what the role says (times as times, …), and how many are empty. */
  columns: { parsed: number; empty: number; distinct: number }[];
  rowsSeen: number;
  /** The words found in the kind column, with what they were taken for (null: unknown). */
  kinds: { word: string; kind: string | null; count: number }[];
  /** Plain-language remarks, for example why a preset was chosen. */
  notes: Note[];
}
/** A translatable remark: `code` picks the sentence, `values` fill it. */
export interface Note {
  code: string;
  values: Record<string, string | number>;
}

/** How the log is cleaned. Definitions of the rules: docs/LOG_FORMATS.md. */
export interface CleaningOptions {
  /** Rules switched on or off. The first five cannot be switched off: such a row cannot become an event. */
  rules: Record<RuleName, boolean>;
  /** Inclusive range of plausible times; null: found from the data. */
  timeRange: [number, number] | null;
  /**
   * A user with more events than this in some minute is a bot, and all of their events go. Events of one second, such as the
   * lines of a basket, count for no more than a tenth of the limit.
   */
  maxEventsPerMinute: number;
  minEventsPerUser: number;
  minEventsPerItem: number;
  /**
   * What becomes of items without a domain: filed under `unknown`, left to be derived, or their events taken out; `auto`
   * derives where no item has one, and else files them under `unknown`.
   */
  missingDomain: 'auto' | 'unknown' | 'derive' | 'reject';
  /** Weight by kind name; kinds not named keep their default. */
  kindWeights: Record<string, number>;
}
export type RuleName =
  | 'malformed_row'
  | 'missing_user'
  | 'missing_item'
  | 'missing_time'
  | 'bad_time'
  | 'time_out_of_range'
  | 'exact_duplicate'
  | 'bot_rate'
  | 'unknown_kind'
  | 'missing_domain'
  | 'sparse_user'
  | 'sparse_item';

export interface QualityReport {
  files: {
    name: string;
    table: TableKind;
    bytes: number;
    rowsRead: number;
    rowsAccepted: number;
    rowsRejected: number;
    problems: Note[];
  }[];
  rowsRead: number;
  rowsAccepted: number;
  rowsRejected: number;
  rules: RuleReport[];
  summary: LogSummary;
  /** Everything else worth knowing, for example items that lie in several domains. */
  notes: Note[];
}
export interface RuleReport {
  rule: RuleName;
  enabled: boolean;
  /** Whether the rule can be switched off (a row that has no user cannot become an event). */
  switchable: boolean;
  /** `reject` rules take rows out, `repair` rules change them. */
  effect: 'reject' | 'repair';
  touched: number;
  /** Up to five rows. */
  examples: { file: string; line: number; column: number | null; text: string }[];
}
export interface LogSummary {
  events: number;
  users: number;
  items: number;
  domains: number;
  edges: number;
  kinds: { name: string; weight: number; events: number }[];
  platforms: { name: string; events: number }[];
  firstTime: number;
  lastTime: number;
  domainsDerived: boolean;
  /** The window length that suits the span: see `WindowOptions.length`. */
  suggestedWindow: WindowLength;
  bytesInMemory: number;
}

/** Rows of plain objects or columns can be loaded without a file. */
export interface ColumnInput {
  user: ArrayLike<string | number>;
  item?: ArrayLike<string | number>;
  domain?: ArrayLike<string | number>;
  kind?: ArrayLike<string>;
  /** Unix seconds. */
  time: ArrayLike<number>;
  platform?: ArrayLike<string>;
}

// ------------------------------------------------------------------ interest

/** A number is a length in seconds. */
export type WindowLength = 'day' | 'week' | 'days28' | 'weeks13' | number;
export interface WindowOptions {
  length: WindowLength;
  timeZone: string;
}
export type Scope = { kind: 'everyone' } | { kind: 'user'; user: number } | { kind: 'users'; users: number[] };
export interface InterestOptions {
  window: WindowOptions;
  /** Half-life of an event's weight in windows; null: only the window itself counts. */
  halfLife: number | null;
  /** Weigh events by kind, or count each as 1. */
  weighKinds: boolean;
}

export interface Windows {
  /** Start of each window; one more entry than windows, the last being the end. */
  bounds: Float64Array;
  /** Whether the last window ends before its full length (the log stops inside it). */
  lastPartial: boolean;
}
/** Domain × window: the heat map. Domains by total weight, largest first. */
export interface Evolution {
  windows: Windows;
  domains: { id: number; name: string; events: number }[];
  /** domains × windows, row-major: weighted events. */
  weights: Float64Array;
  /** Number of events in each window (unweighted), and of distinct active users. */
  events: Float64Array;
  activeUsers: Float64Array;
  /** domains × windows: each weight divided by its window's sum. */
  shares: Float64Array;
}
/** Flows between the profiles of consecutive active windows. */
export interface Transfer {
  /** Sum over users of the mass that moved from one domain to another; a user's profile has mass 1. */
  flows: { from: number; to: number; mass: number; users: number }[];
  /** Mass that stayed within its domain. */
  stayed: { domain: number; mass: number }[];
  domains: { id: number; name: string }[];
  /** Mass and number of the flows left out by `top`. */
  others: { mass: number; flows: number };
  users: number;
}
export interface Drift {
  windows: Windows;
  /** Jensen–Shannon distance (base 2, 0..1) between each window's profile and that of the active window before; NaN where there is none. */
  distance: Float64Array;
  /** Mean over users of their own distance; NaN likewise. */
  meanUserDistance: Float64Array;
  /** Windows where the distance jumps, with the score that says by how much. */
  changePoints: { window: number; score: number }[];
}
export interface UserRow {
  id: number;
  name: string;
  events: number;
  topDomain: string;
  firstTime: number;
  lastTime: number;
}
/** One user's events as columns of equal length, earliest first. */
export interface UserEvents {
  times: Float64Array;
  /** Place in `domainNames`; −1 where the item has no domain. */
  domains: Float64Array;
  /** Place in `kindNames`. */
  kinds: Float64Array;
  /** Place in `itemNames`. */
  items: Float64Array;
  /** The user's domains by number of events, most first. */
  domainNames: string[];
  kindNames: string[];
  itemNames: { name: string; title: string | null }[];
}
/** A user whose profile over the whole log is like another's. */
export interface NearUser extends UserRow {
  /** Jensen–Shannon distance of the two profiles, 0 to 1. */
  distance: number;
  /** Up to three domains that most of the overlap lies in, with their shares of both profiles. */
  shared: { name: string; own: number; theirs: number }[];
}

// ------------------------------------------------------------------ training and forecast

export type ModelName =
  | 'popularity'
  | 'persistent'
  | 'moving_average'
  | 'user_frequency'
  | 'decay_prior'
  | 'markov'
  | 'dnn'
  | 'gnn'
  | 'dnn+gnn'
  | 'sequence'
  | 'cf-user-cosine'
  | 'cf-user-pearson'
  | 'cf-item'
  | 'cf-closed'
  | 'blend'
  | 'base';
export interface TrainOptions {
  window: WindowOptions;
  models: ModelName[];
  seed: number;
  epochs?: number;
  /** What the pair network starts from: nothing (the default), or the shipped base model. */
  init?: 'scratch' | 'base';
  engine: EngineName | 'auto';
}
/** What a run is going to cost, told before it starts. */
export interface TrainingEstimate {
  instances: number;
  pairs: number;
  parameters: number;
  steps: number;
  bytes: number;
  seconds: number | null;
}
export interface TrainingPoint {
  epoch: number;
  step: number;
  loss: number;
  validationNdcg10: number | null;
}
export interface LearningCurve {
  model: ModelName;
  points: TrainingPoint[];
}
export interface Metrics {
  ndcg10: number;
  accuracy: number;
  accuracyTop3: number;
  macroPrecision: number;
  macroRecall: number;
  macroF1: number;
  accuracyTransfer: number;
  accuracyStable: number;
  /** Expected calibration error of the first domain's share, 0 to 1. */
  calibrationError: number;
  /** Brier score of the shares against the label, 0 to 2. */
  brier: number;
  instances: number;
  labelled: number;
  classes: number;
  transfer: number;
  stable: number;
}
/** What ranked lists are like: share of the catalogue in any list, 1 − likeness within a list, bits of surprise of an entry. */
export interface ListMetrics {
  coverage: number;
  diversity: number;
  novelty: number;
}
/** A point of the reliability diagram: forecasts with a confidence in (low, high], how sure they were and how often right. */
export interface ReliabilityBin {
  low: number;
  high: number;
  count: number;
  confidence: number;
  accuracy: number;
}
/** Forecasts by what came (rows) and by the domain that was ranked first (columns). */
export interface Confusion {
  /** The domains that came most often, most frequent first. */
  domains: { id: number; name: string }[];
  /** (n + 1) × (n + 1) for n `domains`, row-major; the last row and the last column are all other domains. */
  counts: number[];
}
export interface ModelReport {
  model: ModelName;
  trained: boolean;
  validation: Metrics;
  test: Metrics;
  /** Of the test windows' lists of domains. */
  lists: ListMetrics;
  reliability: ReliabilityBin[];
  /** Of the test windows. */
  confusion: Confusion;
  /** NDCG@10 minus that of the best baseline on validation, on test, with its paired bootstrap interval over users; null for that baseline. */
  gain: { difference: number; low: number; high: number; baseline: ModelName } | null;
  parameters: number;
  seconds: number;
}
export interface TrainingReport {
  engine: EngineName;
  /** Why this engine: a note such as `engine.measured` with the milliseconds per step of each. */
  engineNote: Note;
  split: { trainWindows: [number, number]; validationWindows: [number, number]; testWindows: [number, number] };
  models: ModelReport[];
  best: ModelName;
  /** Whether a trained model beats the best baseline on test with an interval that leaves out 0. */
  worthIt: boolean;
  /** Loss by step of each model that learns by gradient. */
  curves: LearningCurve[];
  stopped: 'finished' | 'early' | 'cancelled';
}
/** What a file of saved models holds. */
export interface SavedModels {
  window: WindowOptions;
  models: ModelName[];
  /** The best on validation. */
  best: ModelName;
}
export interface Forecast {
  model: ModelName;
  /** Start and end of the window that is forecast. */
  window: [number, number];
  /** Domains by share, largest first. */
  domains: { id: number; name: string; share: number; now: number }[];
  /** Number of users behind it (1 for one user). */
  users: number;
  /** Those of them with fewer than five events before the window: theirs is a cold-start forecast. */
  coldUsers: number;
}

// ------------------------------------------------------------------ new events

/** How far the crowd's interest moved. NaN where too little is known. */
export interface CrowdDrift {
  /** Largest Jensen–Shannon distance (0 to 1) of a new window to the one before it. */
  distance: number;
  /** Median of that distance before. */
  usual: number;
  /** Modified z-score of the distance. */
  score: number;
  found: boolean;
}
/** How one model went on learning. */
export interface WindowsUpdate {
  /** First new window, and the one after the last. */
  windows: [number, number];
  /** New instances that were learned from, and older ones beside them. */
  instances: number;
  replayed: number;
  drift: CrowdDrift | null;
  learningRate: number;
  steps: number;
  /** Users of the newest window that were held out, and NDCG@10 on them; an update that does damage is not kept. */
  heldOut: number;
  before: number | null;
  after: number | null;
  kept: boolean;
  seconds: number;
}
/** A model either counts, and goes on counting; or goes on learning; or what it learned stays as it was. */
export interface ModelUpdate {
  model: ModelName;
  outcome: 'counted' | 'learned' | 'kept';
  learning: WindowsUpdate | null;
}
export interface UpdateReport {
  /** New events, and events that the log held already. */
  events: number;
  repeated: number;
  users: number;
  items: number;
  /** Names of new domains. */
  domains: string[];
  /** Windows that are complete now and were not before. */
  windows: number;
  drift: CrowdDrift | null;
  /** Empty where nothing was trained. */
  models: ModelUpdate[];
  seconds: number;
  /** What became of the new rows. */
  quality: QualityReport;
  /** What the log holds now. */
  summary: LogSummary;
}

// ------------------------------------------------------------------ the next item

export interface NextItemOptions {
  models: ModelName[];
  seed: number;
  /** Default: `cpu`. */
  engine?: EngineName;
}
/** Means over the users; the next item is ranked among all items that the user had not. */
export interface NextItemMetrics {
  hr5: number;
  hr10: number;
  ndcg5: number;
  ndcg10: number;
  mrr10: number;
  users: number;
}
export interface NextItemModelReport {
  model: ModelName;
  trained: boolean;
  validation: NextItemMetrics;
  test: NextItemMetrics;
  /** As in `ModelReport`. */
  gain: ModelReport['gain'];
  parameters: number;
  seconds: number;
}
export interface NextItemReport {
  engine: EngineName;
  engineNote: Note;
  models: NextItemModelReport[];
  best: ModelName;
  worthIt: boolean;
  /** Number of items to choose from. */
  items: number;
  stopped: TrainingReport['stopped'];
}
/** What may come next for one user, best first. */
export interface NextItems {
  model: ModelName;
  items: { name: string; title: string | null; domain: string | null; score: number }[];
}

// ------------------------------------------------------------------ explanations

/** Which forecast to explain. */
export interface ExplainOptions extends CallOptions {
  /** Id of the domain; the first of the forecast where it is left out. Only for `explain`. */
  domain?: number;
  /** The best model where it is left out. */
  model?: ModelName;
}

/**
 * What a user's forecast share of a domain rests on. An effect is the share less the share without the events in question;
 * effects are those of one deletion at a time and need not add up.
 */
export interface Explanation {
  model: ModelName;
  /** Start and end of the window that is forecast, Unix seconds. */
  window: [number, number];
  user: number;
  /** Id and name of the domain. */
  domain: number;
  name: string;
  /** Forecast share, 0 to 1. */
  share: number;
  /** What the share would be if nothing were known of the user. */
  withoutPast: number;
  /** Groups of the user's own events, the strongest effect first, whatever its sign. */
  events: {
    /** Null for the events of all domains that have no group of their own. */
    domain: number | null;
    name: string;
    events: number;
    /** Unix seconds. */
    firstTime: number;
    lastTime: number;
    /** Some of the items: titles, or names. */
    items: string[];
    effect: number;
  }[];
  /** The users most like this one by the items that both touched. */
  neighbours: {
    user: number;
    name: string;
    /** Part of the resemblance among these users, 0 to 1. */
    weight: number;
    /** Items that both touched, the rarest first. */
    shared: string[];
    /** Share of the domain among the other's events of the last four windows. */
    interest: number;
    effect: number;
  }[];
  /** The strongest group of events against as many of the user's events drawn at random (mean effect). */
  check: { events: number; named: number; random: number };
}

/** Because of which of the user's items another one is recommended. */
export interface ItemExplanation {
  model: ModelName;
  user: number;
  item: NextItems['items'][number];
  /** What the score would be if nothing were known of the user. */
  withoutPast: number;
  /** The user's items, the one that speaks most for it first. `part`: of all effects in the same direction, 0 to 1. */
  because: { name: string; title: string | null; lastTime: number | null; effect: number; part: number }[];
}

// ------------------------------------------------------------------ the sample

/** Parameters of the synthetic log. */
export interface SampleOptions {
  users: number;
  days: number;
  seed: number;
}

// ------------------------------------------------------------------ the client

/** A file or blob with a name. A `File` is one. */
export interface FileSource {
  name: string;
  blob: Blob;
}

/** The scripts beside the module: one worker per engine, and the reader of `.zip` and Parquet. */
export type ScriptName = EngineName | 'reader';

export interface CreateOptions {
  /** Which engines may be used (default: both). `webgpu` is fetched only when a training run is to use it. */
  engines?: EngineName[];
  /** Where the engines' wasm files lie; default: beside the module (`new URL(..., import.meta.url)`). */
  wasmUrl?: Partial<Record<EngineName, string | URL>>;
  /** Compiled modules, for pages that fetched them before they sealed themselves; maybe still on their way. */
  wasmModule?: Partial<Record<EngineName, WebAssembly.Module | PromiseLike<WebAssembly.Module>>>;
  /** Where the scripts lie; default: beside the module. */
  workerUrl?: Partial<Record<ScriptName, string | URL>>;
  /** Text of the scripts, for pages that fetched them before they sealed themselves; started from `blob:` addresses. */
  workerSource?: Partial<Record<ScriptName, string>>;
  /**
   * Seals the page before the engine starts (`seal`): everything is fetched first, then neither the page nor the engine can
   * load or send anything until the page is loaded again. See `docs/PRIVACY.md`.
   */
  sealed?: boolean;
}

/** A way by which something could leave a page. */
export type LeakWay =
  | 'fetch'
  | 'xhr'
  | 'beacon'
  | 'websocket'
  | 'eventsource'
  | 'webrtc'
  | 'image'
  | 'media'
  | 'script'
  | 'style'
  | 'font'
  | 'iframe'
  | 'object'
  | 'form'
  | 'prefetch'
  | 'import'
  | 'importscripts'
  | 'worker';

/**
 * What became of one planted attempt. `blocked`: a policy forbade it, or there is no such way here; `passed`: the host
 * answered; `failed`: nothing came of it, and the browser does not say why.
 */
export interface LeakAttempt {
  from: 'page' | 'worker';
  way: LeakWay;
  outcome: 'blocked' | 'passed' | 'failed';
}

/**
 * One worker with one log. Calls are queued: a call waits for those before it, except `cancel` by signal.
 * Every method rejects with `DriftscopeError`.
 */
export interface DriftscopeApi {
  /**
   * Reads the first bytes of each file and says how it would read the whole. A `.zip` yields one inspection for each of
   * its entries, named `archive.zip/entry.csv`. `changed`: by position in the result, what to take as given.
   */
  inspect(files: FileSource[], changed?: (Partial<FilePlan> | null)[]): Promise<FileInspection[]>;
  /** Reads, joins and cleans. Replaces the log that was loaded before only when it succeeds. */
  load(
    files: FileSource[],
    plans: FilePlan[],
    cleaning: Partial<CleaningOptions>,
    options?: CallOptions,
  ): Promise<QualityReport>;
  loadColumns(columns: ColumnInput, cleaning: Partial<CleaningOptions>, options?: CallOptions): Promise<QualityReport>;
  loadSample(sample: SampleOptions, options?: CallOptions): Promise<QualityReport>;
  /** Cleans again with other rules, without reading again. */
  clean(cleaning: Partial<CleaningOptions>, options?: CallOptions): Promise<QualityReport>;
  /**
   * Adds new events to the log; the trained models go on learning from them without starting over. Rows that the log
   * held already count once. The log can't be cleaned again afterwards.
   */
  update(
    files: FileSource[],
    plans: FilePlan[],
    cleaning: Partial<CleaningOptions>,
    options?: CallOptions,
  ): Promise<UpdateReport>;
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
