import { describe, expect, it, vi } from 'vitest';

import { Client } from '../src/client.js';
import { Connection } from '../src/connection.js';
import { makeAsyncDisposable } from '../src/disposal.js';
import { DriftscopeError, failure } from '../src/error.js';
import type { Requests } from '../src/protocol.js';
import type {
  CallOptions,
  DriftscopeApi,
  EngineName,
  QualityReport,
  SampleOptions,
  SavedModels,
  TrainingReport,
  TrainOptions,
  UpdateReport,
} from '../src/types.js';
import type { Handlers } from '../src/worker/serve.js';
import { FakeWorker } from './fake-worker.js';

/** Methods of the class that are not of the API. */
const PRIVATE = [
  'constructor',
  'start',
  'trained',
  'release',
  'call',
  'loadBy',
  'inTurn',
  'ask',
  'asking',
  'explained',
  'ready',
  'engine',
  'accounted',
];
const SAMPLE: SampleOptions = { users: 10, days: 10, seed: 1 };
const TRAIN: TrainOptions = { window: { length: 'week', timeZone: 'UTC' }, models: ['dnn'], seed: 1, engine: 'auto' };
const SAVED: SavedModels = { window: TRAIN.window, models: ['decay_prior', 'dnn'], best: 'dnn' };

/** A client over fake engines that write down what they are asked. */
function setUp(overrides: Partial<Record<EngineName, Partial<Handlers<Requests>>>> = {}) {
  const asked: string[] = [];
  const workers: Partial<Record<EngineName, FakeWorker<Requests>>> = {};
  const launch = async (engine: EngineName): Promise<Connection> => {
    const note = (kind: string): void => void asked.push(`${engine}.${kind}`);
    const answering = <K extends keyof Requests>(kind: K, value: unknown): Handlers<Requests>[K] =>
      ((args: Requests[K]['args'], call: Parameters<Handlers<Requests>[K]>[1]) => {
        note(kind);
        const own = overrides[engine]?.[kind];
        return own ? own(args, call) : value;
      }) as unknown as Handlers<Requests>[K];
    const report = { rowsRead: 1 } as QualityReport;
    const trained = { engine, engineNote: { code: 'none', values: {} } } as unknown as TrainingReport;
    const worker = new FakeWorker<Requests>({
      start: answering('start', null),
      inspect: answering('inspect', []),
      load: answering('load', report),
      loadSample: answering('loadSample', report),
      update: answering('update', { models: [{ model: 'dnn', learning: null }] }),
      clean: answering('clean', report),
      tryToLeak: answering('tryToLeak', []),
      cleaningDefaults: answering('cleaningDefaults', {}),
      rejectedRows: answering('rejectedRows', null),
      evolution: answering('evolution', {}),
      transfer: answering('transfer', {}),
      drift: answering('drift', {}),
      users: answering('users', { total: 0, rows: [] }),
      userEvents: answering('userEvents', {}),
      nearestUsers: answering('nearestUsers', []),
      segments: answering('segments', {}),
      migration: answering('migration', {}),
      anomalies: answering('anomalies', {}),
      prospects: answering('prospects', {}),
      estimate: answering('estimate', { steps: 1000 }),
      measure: answering('measure', engine === 'cpu' ? 100 : 10),
      train: answering('train', trained),
      forecast: answering('forecast', {}),
      useBaseModel: answering('useBaseModel', SAVED),
      training: answering('training', new Uint8Array([7])),
      adoptTraining: answering('adoptTraining', SAVED),
      trainNextItems: answering('trainNextItems', trained),
      nextItems: answering('nextItems', {}),
      explain: answering('explain', {}),
      explainItem: answering('explainItem', {}),
      pseudonymise: answering('pseudonymise', new Uint8Array([5])),
      anonymousEvolution: answering('anonymousEvolution', {}),
      setPrivacyBudget: answering('setPrivacyBudget', {}),
      privacyAccount: answering('privacyAccount', null),
      privateEvolution: answering('privateEvolution', {}),
      privacyLedger: answering('privacyLedger', new Uint8Array([6])),
      adoptPrivacyLedger: answering('adoptPrivacyLedger', null),
      nextItemTraining: answering('nextItemTraining', new Uint8Array([8])),
      adoptNextItemTraining: answering('adoptNextItemTraining', null),
      snapshot: answering('snapshot', new Uint8Array([1])),
      restore: answering('restore', report),
    });
    workers[engine] = worker;
    note('launch');
    return new Connection(worker);
  };
  return { client: new Client(launch, ['cpu', 'webgpu']), asked, workers };
}

function withAdapter(): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve({}) } });
}

const hang = (): Promise<never> => new Promise(() => undefined);

describe('the queue', () => {
  it('runs calls in order, one at a time, and goes on after a failure', async () => {
    let running = 0;
    const slow = async (): Promise<never> => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running--;
      throw failure('state', 'no log');
    };
    const { client, asked } = setUp({ cpu: { evolution: slow, drift: slow } });
    const calls = [
      client.evolution({ kind: 'everyone' }, {} as never),
      client.drift({ kind: 'everyone' }, {} as never),
      client.users({ text: '', offset: 0, limit: 1 }),
    ];
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(asked).toEqual(['cpu.launch', 'cpu.evolution', 'cpu.drift', 'cpu.users']);
  });

  it('rejects a cancelled call at once, and the next call waits until the worker has stopped', async () => {
    let stopped = false;
    const { client } = setUp({
      cpu: {
        loadSample: async (_, call) => {
          while (!call.isCancelled) await new Promise((resolve) => setTimeout(resolve, 5));
          await new Promise((resolve) => setTimeout(resolve, 100));
          stopped = true;
          throw failure('cancelled', 'cancelled');
        },
        users: () => {
          expect(stopped).toBe(true);
          return { total: 3, rows: [] };
        },
      },
    });
    const stop = new AbortController();
    const load = client.loadSample(SAMPLE, { signal: stop.signal });
    const users = client.users({ text: '', offset: 0, limit: 1 });
    setTimeout(() => stop.abort(), 30);
    await expect(load).rejects.toMatchObject({ code: 'cancelled' });
    expect(stopped).toBe(false);
    await expect(users).resolves.toMatchObject({ total: 3 });
  });

  it('never starts a call that was cancelled before its turn', async () => {
    const { client, asked } = setUp();
    const stop = new AbortController();
    stop.abort();
    await expect(client.loadSample(SAMPLE, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await client.cleaningDefaults();
    expect(asked).toEqual(['cpu.launch', 'cpu.cleaningDefaults']);
  });
});

describe('a crash', () => {
  it('is told, and the session is made again by the next call', async () => {
    const { client, asked, workers } = setUp({ cpu: { drift: hang } });
    await client.loadSample(SAMPLE);
    await client.clean({ minEventsPerUser: 2 });
    const drift = client.drift({ kind: 'everyone' }, {} as never);
    await vi.waitUntil(() => asked.includes('cpu.drift'));
    workers.cpu?.crash('index out of bounds');
    await expect(drift).rejects.toMatchObject({ code: 'crashed', message: /index out of bounds.*loaded again/ });
    asked.length = 0;
    await client.users({ text: '', offset: 0, limit: 1 });
    expect(asked).toEqual(['cpu.launch', 'cpu.loadSample', 'cpu.clean', 'cpu.users']);
    expect(workers.cpu?.sent).toContainEqual(
      expect.objectContaining({ kind: 'clean', args: { cleaning: { minEventsPerUser: 2 } } }),
    );
  });

  it('of the session that is made again does not repeat for ever', async () => {
    const { client, asked, workers } = setUp();
    await client.loadSample(SAMPLE);
    workers.cpu?.crash('first');
    const again = setInterval(() => asked.at(-1) === 'cpu.launch' && workers.cpu?.crash('second'));
    await vi.waitUntil(() => workers.cpu?.terminated);
    await expect(client.users({ text: '', offset: 0, limit: 1 })).rejects.toMatchObject({
      code: 'crashed',
      message: /second/,
    });
    clearInterval(again);
    await expect(client.users({ text: '', offset: 0, limit: 1 })).resolves.toMatchObject({ total: 0 });
  });

  it('during training goes on from the last checkpoint', async () => {
    const resumed: unknown[] = [];
    const handed: number[] = [];
    const { client, workers } = setUp({
      cpu: {
        train: async ({ resume }, call) => {
          resumed.push(resume?.[0] ?? null);
          if (resume) return { engine: 'cpu' } as TrainingReport;
          call.checkpoint(new Uint8Array([1]));
          call.checkpoint(new Uint8Array([2]));
          setTimeout(() => workers.cpu?.crash('out of memory'));
          return hang();
        },
      },
    });
    await client.loadSample(SAMPLE);
    const options = { onCheckpoint: ([epoch]: Uint8Array) => void handed.push(epoch ?? 0) };
    await expect(client.train({ ...TRAIN, engine: 'cpu' }, options)).resolves.toMatchObject({ engine: 'cpu' });
    expect(resumed).toEqual([null, 2]);
    expect(handed).toEqual([1, 2]);
  });

  it('during training is told where no epoch came of it', async () => {
    const { client, asked, workers } = setUp({ cpu: { train: () => (workers.cpu?.crash('at once'), hang()) } });
    await client.loadSample(SAMPLE);
    await expect(client.train({ ...TRAIN, engine: 'cpu' })).rejects.toMatchObject({ code: 'crashed' });
    expect(asked.filter((kind) => kind === 'cpu.train')).toHaveLength(1);
  });

  it('brings trained models back', async () => {
    const { client, asked, workers } = setUp();
    await client.loadSample(SAMPLE);
    await client.train({ ...TRAIN, engine: 'cpu' });
    workers.cpu?.crash('later');
    await vi.waitUntil(() => workers.cpu?.terminated);
    asked.length = 0;
    await client.forecast({ kind: 'everyone' });
    expect(asked).toEqual(['cpu.launch', 'cpu.loadSample', 'cpu.adoptTraining', 'cpu.forecast']);
  });

  it('brings no name back that a pseudonym had replaced, and no budget that was spent', async () => {
    const { client, asked, workers } = setUp();
    await client.loadSample(SAMPLE);
    await client.pseudonymise();
    await client.update([]);
    await client.setPrivacyBudget({ epsilon: 1, delta: 0 });
    workers.cpu?.crash('later');
    await vi.waitUntil(() => workers.cpu?.terminated);
    asked.length = 0;
    await client.privacyAccount();
    const again = ['pseudonymise', 'update', 'adoptTraining', 'adoptPrivacyLedger'];
    const expected = ['launch', 'loadSample', ...again, 'privacyAccount'];
    expect(asked).toEqual(expected.map((kind) => `cpu.${kind}`));
    const sent = workers.cpu?.sent;
    expect(sent).toContainEqual(expect.objectContaining({ kind: 'pseudonymise', args: { key: new Uint8Array([5]) } }));
  });
});

describe('saved models', () => {
  it('are handed out, and taken over again by an engine that starts anew', async () => {
    const { client, asked, workers } = setUp();
    await client.loadSample(SAMPLE);
    const bytes = await client.saveModels();
    expect(bytes).toEqual(new Uint8Array([7]));
    expect(await client.openModels(bytes)).toEqual(SAVED);
    workers.cpu?.crash('later');
    await vi.waitUntil(() => workers.cpu?.terminated);
    asked.length = 0;
    await client.forecast({ kind: 'everyone' });
    expect(asked).toEqual(['cpu.launch', 'cpu.loadSample', 'cpu.adoptTraining', 'cpu.forecast']);
  });

  it('cannot be had before any training', async () => {
    const { client } = setUp({ cpu: { training: () => null } });
    await client.loadSample(SAMPLE);
    await expect(client.saveModels()).rejects.toMatchObject({ code: 'state' });
  });
});

describe('what a log is loaded from', () => {
  const rows = [{ user: 'a', item: 'x', time: 1 }];

  it('is read again after a crash', async () => {
    const { client, asked, workers } = setUp();
    await client.load(rows);
    workers.cpu?.crash('later');
    await vi.waitUntil(() => workers.cpu?.terminated);
    asked.length = 0;
    await client.rejectedRows();
    expect(asked).toEqual(['cpu.launch', 'cpu.load', 'cpu.rejectedRows']);
  });

  it('cannot be read again where it was a stream, and that is said', async () => {
    const { client, workers } = setUp();
    await client.load(new Blob(['user,item,time\n']).stream());
    await expect(client.rejectedRows()).rejects.toMatchObject({
      code: 'state',
      message: /stream can be read only once/,
    });
    workers.cpu?.crash('later');
    await vi.waitUntil(() => workers.cpu?.terminated);
    const users = client.users({ text: '', offset: 0, limit: 1 });
    await expect(users).rejects.toMatchObject({ code: 'crashed', message: /stream can be read only once/ });
  });

  it('cannot be inspected where that would use it up', async () => {
    const { client } = setUp();
    await expect(client.inspect(new Response('user,item,time\n'))).rejects.toMatchObject({ code: 'parameter' });
    await expect(client.inspect(rows)).resolves.toEqual([]);
  });

  it('must be of a known kind', async () => {
    const { client, asked } = setUp();
    for (const [wrong, said] of [
      [42, /a number/],
      [null, /null/],
      [{}, /this Object/],
      [new Date(), /this Date/],
      [{ user: 'ann' }, /this Object/],
    ] as const)
      await expect(client.load(wrong as never)).rejects.toMatchObject({ code: 'parameter', message: said });
    expect(asked).not.toContain('cpu.load');
  });
});

describe('new events', () => {
  it('are added again after a crash, and what was learned from them is kept', async () => {
    const learned: boolean[] = [];
    const { client, asked, workers } = setUp({
      cpu: {
        training: () => new Uint8Array([7]),
        update: ({ learn }) => (learned.push(learn), { models: [{ model: 'dnn' }] } as unknown as UpdateReport),
      },
    });
    await client.loadSample(SAMPLE);
    await client.train({ ...TRAIN, engine: 'cpu' });
    await client.update({ name: 'new.csv', blob: new Blob(['']) });
    workers.cpu?.crash('later');
    await vi.waitUntil(() => workers.cpu?.terminated);
    asked.length = 0;
    await client.forecast({ kind: 'everyone' });
    expect(asked).toEqual(['cpu.launch', 'cpu.loadSample', 'cpu.update', 'cpu.adoptTraining', 'cpu.forecast']);
    expect(learned).toEqual([true, false]);
  });
});

describe('models of the next item', () => {
  it('are trained where they are asked to be, and lie in the CPU engine afterwards', async () => {
    withAdapter();
    const { client, asked } = setUp();
    await client.loadSample(SAMPLE);
    asked.length = 0;
    const report = await client.trainNextItems({ models: ['sequence'], seed: 1, engine: 'webgpu' });
    expect(report.engine).toBe('webgpu');
    expect(asked).toEqual([
      'webgpu.launch',
      'cpu.snapshot',
      'webgpu.restore',
      'webgpu.trainNextItems',
      'webgpu.nextItemTraining',
      'cpu.adoptNextItemTraining',
    ]);
  });

  it('are brought back after a crash', async () => {
    const { client, asked, workers } = setUp();
    await client.loadSample(SAMPLE);
    await client.trainNextItems({ models: ['cf-item'], seed: 1 });
    workers.cpu?.crash('later');
    await vi.waitUntil(() => workers.cpu?.terminated);
    asked.length = 0;
    await client.nextItems(3, 5);
    expect(asked).toEqual(['cpu.launch', 'cpu.loadSample', 'cpu.adoptNextItemTraining', 'cpu.nextItems']);
  });
});

describe('the choice of the engine', () => {
  it('stays on the CPU where there is no adapter', async () => {
    vi.stubGlobal('navigator', {});
    const { client, asked } = setUp();
    await expect(client.train(TRAIN)).resolves.toMatchObject({
      engine: 'cpu',
      engineNote: { code: 'engine.no_adapter' },
    });
    expect(asked).not.toContain('webgpu.launch');
  });

  it('does not fetch the other engine for a short run', async () => {
    withAdapter();
    const { client, asked } = setUp({ cpu: { measure: () => 1 } });
    await expect(client.train(TRAIN)).resolves.toMatchObject({
      engine: 'cpu',
      engineNote: { code: 'engine.quick', values: { cpu: 1, seconds: 1 } },
    });
    expect(asked).not.toContain('webgpu.launch');
  });

  it('takes the faster one, and brings the models back to the CPU engine', async () => {
    withAdapter();
    const { client, asked, workers } = setUp();
    await expect(client.train(TRAIN)).resolves.toMatchObject({
      engine: 'webgpu',
      engineNote: { code: 'engine.measured', values: { cpu: 100, webgpu: 10 } },
    });
    expect(asked.filter((kind) => kind.startsWith('webgpu'))).toEqual([
      'webgpu.launch',
      'webgpu.restore',
      'webgpu.measure',
      'webgpu.train',
      'webgpu.training',
    ]);
    expect(asked.at(-1)).toBe('cpu.adoptTraining');
    expect(workers.webgpu?.terminated).toBe(true);
    expect(workers.cpu?.terminated).toBe(false);
  });

  it('keeps to the CPU where that is faster', async () => {
    withAdapter();
    const { client } = setUp({ webgpu: { measure: () => 400 } });
    await expect(client.train(TRAIN)).resolves.toMatchObject({
      engine: 'cpu',
      engineNote: { code: 'engine.measured', values: { cpu: 100, webgpu: 400 } },
    });
  });

  it('falls back to the CPU when the device is lost, goes on from its checkpoint, and says why', async () => {
    withAdapter();
    const { client, workers } = setUp({
      webgpu: {
        train: (_, call) => {
          call.checkpoint(new Uint8Array([5]));
          throw failure('device', 'the device was lost');
        },
      },
    });
    await expect(client.train({ ...TRAIN, engine: 'webgpu' })).resolves.toMatchObject({
      engine: 'cpu',
      engineNote: { code: 'engine.fallback', values: { reason: 'the device was lost' } },
    });
    const train = workers.cpu?.sent.find((message) => message.type === 'request' && message.kind === 'train');
    expect(train).toMatchObject({ args: { resume: new Uint8Array([5]) } });
  });

  it('does not take a wrong parameter for a broken device', async () => {
    withAdapter();
    const wrong = (): never => {
      throw failure('parameter', 'epochs is out of range');
    };
    const { client, asked } = setUp({ webgpu: { train: wrong } });
    await expect(client.train({ ...TRAIN, engine: 'webgpu' })).rejects.toMatchObject({ code: 'parameter' });
    expect(asked).not.toContain('cpu.train');
  });
});

describe('every call', () => {
  const everyone = { kind: 'everyone' } as const;
  const bytes = new Uint8Array([1]);
  const calls: { [K in keyof DriftscopeApi]?: (api: DriftscopeApi, options: CallOptions) => Promise<unknown> } = {
    inspect: (api, options) => api.inspect(new Blob(['a']), options),
    load: (api, options) => api.load(new Blob(['a']), options),
    loadSample: (api, options) => api.loadSample(SAMPLE, options),
    clean: (api, options) => api.clean({}, options),
    update: (api, options) => api.update(new Blob(['a']), options),
    cleaningDefaults: (api, options) => api.cleaningDefaults(options),
    tryToLeak: (api, options) => api.tryToLeak(options),
    rejectedRows: (api, options) => api.rejectedRows(options),
    evolution: (api, options) => api.evolution(everyone, {} as never, options),
    transfer: (api, options) => api.transfer(everyone, {} as never, null, 10, options),
    drift: (api, options) => api.drift(everyone, {} as never, options),
    users: (api, options) => api.users({ text: '', offset: 0, limit: 1 }, options),
    userEvents: (api, options) => api.userEvents(0, options),
    nearestUsers: (api, options) => api.nearestUsers(0, {} as never, 3, options),
    segments: (api, options) => api.segments({} as never, options),
    migration: (api, options) => api.migration(everyone, {} as never, options),
    anomalies: (api, options) => api.anomalies(3, options),
    prospects: (api, options) => api.prospects(TRAIN.window, options),
    estimate: (api, options) => api.estimate(TRAIN, options),
    train: (api, options) => api.train(TRAIN, options),
    forecast: (api, options) => api.forecast(everyone, 'dnn', options),
    trainNextItems: (api, options) => api.trainNextItems({ models: [], seed: 1 }, options),
    nextItems: (api, options) => api.nextItems(0, 3, 'markov', options),
    explain: (api, options) => api.explain(0, options),
    explainItem: (api, options) => api.explainItem(0, 'x', options),
    pseudonymise: (api, options) => api.pseudonymise(bytes, options),
    anonymousEvolution: (api, options) =>
      api.anonymousEvolution(everyone, {} as never, 5, { rows: true, columns: true }, options),
    setPrivacyBudget: (api, options) => api.setPrivacyBudget({ epsilon: 1, delta: 0 }, options),
    privacyAccount: (api, options) => api.privacyAccount(options),
    privateEvolution: (api, options) => api.privateEvolution(everyone, {} as never, {} as never, options),
    useBaseModel: (api, options) => api.useBaseModel(TRAIN.window, options),
    saveModels: (api, options) => api.saveModels(options),
    openModels: (api, options) => api.openModels(bytes, options),
    snapshot: (api, options) => api.snapshot(options),
    restore: (api, options) => api.restore(bytes, options),
  };
  /** Whatever the API has as a method. */
  const methods = Object.getOwnPropertyNames(Client.prototype).filter(
    (name) => !PRIVATE.includes(name) && name !== 'dispose',
  );

  it('is in this list', () => {
    expect(methods.sort()).toEqual(Object.keys(calls).sort());
  });

  it.each(Object.entries(calls))('%s can be cancelled, and fails with the one class of errors', async (_, call) => {
    const { client, asked } = setUp();
    const stop = new AbortController();
    stop.abort();
    const cancelled = await call(client, { signal: stop.signal }).catch((error: unknown) => error);
    expect(cancelled).toBeInstanceOf(DriftscopeError);
    expect(cancelled).toMatchObject({ code: 'cancelled' });
    expect(asked).toEqual([]);
    client.dispose();
    const disposed = await call(client, {}).catch((error: unknown) => error);
    expect(disposed).toBeInstanceOf(DriftscopeError);
    expect(disposed).toMatchObject({ code: 'disposed' });
  });
});

describe('dispose', () => {
  it('ends the worker and every call', async () => {
    const { client, asked, workers } = setUp({ cpu: { drift: hang } });
    const drift = client.drift({ kind: 'everyone' }, {} as never);
    await vi.waitUntil(() => asked.includes('cpu.drift'));
    client.dispose();
    await expect(drift).rejects.toMatchObject({ code: 'disposed' });
    expect(workers.cpu?.terminated).toBe(true);
    await expect(client.cleaningDefaults()).rejects.toMatchObject({ code: 'disposed' });
  });

  it('comes with `await using`, where there is a symbol for it', async () => {
    const { client, workers } = setUp();
    await client.loadSample(SAMPLE);
    const disposable: AsyncDisposable = client;
    await disposable[Symbol.asyncDispose]();
    expect(workers.cpu?.terminated).toBe(true);
    const plain = { dispose: () => undefined };
    makeAsyncDisposable(plain, {});
    expect(Reflect.ownKeys(plain)).toEqual(['dispose']);
  });
});
