/** The same training run natively, on the CPU engine and on WebGPU: the same code must end in the same numbers. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TrainingPoint, TrainingReport, TrainOptions } from 'driftscope';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchWebgpu } from '../support/browser';
import { ROOT } from '../support/data';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

declare global {
  interface Window {
    driftscope: typeof import('driftscope');
  }
}

interface Case {
  users: number;
  days: number;
  seed: number;
  epochs: number;
}

/** Large enough for some two hundred steps. */
const SMALL: Case = { users: 600, days: 70, seed: 5, epochs: 8 };
/** A few steps: without a graphics card each takes half a second. */
const TINY: Case = { users: 120, days: 35, seed: 5, epochs: 1 };

async function natively({ users, days, seed, epochs }: Case): Promise<TrainingReport> {
  const program = ['run', '-q', '--locked', '-p', 'driftscope', '--bin', 'evaluate', '--', 'sample', '--quiet'];
  const options = Object.entries({ users, days, seed, epochs }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const { stdout } = await promisify(execFile)('cargo', [...program, ...options], { cwd: ROOT, maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as TrainingReport;
}

async function inBrowser(
  browser: Browser,
  server: StaticServer,
  engine: TrainOptions['engine'],
  run: Case,
): Promise<TrainingReport> {
  const page = await browser.newPage();
  try {
    // Any file will do: the page only has to come from where the package lies.
    await page.goto(`${server.address}index.js`);
    await page.addScriptTag({
      type: 'module',
      content: `import * as driftscope from './index.js'; window.driftscope = driftscope;`,
    });
    await page.waitForFunction(() => 'driftscope' in window);
    return await page.evaluate(
      async ({ engine, users, days, seed, epochs }) => {
        const driftscope = await window.driftscope.create();
        await driftscope.loadSample({ users, days, seed });
        const weeks = { length: 'week', timeZone: 'UTC' } as const;
        const report = await driftscope.train({ window: weeks, models: ['dnn'], seed, epochs, engine });
        driftscope.dispose();
        return report;
      },
      { engine, ...run },
    );
  } finally {
    await page.close();
  }
}

const curveOf = ({ curves }: TrainingReport): TrainingPoint[] =>
  curves.find(({ model }) => model === 'dnn')?.points ?? [];

/** Relative differences of the losses: at the end, and the largest of all points. */
function differences(a: TrainingReport, b: TrainingReport): { last: number; largest: number } {
  const [one, two] = [curveOf(a), curveOf(b)];
  expect(two.map(({ step }) => step)).toEqual(one.map(({ step }) => step));
  const all = one.map(({ loss }, index) => Math.abs((two[index]?.loss ?? NaN) - loss) / loss);
  return { last: all.at(-1) ?? NaN, largest: Math.max(...all) };
}

describe('a training run', () => {
  let server: StaticServer;
  const browsers: Browser[] = [];
  beforeAll(async () => {
    server = await serve(join(ROOT, 'web', 'dist'));
  });
  afterAll(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.close();
  });

  it('ends in the same loss natively and on the CPU engine', async () => {
    const browser = await sharedBrowser();
    browsers.push(browser);
    const [native, wasm] = [await natively(SMALL), await inBrowser(browser, server, 'cpu', SMALL)];
    expect(curveOf(native).length).toBeGreaterThan(5);
    const { last, largest } = differences(native, wasm);
    // Four networks over some eighty features: 1.3e-4 measured.
    expect(last).toBeLessThan(3e-4);
    // Native code fuses multiplications with additions; what that changes in a step grows with the steps, and a point of few
    // steps shows it more.
    expect(largest).toBeLessThan(1e-3);
    expect(wasm.engine).toBe('cpu');
    const [a, b] = [native, wasm].map(({ models }) => models.find(({ model }) => model === 'dnn')?.test.ndcg10 ?? NaN);
    expect(b).toBeCloseTo(a ?? NaN, 3);
    // The baselines have no gradients: they must agree to the last digits.
    for (const model of ['persistent', 'moving_average', 'decay_prior']) {
      const [x, y] = [native, wasm].map(({ models }) => models.find((one) => one.model === model)?.test.ndcg10);
      expect(y).toBeCloseTo(x ?? NaN, 12);
    }
  });

  it('gives the same bits on the CPU engine each time', async () => {
    const browser = await sharedBrowser();
    browsers.push(browser);
    const [one, two] = [await inBrowser(browser, server, 'cpu', TINY), await inBrowser(browser, server, 'cpu', TINY)];
    expect(two.curves).toEqual(one.curves);
  });

  it('is timed before it is sent to another engine, and stays where it is done soon', async () => {
    const browser = await launchWebgpu();
    browsers.push(browser);
    const { engine, engineNote } = await inBrowser(browser, server, 'auto', TINY);
    expect({ engine, code: engineNote.code }).toEqual({ engine: 'cpu', code: 'engine.quick' });
    expect(engineNote.values.cpu).toBeGreaterThan(0);
  });

  it('is offered subgroups by this adapter, without which the next test would say nothing about their cure', async () => {
    const browser = await launchWebgpu();
    browsers.push(browser);
    const page = await browser.newPage();
    await page.goto(`${server.address}index.js`);
    const features = await page.evaluate(async () => {
      const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<{ features: Iterable<string> }> } };
      return [...(await gpu.requestAdapter()).features];
    });
    expect(features).toContain('subgroups');
  });

  it('ends in nearly the same loss on WebGPU', { timeout: 300_000 }, async () => {
    const browser = await launchWebgpu();
    browsers.push(browser);
    const [native, gpu] = [await natively(TINY), await inBrowser(browser, server, 'webgpu', TINY)];
    expect(gpu.engineNote).toEqual({ code: 'engine.requested', values: { engine: 'webgpu' } });
    expect(gpu.engine).toBe('webgpu');
    expect(differences(native, gpu).largest).toBeLessThan(1e-2);
  });
});
