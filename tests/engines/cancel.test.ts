/** Cancelled at every stage: each call is stopped at each of its pauses in turn, and leaves the session as it was. */
import { beforeAll, expect, it } from 'vitest';
import { HOST, loadEngine } from '../fuzz/engine.mjs';

/** What this test uses of the private binding. */
interface Session {
  loadSample(sample: object, host: object): Promise<unknown>;
  clean(cleaning: object, host: object): Promise<unknown>;
  train(train: object, resume: null, host: object): Promise<unknown>;
  forecast(scope: object, model: null, host: object): Promise<unknown>;
  trainNextItems(train: object, host: object): Promise<unknown>;
  useBaseModel(window: object, host: object): Promise<unknown>;
  explain(user: number, domain: undefined, model: null, host: object): Promise<unknown>;
  snapshot(): Uint8Array;
  free(): void;
}

const SAMPLE = { users: 60, days: 40, seed: 7 };
const WINDOW = { length: 'day', timeZone: 'Europe/Berlin' };
const TRAIN = {
  window: WINDOW,
  models: ['dnn', 'gnn', 'cf-user-cosine', 'cf-closed'],
  seed: 1,
  epochs: 2,
  engine: 'cpu',
};
/** Stages at which a call is cancelled: its first ones, and then ever fewer. */
const STAGES = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597];

let Engine: new () => Session;
beforeAll(async () => {
  Engine = (await loadEngine(() => undefined)) as new () => Session;
});

/** A host that cancels when it is asked for the so-manieth time. */
function cancellingAt(stage: number): object {
  let asked = 0;
  return { ...HOST, isCancelled: () => asked++ >= stage };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const CALLS: Record<string, (session: Session, host: object) => Promise<unknown>> = {
  loadSample: (session, host) => session.loadSample(SAMPLE, host),
  clean: (session, host) => session.clean({ minEventsPerUser: 2 }, host),
  train: (session, host) => session.train(TRAIN, null, host),
  useBaseModel: (session, host) => session.useBaseModel(WINDOW, host),
  trainNextItems: (session, host) => session.trainNextItems({ models: ['markov', 'cf-item'], seed: 1 }, host),
  forecast: (session, host) => session.forecast({ kind: 'everyone' }, null, host),
  explain: (session, host) => session.explain(1, undefined, null, host),
};

it.each(Object.keys(CALLS))('%s', async (name) => {
  const session = new Engine();
  await session.loadSample(SAMPLE, HOST);
  await session.train({ ...TRAIN, models: ['dnn'] }, null, HOST);
  await session.trainNextItems({ models: ['markov'], seed: 1 }, HOST);
  const before = base64(session.snapshot());
  let cancelled = 0;
  for (const stage of STAGES) {
    const outcome = await CALLS[name]?.(session, cancellingAt(stage)).then(
      () => 'done',
      ({ code }: { code: string }) => code,
    );
    // There are no more stages; and a training with an epoch behind it ends with what it has.
    if (outcome === 'done') break;
    expect(outcome, `at stage ${stage}`).toBe('cancelled');
    expect(base64(session.snapshot()), `after stage ${stage}`).toBe(before);
    cancelled += 1;
  }
  expect(cancelled).toBeGreaterThan(0);
  // It still works.
  await CALLS[name]?.(session, HOST);
  session.free();
});
