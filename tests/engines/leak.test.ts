/**
 * Load → train → dispose, over and over: memory must be flat after the tenth round. `DRIFTSCOPE_LEAK_ROUNDS` says how many
 * rounds; CONTRIBUTING.md has the command for a thousand.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

declare global {
  interface Window {
    driftscope: typeof import('driftscope');
  }
}

const ROUNDS = Number(process.env.DRIFTSCOPE_LEAK_ROUNDS ?? 30);
/** From here on nothing may grow: by then every buffer has had its largest size. */
const SETTLED = 10;
const SECONDS_A_ROUND = 10;

const SAMPLE = { users: 60, days: 40, seed: 1 };
const TRAIN = {
  window: { length: 'week', timeZone: 'Europe/Berlin' },
  models: ['dnn', 'cf-closed'],
  seed: 1,
  epochs: 1,
  engine: 'cpu',
} as const;

/** What this test uses of the private binding. */
interface Engine {
  initSync(input: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
  Session: new () => {
    loadSample(sample: typeof SAMPLE, host: object): Promise<unknown>;
    train(train: typeof TRAIN, resume: null, host: object): Promise<unknown>;
    forecast(scope: object, model: null, host: object): Promise<unknown>;
    snapshot(): Uint8Array;
    free(): void;
  };
}

it(
  'memory of the engine does not grow',
  async () => {
    const folder = join(ROOT, 'web/dist/cpu');
    const engine = (await import(pathToFileURL(join(folder, 'driftscope_web.js')).href)) as Engine;
    const bytes = await readFile(join(folder, 'driftscope_web_bg.wasm'));
    const { memory } = engine.initSync({ module: new WebAssembly.Module(bytes) });
    const host = {
      progress: () => undefined,
      checkpoint: () => undefined,
      isCancelled: () => false,
      seconds: () => performance.now() / 1000,
      pause: () => Promise.resolve(),
    };
    const sizes: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const session = new engine.Session();
      await session.loadSample(SAMPLE, host);
      await session.train(TRAIN, null, host);
      await session.forecast({ kind: 'everyone' }, null, host);
      session.snapshot();
      session.free();
      sizes.push(memory.buffer.byteLength);
    }
    console.log(`wasm memory by round, MB: ${sizes.map((size) => (size / 1e6).toFixed(1)).join(' ')}`);
    expect(sizes.at(-1)).toBe(sizes[SETTLED - 1]);
  },
  ROUNDS * SECONDS_A_ROUND * 1000,
);

let server: StaticServer;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  server = await serve(join(ROOT, 'web/dist'));
  browser = await sharedBrowser();
  page = await browser.newPage();
  await page.goto(`${server.address}index.js`);
  await page.addScriptTag({
    type: 'module',
    content: `import * as driftscope from './index.js'; window.driftscope = driftscope;`,
  });
  await page.waitForFunction(() => 'driftscope' in window);
});
afterAll(async () => {
  await page.close();
  await browser.close();
  await server.close();
});

it(
  'neither the heap of a page grows nor its number of workers',
  async () => {
    const protocol = await page.context().newCDPSession(page);
    const heap = async () => {
      await protocol.send('HeapProfiler.collectGarbage');
      return (await protocol.send('Runtime.getHeapUsage')).usedSize;
    };
    const sizes: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await page.evaluate(
        async ({ sample, train }) => {
          const driftscope = await window.driftscope.create();
          await driftscope.loadSample(sample);
          await driftscope.train({ ...train, models: [...train.models] });
          driftscope.dispose();
        },
        { sample: SAMPLE, train: TRAIN },
      );
      sizes.push(await heap());
      expect(page.workers()).toHaveLength(0);
    }
    console.log(`JavaScript heap by round, MB: ${sizes.map((size) => (size / 1e6).toFixed(2)).join(' ')}`);
    // Compiled code and caches of the browser come and go; a leak would add at least the engine's glue in every round.
    const settled = sizes.slice(SETTLED - 1, SETTLED + 5);
    expect(sizes.at(-1) ?? Infinity).toBeLessThan(Math.max(...settled) * 1.05);
  },
  ROUNDS * SECONDS_A_ROUND * 1000,
);

it('a handle that nobody disposed of ends its worker when it is collected', async () => {
  const protocol = await page.context().newCDPSession(page);
  await page.evaluate(async (sample) => void (await (await window.driftscope.create()).loadSample(sample)), SAMPLE);
  expect(page.workers()).toHaveLength(1);
  await expect
    .poll(
      async () => {
        await protocol.send('HeapProfiler.collectGarbage');
        return page.workers().length;
      },
      { timeout: 10_000 },
    )
    .toBe(0);
});
