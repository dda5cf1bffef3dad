/**
 * The seal, judged by what arrives at the server: planted attempts from a sealed page and its engine, and from a page without
 * any policy, where they must arrive.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LeakAttempt } from 'driftscope';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { ALL_WAYS, leaks, stun, UNSEALED_PAGE } from '../support/leaks';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let browser: Browser;
beforeAll(async () => {
  browser = await sharedBrowser();
});
afterAll(() => browser.close());

describe('a sealed page', () => {
  let server: StaticServer;
  let user: UserPage;
  beforeAll(async () => {
    server = await serve();
    user = await UserPage.open(browser, server.address);
    await user.page.waitForLoadState('networkidle');
    // The service worker keeps the page for the next visit; afterwards it is silent.
    await user.page.locator('main[data-offline=ready]').waitFor();
  });
  afterAll(async () => {
    await user.close();
    await server.close();
  });

  it('says that it is not sealed before a file is taken, and seals itself when it is', async () => {
    expect(await user.at('seal').getAttribute('data-sealed')).toBe('false');
    server.forget();
    await user.click('try-sample');
    await user.reached('interest');
    expect(await user.at('seal').getAttribute('data-sealed')).toBe('true');
    expect(server.arrived).toEqual([]);
  });

  it('lets nothing out, by any way that the person can try', async () => {
    const datagrams = await stun(server);
    await user.click('seal');
    await user.click('try-to-leak');
    await user.at('leak-verdict').waitFor({ timeout: 90_000 });
    const outcomes = await user
      .at('leak-attempts')
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-outcome')));
    expect(outcomes.length).toBe(ALL_WAYS.length + 1);
    expect(outcomes).not.toContain('passed');
    expect(leaks(server)).toEqual([]);
    expect(datagrams.count()).toBe(0);
    datagrams.close();
    await user.page.keyboard.press('Escape');
  });

  it('works to the end with the network gone, from files to export', async () => {
    await user.context.setOffline(true);
    await user.click('go-training');
    await user.reached('training');
    await user.at('train-epochs').fill('1');
    await user.click('train');
    await user.at('comparison').waitFor({ timeout: 120_000 });
    await user.click('go-forecast');
    await user.settled('forecast');
    expect((await user.downloadOf('forecast')).rows.length).toBeGreaterThan(3);
    expect(server.arrived).toEqual([]);
  });
});

describe('a page without the seal', () => {
  it('is seen by the server in every way that the sealed one is not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'driftscope-seal-'));
    mkdirSync(join(folder, 'driftscope'));
    cpSync(join(ROOT, 'web', 'dist'), join(folder, 'driftscope'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), UNSEALED_PAGE);
    const server = await serve(folder);
    const datagrams = await stun(server);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(server.address);
    server.forget();
    const found = await page.evaluate<LeakAttempt[]>('leak()');
    const arrived = leaks(server).filter((name) => !name.startsWith('other'));
    expect(arrived.sort()).toEqual([...ALL_WAYS].sort());
    expect(datagrams.count()).toBeGreaterThan(0);
    expect(found.filter(({ outcome }) => outcome === 'blocked')).toEqual([]);
    datagrams.close();
    await context.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });
});
