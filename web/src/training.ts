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
  let failed: Note | null = null;
  try {
    const choice = await choose(engines, train, options);
    if (choice.engine === 'webgpu') return await trainOnWebgpu(engines, train, choice.note, options);
    return await trainOnCpu(engines, train, choice.note, options);
  } catch (thrown) {
    const error = toShape(thrown);
    if (!(thrown instanceof WebgpuFailure)) throw new DriftscopeError(error);
    failed = { code: 'engine.fallback', values: { reason: error.message } };
  } finally {
    engines.releaseWebgpu();
  }
  return trainOnCpu(engines, train, failed, options);
}

/** The WebGPU engine failed where the CPU engine can go on. */
class WebgpuFailure extends DriftscopeError {}

/** Marks what went wrong in the WebGPU engine itself, as opposed to the person's options or cancel. */
async function onWebgpu<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (thrown) {
    const shape = toShape(thrown);
    throw ['crashed', 'device', 'unsupported', 'checkpoint'].includes(shape.code) ? new WebgpuFailure(shape) : new DriftscopeError(shape);
  }
}

async function choose(engines: Engines, train: TrainOptions, { onProgress }: CallOptions): Promise<Choice> {
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
  const webgpu = await onWebgpu(async () => (await withLog(engines)).request('measure', { train }));
  onProgress?.({ stage: 'engine', done: 2, total: 2, unit: 'steps' });
  return { engine: webgpu < cpu ? 'webgpu' : 'cpu', note: { code: 'engine.measured', values: { cpu: round(cpu), webgpu: round(webgpu) } } };
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

/** The WebGPU engine with the log of the CPU engine in it. */
async function withLog(engines: Engines): Promise<Connection> {
  if (!engines.webgpu) throw failure('unsupported', 'the webgpu engine is not allowed here');
  const snapshot = await engines.cpu.request('snapshot', null);
  const connection = await engines.webgpu();
  await connection.request('restore', { bytes: snapshot }, { transfer: [snapshot.buffer] });
  return connection;
}

async function trainOnCpu(engines: Engines, train: TrainOptions, note: Note | null, options: CallOptions): Promise<Trained> {
  const report = await engines.cpu.request('train', { train: { ...train, engine: 'cpu' } }, options);
  const bytes = await engines.cpu.request('training', null);
  return { report: { ...report, engine: 'cpu', engineNote: note ?? report.engineNote }, bytes };
}

async function trainOnWebgpu(engines: Engines, train: TrainOptions, note: Note, options: CallOptions): Promise<Trained> {
  const { report, bytes } = await onWebgpu(async () => {
    const connection = await withLog(engines);
    const trained = await connection.request('train', { train: { ...train, engine: 'webgpu' } }, options);
    return { report: trained, bytes: await connection.request('training', null) };
  });
  if (bytes) await engines.cpu.request('adoptTraining', { bytes });
  return { report: { ...report, engine: 'webgpu', engineNote: note }, bytes };
}
