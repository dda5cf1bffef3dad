/** What befalls a training in a real browser, and that the same models come of it as of one that nothing befell. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftscopeApi } from 'driftscope';
import { ROOT } from '../support/data';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

declare global {
  interface Window {
    driftscope: typeof import('driftscope');
    session: DriftscopeApi;
    epochs: number;
    kept: object;
  }
}

const SAMPLE = { users: 100, days: 40, seed: 1 };
const TRAIN = {
  window: { length: 'day', timeZone: 'Europe/Berlin' },
  models: ['dnn'],
  seed: 1,
  // Long enough for something to befall it on any machine.
  epochs: 30,
  engine: 'cpu',
} as const;

let server: StaticServer;
let browser: Browser;
let page: Page;
let undisturbed: string;

/** Trains on the sample while `meanwhile` happens, once two epochs are done; gives a hash of the models. */
async function trained(meanwhile: () => Promise<void>): Promise<string> {
  // Not those of the training before.
  await page.evaluate(() => void (window.epochs = 0));
  const hash = page.evaluate(
    async ({ sample, train }) => {
      const session = await window.driftscope.create();
      window.session = session;
      await session.loadSample(sample);
      await session.train({ ...train, models: [...train.models] }, { onCheckpoint: () => void (window.epochs += 1) });
      const models = await session.saveModels();
      session.dispose();
      const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(models));
      return Array.from(new Uint8Array(digest), (byte) => byte.toString(16)).join(' ');
    },
    { sample: SAMPLE, train: TRAIN },
  );
  await page.waitForFunction(() => window.epochs >= 2, undefined, { polling: 20 });
  await meanwhile();
  return hash;
}

beforeAll(async () => {
  server = await serve(join(ROOT, 'web/dist'));
  browser = await sharedBrowser();
  const context = await browser.newContext();
  page = await context.newPage();
  await page.goto(`${server.address}index.js`);
  const content = `import * as driftscope from './index.js'; window.driftscope = driftscope;`;
  await page.addScriptTag({ type: 'module', content });
  await page.waitForFunction(() => 'driftscope' in window);
  undisturbed = await trained(() => Promise.resolve());
});
afterAll(async () => {
  await page?.context().close();
  await browser?.close();
  await server?.close();
});

describe('a training', () => {
  it('goes on from its last epoch when its worker fails', async () => {
    await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(0);
    const hash = await trained(async () => {
      const [worker] = page.workers();
      if (!worker) throw new Error('the training was over before anything could befall it');
      const gone = new Promise((resolve) => worker.once('close', resolve));
      await worker
        .evaluate(
          () =>
            void setTimeout(() => {
              throw new Error('killed by a test');
            }),
        )
        .catch(() => undefined);
      await gone;
    });
    expect(hash).toBe(undisturbed);
  });

  // A headless browser hides no tab; what a hidden one takes from a page are its timers and frames.
  it('needs no timer and no frame of its page, which a hidden tab does not get', async () => {
    const hash = await trained(async () => {
      await page.evaluate(() => {
        const names = ['setTimeout', 'setInterval', 'requestAnimationFrame'] as const;
        window.kept = Object.fromEntries(names.map((name) => [name, Reflect.get(window, name) as unknown]));
        for (const name of names) Object.assign(window, { [name]: () => 0 });
      });
    });
    await page.evaluate(() => Object.assign(window, window.kept));
    expect(hash).toBe(undisturbed);
  });
});
