/** The sparse product on both engines in the browser: the checks that `crate/tests/sparse` does natively. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeFolder } from '../../scripts/engines.mjs';
import { requestSubgroups } from '../../web/src/worker/subgroups';
import { launchWebgpu } from '../support/browser';
import { serve, type StaticServer } from '../support/server';

const CHECKS = {
  blocks: 'handles empty rows and columns and every width of a block',
  edges: 'handles one row, one column and no entry at all',
  'power-law': 'equals plain arithmetic on a graph with a power law, with the same bits each time',
  gradient: 'has the gradient that finite differences say',
  gather: 'adds up the gradients of a row that is gathered many times',
};

describe.each(['cpu', 'webgpu'] as const)('the sparse product on %s', (engine) => {
  let browser: Browser;
  let server: StaticServer;
  beforeAll(async () => {
    browser = await launchWebgpu();
    server = await serve(probeFolder(engine));
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it.each(Object.entries(CHECKS))('%s: %s', { timeout: 300_000 }, async (name) => {
    const page = await browser.newPage();
    const panics: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('panicked')) panics.push(message.text());
    });
    await page.goto(`${server.address}sparse.js`);
    await page.evaluate(`(${requestSubgroups.toString()})(globalThis.GPUAdapter)`);
    // A check that fails traps: the promise under way never settles.
    const trap = new Promise<string>((resolve) => page.on('pageerror', (error) => resolve(String(error))));
    // As text, since vitest would rewrite the import.
    const done = page.evaluate(
      `import('./sparse.js').then(async (probe) => { await probe.default(); return probe.check('${name}'); })`,
    );
    const outcome = await Promise.race([done, trap]).catch(String);
    expect({ outcome, panics }).toEqual({ outcome: true, panics: [] });
    await page.close();
  });
});
