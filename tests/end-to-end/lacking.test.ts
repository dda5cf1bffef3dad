/** Browsers that lack something: a sentence in both languages, never a blank page. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let server: StaticServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  server = await serve();
  browser = await sharedBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  server.forget();
  context = await browser.newContext({ locale: 'en-GB', serviceWorkers: 'block' });
  page = await context.newPage();
});
afterEach(() => context.close());

const HAN = /\p{Script=Han}{8}/u;

describe('without what the page needs', () => {
  const NEEDED: [what: string, away: string][] = [
    ['JavaScript modules', 'delete HTMLScriptElement.prototype.noModule'],
    ['the JavaScript of 2022', 'delete window.structuredClone'],
    ['WebAssembly', 'delete window.WebAssembly'],
    ['WebAssembly SIMD', `WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError('no'); } }`],
    ['web workers', 'delete window.Worker'],
    ['dialogs', 'delete window.HTMLDialogElement'],
    ['streams', 'delete window.ReadableStream'],
  ];

  for (const [what, away] of NEEDED) {
    it(`says that ${what} is missing, and fetches no engine`, async () => {
      await context.addInitScript(away);
      await page.goto(server.address, { waitUntil: 'networkidle' });
      const box = page.locator('[role=alert]');
      expect(await box.locator('p').first().innerText()).toContain(`cannot do without: ${what}.`);
      expect(await box.locator('p[lang=zh-Hans]').innerText()).toMatch(HAN);
      expect(await page.locator('main').count()).toBe(0);
      expect(server.arrived.filter((line) => line.includes('.wasm'))).toEqual([]);
    });
  }

  it('names all that is missing', async () => {
    await context.addInitScript('delete window.Worker; delete window.HTMLDialogElement');
    await page.goto(server.address);
    expect(await page.locator('[role=alert]').innerText()).toContain('cannot do without: web workers, dialogs.');
  });

  it('says so where the browser cannot read the script', async () => {
    await page.route(/assets\/index-.*\.js$/, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'const a = later syntax;' }),
    );
    await page.goto(server.address);
    await page.locator('[role=alert]').waitFor();
    expect(await page.locator('[role=alert]').innerText()).toMatch(/cannot run the page[^]*\p{Script=Han}{8}/u);
  });

  it('says so where the script does not arrive', async () => {
    await page.route(/assets\/index-.*\.js$/, (route) => route.abort());
    await page.goto(server.address);
    await page.locator('[role=alert]').waitFor();
    expect(await page.locator('[role=alert]').innerText()).toMatch(/could not be fetched[^]*\p{Script=Han}{8}/u);
  });
});

describe('without what the page can do without', () => {
  const OPTIONAL: [limit: string, away: string][] = [
    ['webgpu', 'delete Navigator.prototype.gpu'],
    ['files', 'delete StorageManager.prototype.getDirectory'],
    ['packing', 'delete window.CompressionStream'],
    ['insecure', `Object.defineProperty(window, 'isSecureContext', { value: false })`],
  ];

  for (const [limit, away] of OPTIONAL) {
    it(`says in both languages what that means (${limit}), and works`, { timeout: 60_000 }, async () => {
      await context.addInitScript(away);
      await page.goto(server.address);
      const sentence = page.locator(`[data-testid=limit-${limit}]`);
      await sentence.waitFor();
      const english = await sentence.innerText();
      expect(english).toMatch(/\w+ \w+ \w+/);
      await page.locator('[data-testid=language]').selectOption('zh');
      await expect.poll(() => sentence.innerText()).toMatch(HAN);
      await page.locator('main[data-engine=ready]').waitFor();
      await page.locator('[data-testid=try-sample]').click();
      await page.locator('main[data-step=interest]').waitFor();
    });
  }

  it('refuses to save a project that it cannot pack, in words', { timeout: 60_000 }, async () => {
    await context.addInitScript('delete window.CompressionStream');
    await page.goto(server.address);
    await page.locator('main[data-engine=ready]').waitFor();
    await page.locator('[data-testid=try-sample]').click();
    await page.locator('main[data-step=interest]').waitFor();
    await page.locator('[data-testid=open-save]').click();
    for (const field of ['project-passphrase', 'project-again'])
      await page.locator(`[data-testid=${field}]`).fill('seven windows of march');
    await page.locator('[data-testid=project-save]').click();
    await page.locator('[data-testid=trouble][data-code=incapable]').waitFor();
  });

  it('needs no workers that are modules', { timeout: 60_000 }, async () => {
    await context.addInitScript(`window.Worker = class extends Worker {
      constructor(address, options) {
        if (options?.type === 'module') throw new TypeError('no module workers here');
        super(address, options);
      }
    }`);
    await page.goto(server.address);
    await page.locator('main[data-engine=ready]').waitFor();
    await page.locator('[data-testid=try-sample]').click();
    await page.locator('main[data-step=interest]').waitFor();
  });
});
