/** On which engine a training run goes, and how it gets there and back. */
import type { Connection } from './connection.js';
import { DriftscopeError, failure, toShape } from './error.js';
import type { CallOptions, EngineName, Note, TrainingReport, TrainOptions } from './types.js';

/** A run shorter than this on the CPU is not worth fetching the other engine for. */
const QUICK_SECONDS = 20;

/** The engines at hand; `webgpu` is null where the page does not allow it. */
export interface Engines {
  cpu: Connection;
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
export async function trainWith(engines: Engines, train: TrainOptions, options: CallOptions): Promise<Trained> {
  const webgpu = new WebgpuEngine(engines);
  let note: Note;
  try {
    const choice = await choose(engines, webgpu, train, options);
    if (choice.engine === 'webgpu') return await trainOnWebgpu(engines, webgpu, train, choice.note, options);
    note = choice.note;
  } catch (thrown) {
    if (!(thrown instanceof WebgpuFailure)) throw thrown;
    note = { code: 'engine.fallback', values: { reason: thrown.message } };
  } finally {
    engines.releaseWebgpu();
  }
  return trainOnCpu(engines, train, note, options);
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
    const bytes = await this.engines.cpu.request('snapshot', null);
    await connection.request('restore', { bytes }, { transfer: [bytes.buffer] });
    return connection;
  }
}

async function choose(engines: Engines, webgpu: WebgpuEngine, train: TrainOptions, { onProgress }: CallOptions): Promise<Choice> {
  if (train.engine === 'cpu') return { engine: 'cpu', note: { code: 'engine.requested', values: { engine: 'cpu' } } };
  if (!train.models.includes('dnn')) return { engine: 'cpu', note: { code: 'engine.nothing_to_train', values: {} } };
  const adapter = engines.webgpu ? await hasAdapter() : false;
  if (train.engine === 'webgpu') {
    if (!adapter) return { engine: 'cpu', note: { code: 'engine.no_adapter', values: {} } };
    return { engine: 'webgpu', note: { code: 'engine.requested', values: { engine: 'webgpu' } } };
  }
  if (!adapter) return { engine: 'cpu', note: { code: 'engine.no_adapter', values: {} } };
  onProgress?.({ stage: 'engine', done: 0, total: 2, unit: 'steps' });
  const { steps } = await engines.cpu.request('estimate', { train });
  const cpu = await engines.cpu.request('measure', { train });
  const seconds = (steps * cpu) / 1000;
  if (seconds < QUICK_SECONDS) return { engine: 'cpu', note: { code: 'engine.quick', values: { cpu: round(cpu), seconds: round(seconds) } } };
  onProgress?.({ stage: 'engine', done: 1, total: 2, unit: 'steps' });
  const gpu = await webgpu.use((connection) => connection.request('measure', { train }));
  onProgress?.({ stage: 'engine', done: 2, total: 2, unit: 'steps' });
  return { engine: gpu < cpu ? 'webgpu' : 'cpu', note: { code: 'engine.measured', values: { cpu: round(cpu), webgpu: round(gpu) } } };
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

async function trainOnCpu(engines: Engines, train: TrainOptions, note: Note, options: CallOptions): Promise<Trained> {
  const report = await engines.cpu.request('train', { train: { ...train, engine: 'cpu' } }, options);
  const bytes = await engines.cpu.request('training', null);
  return { report: { ...report, engine: 'cpu', engineNote: note }, bytes };
}

async function trainOnWebgpu(engines: Engines, webgpu: WebgpuEngine, train: TrainOptions, note: Note, options: CallOptions): Promise<Trained> {
  const { report, bytes } = await webgpu.use(async (connection) => ({
    report: await connection.request('train', { train: { ...train, engine: 'webgpu' } }, options),
    bytes: await connection.request('training', null),
  }));
  if (bytes) await engines.cpu.request('adoptTraining', { bytes });
  return { report: { ...report, engine: 'webgpu', engineNote: note }, bytes };
}
