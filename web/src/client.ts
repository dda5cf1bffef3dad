import { hasAdapter } from './adapter.js';
import { engineModule, preload, scriptSource } from './assets.js';
import { Connection } from './connection.js';
import { type Connections, disposeWhenForgotten, makeAsyncDisposable } from './disposal.js';
import { cancelled, DriftscopeError, failure, toShape } from './error.js';
import { attempts } from './leak.js';
import { type Ask, type Reading, Recipe } from './recipe.js';
import type { RequestKind, Requests } from './protocol.js';
import { seal } from './seal.js';
import { requestWith } from './source/feed.js';
import { isRepeatable } from './source/given.js';
import { sourcesOf } from './source/sources.js';
import { startWorker } from './start-worker.js';
import { type Engines, interestWork, nextItemWork, type Trained, trainWith, type Work } from './training.js';
import { Turns } from './turns.js';
import type {
  Anomalies,
  AnonymousEvolution,
  CallOptions,
  CleaningOptions,
  CreateOptions,
  Drift,
  DriftscopeApi,
  EngineName,
  Evolution,
  ExplainOptions,
  Explanation,
  FileInspection,
  Forecast,
  InspectOptions,
  InterestOptions,
  ItemExplanation,
  LeakAttempt,
  LoadOptions,
  LogSources,
  Migration,
  MigrationOptions,
  ModelName,
  NearUser,
  NextItemOptions,
  NextItemReport,
  NextItems,
  PrivacyAccount,
  PrivacyLoss,
  PrivateEvolution,
  PrivateOptions,
  Prospects,
  QualityReport,
  SampleOptions,
  SavedModels,
  Scope,
  SegmentOptions,
  Segments,
  Totals,
  TrainCallOptions,
  TrainingEstimate,
  TrainingReport,
  TrainOptions,
  Transfer,
  UpdateReport,
  UserEvents,
  UserRow,
  WindowOptions,
} from './types.js';

/** Starts an engine in a worker of its own. */
export type Launch = (engine: EngineName) => Promise<Connection>;

/**
 * Starts Driftscope: fetches the CPU engine and starts its worker. Nothing happens before this call; the module can be
 * imported on a server.
 *
 * @example
 * ```js
 * import { create } from 'driftscope';
 * const driftscope = await create();
 * await driftscope.loadSample({ users: 1000, days: 100, seed: 1 });
 * ```
 */
export async function create(given: CreateOptions = {}): Promise<DriftscopeApi> {
  let client: Client | null = null;
  try {
    if (given.signal?.aborted) throw cancelled();
    const options = given.sealed ? await sealedOptions(given) : given;
    client = new Client(launcher(options), options.engines ?? ['cpu', 'webgpu']);
    await orCancelled(client.start(), given.signal);
    return client;
  } catch (thrown) {
    client?.dispose();
    throw new DriftscopeError(toShape(thrown, 'unsupported'));
  }
}

/** Starts engines as the options say. What is fetched later than with `create` is not reported, nor ended by its signal. */
function launcher({ signal, onProgress, ...options }: CreateOptions): Launch {
  let first: CallOptions = { signal, onProgress };
  return async (engine) => {
    const call = first;
    first = {};
    // Listens from the start, so that a script that fails meanwhile is heard.
    const starting = scriptSource(engine, options)
      .then((source) => startWorker(source, `driftscope-${engine}`))
      .then((worker) => new Connection(worker));
    try {
      const [module, reader, connection] = await Promise.all([
        engineModule(engine, { ...options, ...call }),
        scriptSource('reader', options),
        starting,
      ]);
      await connection.request('start', { module, reader });
      return connection;
    } catch (thrown) {
      const error = new DriftscopeError(toShape(thrown));
      starting.then((connection) => connection.close(error)).catch(() => undefined);
      throw error;
    }
  };
}

/** Fetches what is not there yet, then seals the page. A WebGPU engine goes on arriving: its request went out before. */
async function sealedOptions(options: CreateOptions): Promise<CreateOptions> {
  const wanted = options.engines ?? ['cpu', 'webgpu'];
  const missing = wanted.filter((engine) => !options.wasmModule?.[engine] || !options.workerSource?.[engine]);
  if (missing.length === 0 && options.workerSource?.reader !== undefined) {
    // What failed on its way can still be fetched again before the seal, and not afterwards.
    await Promise.all(Object.values(options.workerSource).map((text) => Promise.resolve(text)));
    seal();
    return options;
  }
  const background = wanted.includes('webgpu') && (await hasAdapter()) ? (['webgpu'] as const) : [];
  const fetched = await preload({ ...options, engines: ['cpu'], background: [...background] });
  await Promise.all(Object.values(fetched.workerSource ?? {}).map((text) => Promise.resolve(text)));
  seal();
  return {
    ...options,
    engines: wanted.filter((engine) => engine === 'cpu' || background.length > 0),
    wasmModule: { ...fetched.wasmModule, ...options.wasmModule },
    workerSource: { ...fetched.workerSource, ...options.workerSource },
  };
}

/** The API over one CPU engine worker and, while it is in use, one WebGPU engine worker. */
export class Client implements DriftscopeApi {
  private readonly turns = new Turns();
  private readonly recipe = new Recipe();
  private readonly connections: Connections = {};
  private disposed = false;

  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  constructor(
    private readonly launch: Launch,
    private readonly allowed: EngineName[],
  ) {
    disposeWhenForgotten(this, this.connections);
    makeAsyncDisposable(this);
  }

  /** Starts the CPU engine, so that a broken set-up shows at once. */
  async start(): Promise<void> {
    await this.engine('cpu');
  }

  inspect(sources: LogSources, { changed = [], ...options }: InspectOptions = {}): Promise<FileInspection[]> {
    return this.inTurn(options, async () => {
      const given = sourcesOf(sources);
      const once = given.find((source) => !isRepeatable(source));
      if (once) throw failure('parameter', `${once.name} can be read only once: load it, or inspect a Blob of it`);
      return this.asking((connection, call) => requestWith(connection, 'inspect', given, { changed }, call), options);
    });
  }

  load(sources: LogSources, options: LoadOptions = {}): Promise<QualityReport> {
    return this.inTurn(options, async () => {
      const { given, plans, cleaning } = readingOf(sources, options);
      const load: Ask<QualityReport> = (connection, call) =>
        requestWith(connection, 'load', given, { plans, cleaning }, call);
      const report = await this.asking(load, options);
      this.recipe.loaded(load, given);
      return report;
    });
  }

  loadSample(sample: SampleOptions, options?: CallOptions): Promise<QualityReport> {
    return this.loadBy((connection, call) => connection.request('loadSample', { sample }, call), options);
  }

  clean(cleaning: Partial<CleaningOptions>, options: CallOptions = {}): Promise<QualityReport> {
    return this.inTurn(options, async () => {
      const report = await this.ask('clean', { cleaning }, options);
      this.recipe.cleaned(cleaning);
      return report;
    });
  }

  update(sources: LogSources, options: LoadOptions = {}): Promise<UpdateReport> {
    return this.inTurn(options, async () => {
      const reading = readingOf(sources, options);
      const args = { plans: reading.plans, cleaning: reading.cleaning, learn: true };
      const report = await this.asking(
        (connection, call) => requestWith(connection, 'update', reading.given, args, call),
        options,
      );
      const training = report.models.length > 0 ? await this.ask('training', null, {}) : null;
      this.recipe.updated(reading, training);
      return report;
    });
  }

  cleaningDefaults(options?: CallOptions): Promise<CleaningOptions> {
    return this.call('cleaningDefaults', null, options);
  }

  tryToLeak(options: CallOptions = {}): Promise<LeakAttempt[]> {
    return this.inTurn(options, async () => {
      const address = new URL('driftscope-leak-probe', globalThis.document.baseURI);
      const own = await attempts('page', address);
      return [...own, ...(await this.ask('tryToLeak', { address: address.href }, options))];
    });
  }

  rejectedRows(options: CallOptions = {}): Promise<Blob> {
    return this.inTurn(options, async () => {
      const given = this.recipe.sources;
      return this.asking((connection, call) => requestWith(connection, 'rejectedRows', given, {}, call), options);
    });
  }

  evolution(scope: Scope, interest: InterestOptions, options?: CallOptions): Promise<Evolution> {
    return this.call('evolution', { scope, options: interest }, options);
  }

  transfer(
    scope: Scope,
    interest: InterestOptions,
    between: { from: number; to: number } | null,
    top: number,
    options?: CallOptions,
  ): Promise<Transfer> {
    return this.call('transfer', { scope, options: interest, between, top }, options);
  }

  drift(scope: Scope, interest: InterestOptions, options?: CallOptions): Promise<Drift> {
    return this.call('drift', { scope, options: interest }, options);
  }

  users(
    query: { text: string; offset: number; limit: number },
    options?: CallOptions,
  ): Promise<{ total: number; rows: UserRow[] }> {
    return this.call('users', query, options);
  }

  userEvents(user: number, options?: CallOptions): Promise<UserEvents> {
    return this.call('userEvents', { user }, options);
  }

  nearestUsers(user: number, interest: InterestOptions, limit: number, options?: CallOptions): Promise<NearUser[]> {
    return this.call('nearestUsers', { user, options: interest, limit }, options);
  }

  segments(interest: InterestOptions, { count, stretch, seed, ...options }: SegmentOptions = {}): Promise<Segments> {
    const how = { interest, count: count ?? null, stretch: stretch ?? null, seed: seed ?? 1 };
    return this.call('segments', { options: how }, options);
  }

  migration(
    scope: Scope,
    interest: InterestOptions,
    { level = 0.05, top = 50, ...options }: MigrationOptions = {},
  ): Promise<Migration> {
    return this.call('migration', { scope, options: { interest, level, top } }, options);
  }

  anomalies(top: number, options?: CallOptions): Promise<Anomalies> {
    return this.call('anomalies', { top }, options);
  }

  prospects(window: WindowOptions, options?: CallOptions): Promise<Prospects> {
    return this.call('prospects', { window }, options);
  }

  estimate(train: TrainOptions, options?: CallOptions): Promise<TrainingEstimate> {
    return this.call('estimate', { train }, options);
  }

  async train(train: TrainOptions, options: TrainCallOptions = {}): Promise<TrainingReport> {
    const { report, bytes } = await this.trained(interestWork(train), options);
    this.recipe.trained(bytes);
    return report;
  }

  async trainNextItems(train: NextItemOptions, options: CallOptions = {}): Promise<NextItemReport> {
    const { report, bytes } = await this.trained(nextItemWork(train), options);
    this.recipe.trainedNextItems(bytes);
    return report;
  }

  nextItems(user: number, top: number, model?: ModelName, options?: CallOptions): Promise<NextItems> {
    return this.call('nextItems', { user, top, model: model ?? null }, options);
  }

  explain(user: number, { domain, model, ...options }: ExplainOptions = {}): Promise<Explanation> {
    return this.call('explain', { user, domain: domain ?? null, model: model ?? null }, options);
  }

  explainItem(user: number, item: string, { model, ...options }: ExplainOptions = {}): Promise<ItemExplanation> {
    return this.call('explainItem', { user, item, model: model ?? null }, options);
  }

  pseudonymise(key?: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    return this.inTurn(options, async () => {
      const used = await this.ask('pseudonymise', { key: key ?? null }, options);
      this.recipe.pseudonymised(used.slice());
      return used;
    });
  }

  anonymousEvolution(
    scope: Scope,
    interest: InterestOptions,
    k: number,
    totals: Totals,
    options?: CallOptions,
  ): Promise<AnonymousEvolution> {
    return this.call('anonymousEvolution', { scope, options: interest, k, totals }, options);
  }

  setPrivacyBudget(budget: PrivacyLoss, options: CallOptions = {}): Promise<PrivacyAccount> {
    return this.accounted(options, () => this.ask('setPrivacyBudget', { budget }, options));
  }

  privacyAccount(options?: CallOptions): Promise<PrivacyAccount | null> {
    return this.call('privacyAccount', null, options);
  }

  privateEvolution(
    scope: Scope,
    interest: InterestOptions,
    release: PrivateOptions,
    options: CallOptions = {},
  ): Promise<PrivateEvolution> {
    return this.accounted(options, () => this.ask('privateEvolution', { scope, options: interest, release }, options));
  }

  forecast(scope: Scope, model?: ModelName, options?: CallOptions): Promise<Forecast> {
    return this.call('forecast', { scope, model: model ?? null }, options);
  }

  useBaseModel(window: WindowOptions, options: CallOptions = {}): Promise<SavedModels> {
    return this.inTurn(options, async () => {
      const saved = await this.ask('useBaseModel', { window }, options);
      this.recipe.trained(await this.ask('training', null, {}));
      return saved;
    });
  }

  saveModels(options: CallOptions = {}): Promise<Uint8Array> {
    return this.inTurn(options, async () => {
      const bytes = await this.ask('training', null, options);
      if (!bytes) throw failure('state', 'nothing was trained yet: train first');
      return bytes;
    });
  }

  openModels(bytes: Uint8Array, options: CallOptions = {}): Promise<SavedModels> {
    return this.inTurn(options, async () => {
      const saved = await this.ask('adoptTraining', { bytes }, options);
      this.recipe.trained(bytes.slice());
      return saved;
    });
  }

  snapshot(options?: CallOptions): Promise<Uint8Array> {
    return this.call('snapshot', null, options);
  }

  restore(bytes: Uint8Array, options: CallOptions = {}): Promise<QualityReport> {
    return this.loadBy((connection, call) => connection.request('restore', { bytes }, call), options);
  }

  dispose(): void {
    this.disposed = true;
    this.recipe.clear();
    this.release('cpu');
    this.release('webgpu');
  }

  /** A cancelled training still has a report, so its answer is waited for. */
  private trained<R>(work: Work<R>, options: TrainCallOptions): Promise<Trained<R>> {
    return this.inTurn({ onProgress: options.onProgress }, async () => {
      if (options.signal?.aborted) throw cancelled();
      const engines: Engines = {
        cpu: () => this.ready(),
        webgpu: this.allowed.includes('webgpu') ? () => this.engine('webgpu') : null,
        releaseWebgpu: () => this.release('webgpu'),
      };
      try {
        return await trainWith(engines, work, options);
      } catch (thrown) {
        throw this.explained(new DriftscopeError(toShape(thrown)));
      }
    });
  }

  private release(engine: EngineName): void {
    this.connections[engine]?.close(failure('disposed', `the ${engine} engine was shut down`));
    delete this.connections[engine];
  }

  /** Nothing is given out before an engine that takes over after a crash would know what it cost. */
  private accounted<T>(options: CallOptions, task: () => Promise<T>): Promise<T> {
    return this.inTurn(options, async () => {
      const result = await task();
      this.recipe.spent(await this.ask('privacyLedger', null, {}));
      return result;
    });
  }

  private call<K extends RequestKind>(
    kind: K,
    args: Requests[K]['args'],
    options: CallOptions = {},
  ): Promise<Requests[K]['result']> {
    return this.inTurn(options, () => this.ask(kind, args, options));
  }

  private loadBy(load: Ask<QualityReport>, options: CallOptions = {}): Promise<QualityReport> {
    return this.inTurn(options, async () => {
      const report = await this.asking(load, options);
      this.recipe.loaded(load);
      return report;
    });
  }

  /** Waits for the calls before it. A cancel rejects at once; the next call still waits until the worker has stopped. */
  private inTurn<T>({ signal }: CallOptions, task: () => Promise<T>): Promise<T> {
    const result = this.turns.take(async () => {
      if (this.disposed) throw failure('disposed', 'this Driftscope was disposed of: create another');
      if (signal?.aborted) throw cancelled();
      return task();
    });
    return orCancelled(result, signal);
  }

  private ask<K extends RequestKind>(
    kind: K,
    args: Requests[K]['args'],
    options: CallOptions,
  ): Promise<Requests[K]['result']> {
    return this.asking((connection, call) => connection.request(kind, args, call), options);
  }

  private async asking<T>(ask: Ask<T>, { signal, onProgress }: CallOptions): Promise<T> {
    const connection = await this.ready();
    try {
      return await ask(connection, { signal, onProgress });
    } catch (thrown) {
      throw this.explained(new DriftscopeError(toShape(thrown)));
    }
  }

  /** Says of a crash what becomes of the session. */
  private explained(error: DriftscopeError): DriftscopeError {
    if (error.code !== 'crashed') return error;
    const hint = this.recipe.isEmpty
      ? 'The engine starts anew with the next call.'
      : 'The engine starts anew with the next call, and the log that was loaded before is loaded again.';
    return failure('crashed', `the engine crashed: ${error.message}. ${hint}`, { hint });
  }

  /** The CPU engine with the present session in it, started anew after a crash. */
  private async ready(): Promise<Connection> {
    const before = this.connections.cpu;
    const connection = await this.engine('cpu');
    if (connection === before || this.recipe.isEmpty) return connection;
    try {
      for (const step of this.recipe.steps()) await step(connection, {});
    } catch (thrown) {
      this.recipe.clear();
      const { message } = toShape(thrown);
      throw failure('crashed', `the engine was started anew, but the log could not be loaded again: ${message}`, {
        hint: 'Load the log again.',
      });
    }
    return connection;
  }

  private async engine(engine: EngineName): Promise<Connection> {
    const present = this.connections[engine];
    if (present && !present.lost) return present;
    const connection = await this.launch(engine);
    if (this.disposed) {
      const error = failure('disposed', 'this Driftscope was disposed of while it started');
      connection.close(error);
      throw error;
    }
    this.connections[engine] = connection;
    return connection;
  }
}

/** The result, or a rejection as soon as the signal says so; whatever comes of it then is left alone. */
function orCancelled<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(cancelled());
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** What `load` and `update` are asked for. */
function readingOf(sources: LogSources, { plans, cleaning }: LoadOptions): Reading {
  return { given: sourcesOf(sources), plans: plans ?? null, cleaning: cleaning ?? {} };
}
