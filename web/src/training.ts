/** On which engine a training run goes, and how it gets there and back. */
import { hasAdapter } from './adapter.js';
import type { Connection } from './connection.js';
import { DriftscopeError, failure, toShape } from './error.js';
import type {
  CallOptions,
  EngineName,
  ModelName,
  NextItemOptions,
  NextItemReport,
  Note,
  TrainCallOptions,
  TrainingReport,
  TrainOptions,
} from './types.js';

/** The models that learn by gradient. */
const GRADIENT: readonly ModelName[] = ['dnn', 'gnn', 'dnn+gnn', 'sequence', 'blend'];
/** A run shorter than this on the CPU is not worth fetching the other engine for. */
const QUICK_SECONDS = 20;

/** The engines at hand; `webgpu` is null where the page does not allow it. */
export interface Engines {
  /** The CPU engine with the log in it, started anew where it crashed. */
  cpu: () => Promise<Connection>;
  webgpu: (() => Promise<Connection>) | null;
  /** Ends the WebGPU engine, which holds a copy of the log. */
  releaseWebgpu(): void;
}

/** What is to be trained, and how an engine is asked for it. */
export interface Work<R> {
  engine: TrainOptions['engine'];
  /** Whether any of it is done by the device: else the CPU does it all. */
  gradient: boolean;
  train(connection: Connection, engine: EngineName, resume: Uint8Array | null, options: TrainCallOptions): Promise<R>;
  /** Steps in all, and milliseconds of one, which `auto` compares. */
  steps(connection: Connection): Promise<number>;
  measure(connection: Connection): Promise<number>;
  /** The trained models as bytes, and back. */
  models(connection: Connection): Promise<Uint8Array | null>;
  adopt(connection: Connection, bytes: Uint8Array): Promise<unknown>;
}

/** The forecasters of the next window's interests. */
export function interestWork(train: TrainOptions): Work<TrainingReport> {
  return {
    engine: train.engine,
    gradient: train.models.some((model) => GRADIENT.includes(model)),
    train: (connection, engine, resume, options) =>
      connection.request('train', { train: { ...train, engine }, resume }, options),
    steps: async (connection) => (await connection.request('estimate', { train })).steps,
    measure: (connection) => connection.request('measure', { train }),
    models: (connection) => connection.request('training', null),
    adopt: (connection, bytes) => connection.request('adoptTraining', { bytes }),
  };
}

/** The models of the next item. Their steps are not timed, so that `auto` is the CPU. */
export function nextItemWork(train: NextItemOptions): Work<NextItemReport> {
  return {
    engine: train.engine ?? 'cpu',
    gradient: train.models.some((model) => GRADIENT.includes(model)),
    train: (connection, _engine, _resume, options) => connection.request('trainNextItems', { train }, options),
    steps: () => Promise.resolve(0),
    measure: () => Promise.resolve(0),
    models: (connection) => connection.request('nextItemTraining', null),
    adopt: (connection, bytes) => connection.request('adoptNextItemTraining', { bytes }),
  };
}

/** A trained session: the report, and the models as bytes for a later restart. */
export interface Trained<R> {
  report: R & { engine: EngineName; engineNote: Note };
  bytes: Uint8Array | null;
}

interface Choice {
  engine: EngineName;
  note: Note;
}

/** Trains on the engine that is asked for or that is faster; afterwards the models lie in the CPU engine. */
export async function trainWith<R>(engines: Engines, work: Work<R>, options: TrainCallOptions): Promise<Trained<R>> {
  const webgpu = new WebgpuEngine(engines);
  const run = new Run(work, options);
  let note: Note;
  try {
    const choice = await choose(engines, webgpu, work, options);
    if (choice.engine === 'webgpu') return await trainOnWebgpu(engines, webgpu, run, choice.note);
    note = choice.note;
  } catch (thrown) {
    if (!(thrown instanceof WebgpuFailure)) throw thrown;
    note = { code: 'engine.fallback', values: { reason: thrown.message } };
  } finally {
    engines.releaseWebgpu();
  }
  return trainOnCpu(engines, run, note);
}

/** A training run that may move from one engine to another: it goes on from the last checkpoint. */
class Run<R> {
  private checkpoint: Uint8Array | null;

  constructor(
    readonly work: Work<R>,
    private readonly options: TrainCallOptions,
  ) {
    this.checkpoint = options.resume ?? null;
  }

  /** The checkpoint that the run stands at; it changes with every epoch. */
  get at(): Uint8Array | null {
    return this.checkpoint;
  }

  on(connection: Connection, engine: EngineName): Promise<R> {
    const { signal, onProgress, onCheckpoint } = this.options;
    const keep = (bytes: Uint8Array): void => {
      this.checkpoint = bytes;
      onCheckpoint?.(bytes.slice());
    };
    return this.work.train(connection, engine, this.checkpoint, { signal, onProgress, onCheckpoint: keep });
  }
}

/** The WebGPU engine failed where the CPU engine can go on. */
class WebgpuFailure extends DriftscopeError {}

/** The WebGPU engine, which gets the log of the CPU engine when it is first used. */
class WebgpuEngine {
  private connection: Connection | null = null;

  constructor(private readonly engines: Engines) {}

  /** Does something there; marks what went wrong in the engine itself, as opposed to the person's options or cancel. */
  async use<T>(step: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      this.connection ??= await this.start();
      return await step(this.connection);
    } catch (thrown) {
      const shape = toShape(thrown);
      throw ['crashed', 'device', 'unsupported', 'network', 'checkpoint'].includes(shape.code)
        ? new WebgpuFailure(shape)
        : thrown;
    }
  }

  private async start(): Promise<Connection> {
    if (!this.engines.webgpu) throw failure('unsupported', 'the webgpu engine is not allowed here');
    const connection = await this.engines.webgpu();
    const bytes = await (await this.engines.cpu()).request('snapshot', null);
    await connection.request('restore', { bytes }, { transfer: [bytes.buffer] });
    return connection;
  }
}

async function choose<R>(
  engines: Engines,
  webgpu: WebgpuEngine,
  work: Work<R>,
  { onProgress }: CallOptions,
): Promise<Choice> {
  if (work.engine === 'cpu') return { engine: 'cpu', note: { code: 'engine.requested', values: { engine: 'cpu' } } };
  if (!work.gradient) return { engine: 'cpu', note: { code: 'engine.nothing_to_train', values: {} } };
  const adapter = engines.webgpu ? await hasAdapter() : false;
  if (work.engine === 'webgpu') {
    if (!adapter) return { engine: 'cpu', note: { code: 'engine.no_adapter', values: {} } };
    return { engine: 'webgpu', note: { code: 'engine.requested', values: { engine: 'webgpu' } } };
  }
  if (!adapter) return { engine: 'cpu', note: { code: 'engine.no_adapter', values: {} } };
  onProgress?.({ stage: 'engine', done: 0, total: 2, unit: 'steps' });
  const connection = await engines.cpu();
  const steps = await work.steps(connection);
  const cpu = await work.measure(connection);
  const seconds = (steps * cpu) / 1000;
  if (seconds < QUICK_SECONDS)
    return { engine: 'cpu', note: { code: 'engine.quick', values: { cpu: round(cpu), seconds: round(seconds) } } };
  onProgress?.({ stage: 'engine', done: 1, total: 2, unit: 'steps' });
  const gpu = await webgpu.use((connection) => work.measure(connection));
  onProgress?.({ stage: 'engine', done: 2, total: 2, unit: 'steps' });
  return {
    engine: gpu < cpu ? 'webgpu' : 'cpu',
    note: { code: 'engine.measured', values: { cpu: round(cpu), webgpu: round(gpu) } },
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** A worker that dies is started anew, and the run goes on; one that dies again before the next epoch is not. */
async function trainOnCpu<R>(engines: Engines, run: Run<R>, note: Note): Promise<Trained<R>> {
  for (;;) {
    const before = run.at;
    const connection = await engines.cpu();
    try {
      const report = await run.on(connection, 'cpu');
      const bytes = await run.work.models(connection);
      return { report: { ...report, engine: 'cpu', engineNote: note }, bytes };
    } catch (thrown) {
      if (toShape(thrown).code !== 'crashed' || run.at === before) throw thrown;
    }
  }
}

async function trainOnWebgpu<R>(engines: Engines, webgpu: WebgpuEngine, run: Run<R>, note: Note): Promise<Trained<R>> {
  const { report, bytes } = await webgpu.use(async (connection) => ({
    report: await run.on(connection, 'webgpu'),
    bytes: await run.work.models(connection),
  }));
  if (bytes) await run.work.adopt(await engines.cpu(), bytes);
  return { report: { ...report, engine: 'webgpu', engineNote: note }, bytes };
}
