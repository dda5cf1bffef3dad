import { describe, expect, it } from 'vitest';

import { Connection } from '../src/connection.js';
import { failure } from '../src/error.js';
import { transferables } from '../src/protocol.js';
import { FakeWorker } from './fake-worker.js';

type Echo = {
  echo: { args: { value: unknown }; result: unknown };
  fail: { args: null; result: null };
  loop: { args: { rounds: number }; result: number };
  trap: { args: null; result: null };
  never: { args: null; result: null };
};

function connect(): { connection: Connection<Echo>; worker: FakeWorker<Echo> } {
  const worker = new FakeWorker<Echo>({
    echo: ({ value }) => value,
    fail: () => {
      throw failure('damaged', 'cut off', { place: { file: 'a.csv', line: 3, column: null } });
    },
    loop: async ({ rounds }, call) => {
      for (let round = 0; round < rounds; round++) {
        const until = performance.now() + 20;
        while (performance.now() < until);
        call.progress({ stage: 'read', done: round, total: rounds, unit: 'events' });
        await call.breathe();
      }
      return rounds;
    },
    trap: () => {
      throw new WebAssembly.RuntimeError('unreachable');
    },
    never: () => new Promise<null>(() => undefined),
  });
  return { connection: new Connection<Echo>(worker), worker };
}

describe('a connection', () => {
  it('answers each request with its own result', async () => {
    const { connection } = connect();
    const answers = await Promise.all([1, 2, 3].map((value) => connection.request('echo', { value })));
    expect(answers).toEqual([1, 2, 3]);
  });

  it('keeps the one shape of an error', async () => {
    const { connection } = connect();
    await expect(connection.request('fail', null)).rejects.toMatchObject({
      name: 'DriftscopeError',
      code: 'damaged',
      message: 'cut off',
      place: { file: 'a.csv', line: 3, column: null },
    });
  });

  it('reports progress and stops within half a second of a cancel', async () => {
    const { connection } = connect();
    const stop = new AbortController();
    let reports = 0;
    const answer = connection.request('loop', { rounds: 1000 }, { signal: stop.signal, onProgress: () => reports++ });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(reports).toBeGreaterThan(0);
    const asked = performance.now();
    stop.abort();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - asked).toBeLessThan(500);
  });

  it('turns a trap into a crash of everything under way', async () => {
    const { connection, worker } = connect();
    const never = connection.request('never', null);
    const trap = connection.request('trap', null);
    await expect(trap).rejects.toMatchObject({ code: 'crashed' });
    await expect(never).rejects.toMatchObject({ code: 'crashed' });
    expect(worker.terminated).toBe(true);
    await expect(connection.request('echo', { value: 1 })).rejects.toMatchObject({ code: 'crashed' });
  });

  it('knows no requests but its own, and passes over what is no message', async () => {
    const { connection, worker } = connect();
    for (const kind of ['constructor', '__proto__', 'toString']) {
      const unknown = connection.request(kind as 'fail', null);
      await expect(unknown).rejects.toMatchObject({ code: 'state', message: new RegExp(kind) });
    }
    worker.postMessage(null);
    worker.postMessage({ type: 'other', id: 1 });
    for (const data of [null, 7, { type: 'other', id: 1 }]) worker.onmessage?.({ data } as MessageEvent);
    expect(await connection.request('echo', { value: 'still there' })).toBe('still there');
  });

  it('rejects arguments that cannot be cloned and stays usable', async () => {
    const { connection } = connect();
    await expect(connection.request('echo', { value: () => 1 })).rejects.toMatchObject({ code: 'parameter' });
    await expect(connection.request('echo', { value: 2 })).resolves.toBe(2);
  });
});

describe('transferables', () => {
  it('finds each buffer of a result once', () => {
    const shares = new Float64Array(4);
    const result = { windows: { bounds: new Float64Array(2) }, shares, again: shares, domains: [{ id: 1 }] };
    expect(transferables(result)).toEqual([result.windows.bounds.buffer, shares.buffer]);
    expect(transferables(null)).toEqual([]);
  });
});
