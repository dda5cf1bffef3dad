/** What a power loss leaves of a session on disk: cut off after every single byte, it is refused and changes nothing. */
import { expect, it } from 'vitest';
import { HOST, isRefusal, loadEngine } from '../fuzz/engine.mjs';

/** What this test uses of the private binding. */
interface Session {
  loadSample(sample: object, host: object): Promise<unknown>;
  train(train: object, resume: null, host: object): Promise<unknown>;
  trainNextItems(train: object, host: object): Promise<unknown>;
  adoptTraining(bytes: Uint8Array): unknown;
  training(): Uint8Array | undefined;
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): unknown;
  free(): void;
}

function refusedAtEveryByte(bytes: Uint8Array, read: (cut: Uint8Array) => unknown): void {
  for (let length = 0; length < bytes.length; length++) {
    let thrown: unknown = null;
    try {
      read(bytes.subarray(0, length));
    } catch (error) {
      thrown = error;
    }
    if (!isRefusal(thrown)) throw new Error(`after ${length} of ${bytes.length} bytes: ${String(thrown)}`);
  }
}

it('sessions and models cut off after every byte are refused, and the session stays', async () => {
  const panics: string[] = [];
  const Engine = (await loadEngine((message: string) => void panics.push(message))) as new () => Session;
  const session = new Engine();
  await session.loadSample({ users: 30, days: 30, seed: 1 }, HOST);
  const window = { length: 'day', timeZone: 'UTC' };
  await session.train({ window, models: ['markov'], seed: 1, engine: 'cpu' }, null, HOST);
  await session.trainNextItems({ models: ['popularity'], seed: 1 }, HOST);
  const whole = session.snapshot();
  const models = session.training() ?? new Uint8Array();
  console.log(`a session of ${whole.length} bytes, models of ${models.length}`);
  refusedAtEveryByte(whole, (cut) => session.restore(cut));
  refusedAtEveryByte(models, (cut) => session.adoptTraining(cut));
  expect(Buffer.from(session.snapshot()).equals(whole)).toBe(true);
  session.restore(whole);
  session.adoptTraining(models);
  expect(panics).toEqual([]);
  session.free();
});
