/** The page without a network, as an installed application, and when a new version comes out. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let server: StaticServer;
let browser: Browser;
let user: UserPage;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftscope-offline-'));
  cpSync(join(ROOT, 'www', 'dist'), folder, { recursive: true });
  server = await serve(folder, '/some/where/');
  browser = await sharedBrowser();
  user = await UserPage.open(browser, server.address);
});
afterAll(async () => {
  await user?.close();
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

describe('an application', () => {
  it('is what the manifest makes of the page', async () => {
    const devtools = await user.context.newCDPSession(user.page);
    const { errors, data } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const manifest = JSON.parse(data ?? '{}') as { icons: { src: string }[]; start_url: string };
    expect(manifest.start_url).toBe('./');
    for (const { src } of manifest.icons) expect(readFileSync(join(folder, src)).length, src).toBeGreaterThan(100);
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    // Playwright's profiles are incognito ones, into which nothing is installed.
    expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
  });
});

describe('after the first visit', () => {
  it('page, engine and reader are kept, and nothing of it is fetched again', async () => {
    await user.page.locator('main[data-offline=ready]').waitFor();
    server.forget();
    await user.page.reload();
    await user.page.locator('main[data-engine=ready]').waitFor();
    // The browser looks whether there is a new version; that is all.
    await expect.poll(() => server.arrived.filter((one) => !one.endsWith('service-worker.js'))).toEqual([]);
  });

  it('all of it works with the server gone', { timeout: 120_000 }, async () => {
    const { page } = user;
    await server.close();
    await page.reload();
    await page.locator('main[data-engine=ready]').waitFor();
    await user.click('try-sample');
    await user.reached('interest');
    await user.settled('evolution');
    await user.click('step-training');
    await user.reached('training');
    await user.train(1);
    await user.click('go-forecast');
    await user.at('forecast-headline').waitFor();
    const csv = await UserPage.textOf(await user.export('forecast', 'csv'));
    expect(csv.split('\r\n').length).toBeGreaterThan(5);
    const port = Number(new URL(server.address).port);
    server = await serve(folder, '/some/where/', port);
  });

  it('a new version waits until the person takes it', { timeout: 60_000 }, async () => {
    const { page } = user;
    const [page0, worker] = ['index.html', 'service-worker.js'].map((name) => join(folder, name));
    if (!page0 || !worker) throw new Error('no files');
    writeFileSync(page0, readFileSync(page0, 'utf8').replace('</head>', '<meta name="release" content="next"></head>'));
    writeFileSync(worker, readFileSync(worker, 'utf8').replace(/"version":"\w+"/, '"version":"next"'));
    const release = (): Promise<string | null> =>
      page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[name=release]')?.content ?? null);
    await page.reload();
    await page.locator('main[data-engine=ready]').waitFor();
    await user.at('update').waitFor();
    expect(await release()).toBeNull();
    await user.click('update-reload');
    await expect.poll(release).toBe('next');
    await page.locator('main[data-offline=ready]').waitFor();
    expect(await user.at('update').count()).toBe(0);
    expect(await page.evaluate(() => caches.keys())).toEqual(['driftscope-next']);
  });

  it('raised no error on the way', () => {
    // Looking for a new version fails without a server; the browser tells the console.
    expect(user.errors.filter((text) => !/ERR_CONNECTION_REFUSED|service-worker/.test(text))).toEqual([]);
  });
});
