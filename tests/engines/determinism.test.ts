/** The same log and seed give the same bytes on the CPU engine, run after run. */
import { expect, it } from 'vitest';
import { HOST, loadEngine } from '../fuzz/engine.mjs';

const RUNS = 10;

/** What this test uses of the private binding. */
interface Session {
  loadSample(sample: object, host: object): Promise<unknown>;
  train(train: object, resume: null, host: object): Promise<unknown>;
  trainNextItems(train: object, host: object): Promise<unknown>;
  snapshot(): Uint8Array;
  nextItemTraining(): Uint8Array | undefined;
  free(): void;
}

it('ten runs with one seed end in the same bytes, another seed in others', async () => {
  const Engine = (await loadEngine(() => undefined)) as new () => Session;
  const run = async (seed: number) => {
    const session = new Engine();
    await session.loadSample({ users: 60, days: 40, seed: 7 }, HOST);
    const window = { length: 'day', timeZone: 'Europe/Berlin' };
    const models = ['dnn', 'markov', 'cf-user-cosine', 'cf-closed'];
    await session.train({ window, models, seed, epochs: 1, engine: 'cpu' }, null, HOST);
    await session.trainNextItems({ models: ['markov', 'cf-item'], seed }, HOST);
    const bytes = [session.snapshot(), session.nextItemTraining() ?? new Uint8Array()];
    session.free();
    return bytes.map((part) => Buffer.from(part).toString('base64'));
  };
  const first = await run(7);
  for (let index = 1; index < RUNS; index++) expect(await run(7)).toEqual(first);
  expect((await run(8))[0]).not.toBe(first[0]);
});
