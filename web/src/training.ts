/** On which engine a training run goes, and how it gets there and back. */
import type { Connection } from './connection.js';
import { DriftscopeError, failure, toShape } from './error.js';
import type {
  CallOptions,
  EngineName,
  ModelName,
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

/** A trained session: the report, and the models as bytes for a later restart. */
export interface Trained {
  report: TrainingReport;
  bytes: Uint8Array | null;
}

interface Choice {
  engine: EngineName;
  note: Note;
}

/** Trains on the engine that `train.engine` names or that is faster; afterwards the models lie in the CPU engine. */
export async function trainWith(engines: Engines, train: TrainOptions, options: TrainCallOptions): Promise<Trained> {
  const webgpu = new WebgpuEngine(engines);
  const run = new Run(train, options);
  let note: Note;
  try {
    const choice = await choose(engines, webgpu, train, options);
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
class Run {
  private checkpoint: Uint8Array | null;

  constructor(
    private readonly train: TrainOptions,
    private readonly options: TrainCallOptions,
  ) {
    this.checkpoint = options.resume ?? null;
  }

  /** The checkpoint that the run stands at; it changes with every epoch. */
  get at(): Uint8Array | null {
    return this.checkpoint;
  }

  on(connection: Connection, engine: EngineName): Promise<TrainingReport> {
    const { signal, onProgress, onCheckpoint } = this.options;
    const keep = (bytes: Uint8Array): void => {
      this.checkpoint = bytes;
      onCheckpoint?.(bytes.slice());
    };
    const args = { train: { ...this.train, engine }, resume: this.checkpoint };
    return connection.request('train', args, { signal, onProgress, onCheckpoint: keep });
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
      throw ['crashed', 'device', 'unsupported', 'checkpoint'].includes(shape.code) ? new WebgpuFailure(shape) : thrown;
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

async function choose(
  engines: Engines,
  webgpu: WebgpuEngine,
  train: TrainOptions,
  { onProgress }: CallOptions,
): Promise<Choice> {
  if (train.engine === 'cpu') return { engine: 'cpu', note: { code: 'engine.requested', values: { engine: 'cpu' } } };
  if (!train.models.some((model) => GRADIENT.includes(model)))
    return { engine: 'cpu', note: { code: 'engine.nothing_to_train', values: {} } };
  const adapter = engines.webgpu ? await hasAdapter() : false;
  if (train.engine === 'webgpu') {
    if (!adapter) return { engine: 'cpu', note: { code: 'engine.no_adapter', values: {} } };
    return { engine: 'webgpu', note: { code: 'engine.requested', values: { engine: 'webgpu' } } };
  }
  if (!adapter) return { engine: 'cpu', note: { code: 'engine.no_adapter', values: {} } };
  onProgress?.({ stage: 'engine', done: 0, total: 2, unit: 'steps' });
  const connection = await engines.cpu();
  const { steps } = await connection.request('estimate', { train });
  const cpu = await connection.request('measure', { train });
  const seconds = (steps * cpu) / 1000;
  if (seconds < QUICK_SECONDS)
    return { engine: 'cpu', note: { code: 'engine.quick', values: { cpu: round(cpu), seconds: round(seconds) } } };
  onProgress?.({ stage: 'engine', done: 1, total: 2, unit: 'steps' });
  const gpu = await webgpu.use((connection) => connection.request('measure', { train }));
  onProgress?.({ stage: 'engine', done: 2, total: 2, unit: 'steps' });
  return {
    engine: gpu < cpu ? 'webgpu' : 'cpu',
    note: { code: 'engine.measured', values: { cpu: round(cpu), webgpu: round(gpu) } },
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

async function hasAdapter(): Promise<boolean> {
  try {
    return Boolean(await (globalThis.navigator as Navigator & { gpu?: GpuLike }).gpu?.requestAdapter());
  } catch {
    return false;
  }
}

interface GpuLike {
  requestAdapter(): Promise<object | null>;
}

/** A worker that dies is started anew, and the run goes on; one that dies again before the next epoch is not. */
async function trainOnCpu(engines: Engines, run: Run, note: Note): Promise<Trained> {
  for (;;) {
    const before = run.at;
    const connection = await engines.cpu();
    try {
      const report = await run.on(connection, 'cpu');
      const bytes = await connection.request('training', null);
      return { report: { ...report, engine: 'cpu', engineNote: note }, bytes };
    } catch (thrown) {
      if (toShape(thrown).code !== 'crashed' || run.at === before) throw thrown;
    }
  }
}

async function trainOnWebgpu(engines: Engines, webgpu: WebgpuEngine, run: Run, note: Note): Promise<Trained> {
  const { report, bytes } = await webgpu.use(async (connection) => ({
    report: await run.on(connection, 'webgpu'),
    bytes: await connection.request('training', null),
  }));
  if (bytes) await (await engines.cpu()).request('adoptTraining', { bytes });
  return { report: { ...report, engine: 'webgpu', engineNote: note }, bytes };
}
