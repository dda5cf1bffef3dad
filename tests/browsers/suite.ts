/**
 * What works in a browser besides Chromium: the main path on the sealed page, without a network and from a file, projects, the
 * seal judged at the server, and the package in a plain page.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { LeakAttempt } from 'driftscope';
import { By } from 'selenium-webdriver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { DrivenPage } from '../support/driven-page';
import { ALL_WAYS, leaks, stun, UNSEALED_PAGE } from '../support/leaks';
import { numberOf } from '../support/page';
import { weekly } from '../support/planted';
import { serve, type StaticServer } from '../support/server';
import { lacking, launch, type BrowserName, type DrivenBrowser } from '../support/webdriver';
import { trainedBy, TRAINED_IN_PAGE } from './trained';

/** What sets a browser apart. */
export interface Traits {
  /** Ways out that it has not, so that nothing arrives from a page without the seal either. */
  lacks: string[];
  /** Whether it has WebRTC. */
  webrtc: boolean;
  /** Whether a page can keep files in it. */
  keepsFiles: boolean;
  /** Ways out of a worker, as the page calls them, of which it does not say that a policy stopped them. */
  unsaidInWorkers: string[];
}

const PASSPHRASE = 'seven windows of march';

export function describeBrowser(name: BrowserName, traits: Traits): void {
  const reason = lacking(name);
  if (reason) console.log(reason);

  describe.skipIf(reason !== null)(name, () => {
    let browser: DrivenBrowser;
    let server: StaticServer;
    let page: DrivenPage;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), `driftscope-${name}-`));
      browser = await launch(name);
      await browser.driver.manage().setTimeouts({ script: 60_000 });
      // Under a sub-path, as a page of a project on a shared host is.
      server = await serve(undefined, '/some/where/');
      page = new DrivenPage(browser.driver);
      await page.open(server.address);
      await page.shown('main[data-offline=ready]');
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      rmSync(folder, { recursive: true });
    });

    it('shows the heat map of the sample, sealed', async () => {
      expect(await (await page.at('seal')).getAttribute('data-sealed')).toBe('false');
      server.forget();
      await page.click('try-sample');
      await page.reached('interest');
      expect(await (await page.at('seal')).getAttribute('data-sealed')).toBe('true');
      await page.shown('[data-testid=evolution][aria-busy=false]');
      await expect.poll(() => page.coloursOf('evolution'), { timeout: 15_000 }).toBeGreaterThan(20);
      await page.choose('evolution-view', 'table');
      const [head = [], ...rows] = await page.cells('evolution-table');
      expect(rows.length).toBeGreaterThan(5);
      for (let window = 1; window < head.length; window += 1) {
        const sum = rows.reduce((total, row) => total + numberOf(row[window] ?? ''), 0);
        // Each cell is rounded to a tenth of a per cent.
        expect(Math.abs(sum - 1), head[window]).toBeLessThanOrEqual(0.0005 * rows.length + 1e-9);
      }
    });

    // Seconds on an idle machine; browsers compile the engine best when they find time to.
    it('trains and forecasts; the server hears nothing of it', { timeout: 300_000 }, async () => {
      await page.click('go-training');
      await page.reached('training');
      await page.train(1);
      for (const model of ['persistent', 'moving_average', 'decay_prior', 'dnn']) {
        const cell = await page.shown(`[data-testid=model-row-${model}] [data-metric=ndcg10]`);
        const ndcg = Number(await cell.getAttribute('data-value'));
        expect(ndcg, model).toBeGreaterThan(0.1);
        expect(ndcg, model).toBeLessThanOrEqual(1);
      }
      await page.click('go-forecast');
      await page.reached('forecast');
      expect((await (await page.at('forecast-headline')).getText()).length).toBeGreaterThan(10);
      await page.shown('[data-testid=forecast][aria-busy=false]');
      await expect.poll(() => page.coloursOf('forecast'), { timeout: 15_000 }).toBeGreaterThan(5);
      expect(server.arrived).toEqual([]);
    });

    it('lets nothing out of the sealed page, by any way', async () => {
      const datagrams = await stun(server);
      await page.click('seal');
      await page.click('try-to-leak');
      await page.at('leak-verdict', 50_000);
      const rows = await browser.driver.executeScript<[string, string, string][]>(
        `return [...document.querySelectorAll('[data-testid=leak-attempts] tbody tr')].map((row) =>
           [row.cells[0].textContent, row.cells[1].textContent, row.dataset.outcome]);`,
      );
      expect(rows.length).toBe(ALL_WAYS.length + 1);
      expect(rows.filter(([, , outcome]) => outcome === 'passed')).toEqual([]);
      const unsaid = rows.filter(([, from, outcome]) => from === 'engine' && outcome === 'failed');
      expect(unsaid.map(([way]) => way).sort()).toEqual(traits.unsaidInWorkers);
      expect(server.arrived).toEqual([]);
      expect(datagrams.count()).toBe(0);
      datagrams.close();
      expect(await page.errors()).toEqual([]);
    });

    it('works with the server gone, from a compressed file', async () => {
      const port = Number(new URL(server.address).port);
      await server.close();
      const log = join(folder, 'log.csv.gz');
      writeFileSync(log, gzipSync(weekly()));
      await page.open(server.address);
      await browser.driver.findElement(By.css('[data-testid=file-input]')).sendKeys(log);
      await page.reached('columns');
      await page.click('read-log');
      await page.reached('quality');
      expect(numberOf(await (await page.at('rows-accepted')).getText())).toBe(4320);
      await page.click('step-interest');
      await page.shown('[data-testid=evolution][aria-busy=false]');
      server = await serve(undefined, '/some/where/', port);
    });

    it(traits.keepsFiles ? 'keeps a project' : 'says that it keeps no projects, and offers a file', async () => {
      await page.click('open-save');
      if (!traits.keepsFiles) {
        const dialog = await page.at('project-dialog');
        expect(await dialog.getText()).toContain('This browser keeps no files for pages');
        const file = await page.shown('[data-testid=project-place] input[value=file]');
        expect(await file.isSelected()).toBe(true);
        return;
      }
      await page.fill('project-name', 'March');
      await page.fill('project-passphrase', PASSPHRASE);
      await page.fill('project-again', PASSPHRASE);
      await page.click('project-save');
      await page.shown('[data-testid=open-save][data-kept=saved]');
      await page.open(server.address);
      await page.click('open-project');
      await page.fill('unlock-passphrase', PASSPHRASE);
      await page.click('unlock');
      await page.reached('interest');
      await page.click('step-quality');
      expect(numberOf(await (await page.at('rows-read')).getText())).toBe(4320);
      expect(await page.errors()).toEqual([]);
    });

    describe('a plain page with the package', () => {
      let plain: StaticServer;
      beforeAll(async () => {
        mkdirSync(join(folder, 'driftscope'));
        cpSync(join(ROOT, 'web', 'dist'), join(folder, 'driftscope'), { recursive: true });
        writeFileSync(join(folder, 'index.html'), UNSEALED_PAGE);
        writeFileSync(join(folder, 'trained.html'), TRAINED_IN_PAGE);
        writeFileSync(join(folder, 'log.csv'), weekly());
        writeFileSync(
          join(folder, 'element.html'),
          `<!doctype html><drift-scope src="log.csv" window="week"></drift-scope>
           <script type="module" src="./driftscope/element.js"></script>`,
        );
        plain = await serve(folder);
      });
      afterAll(() => plain.close());

      /** Calls a global function of the page, whose module may not have run yet, and waits for its result. */
      const call = <T>(what: string): Promise<T> =>
        browser.driver.executeAsyncScript<T>(
          `const done = arguments[0];
           const ready = setInterval(() => {
             if (!globalThis.${what}) return;
             clearInterval(ready);
             ${what}().then(done, (error) => done('failed: ' + error.message));
           }, 20);`,
        );

      it('without the seal is seen by the server in every way that the browser has', async () => {
        const datagrams = await stun(plain);
        await browser.driver.get(plain.address);
        await page.shown('title');
        const found = await call<LeakAttempt[]>('leak');
        const arrived = leaks(plain).filter((way) => !way.startsWith('other'));
        expect(arrived.sort()).toEqual(ALL_WAYS.filter((way) => !traits.lacks.includes(way)).sort());
        expect(datagrams.count() > 0).toBe(traits.webrtc);
        const stopped = found.filter(({ outcome }) => outcome === 'blocked').map(({ way }) => way);
        // What is not there counts as blocked.
        expect(stopped).toEqual(traits.webrtc ? [] : ['webrtc']);
        datagrams.close();
      });

      it('trains the same network, bit by bit, as Node', async () => {
        await browser.driver.get(`${plain.address}trained.html`);
        expect(await call<string>('trained')).toBe(await trainedBy(join(folder, 'driftscope', 'index.js')));
      });

      it('shows the element', async () => {
        await browser.driver.get(`${plain.address}element.html`);
        const element = await page.shown('drift-scope');
        const rows = (): Promise<number> =>
          browser.driver.executeScript(`return arguments[0].shadowRoot?.querySelectorAll('tbody tr').length`, element);
        await expect.poll(rows, { timeout: 20_000 }).toBe(6);
      });
    });
  });
}
