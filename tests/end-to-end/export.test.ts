/** What can be taken away from the page: pictures, tables and the report. */
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let server: StaticServer;
let browser: Browser;
let user: UserPage;

const HOSTILE = '=HYPERLINK("http://example.invalid","<img src=x>")';

beforeAll(async () => {
  server = await serve();
  browser = await sharedBrowser();
  user = await UserPage.open(browser, server.address);
  const quoted = `"${HOSTILE.replaceAll('"', '""')}"`;
  // Twenty people, each active several times a day for three weeks.
  const rows = Array.from({ length: 2400 }, (_, n) => {
    const domain = n % 7 === 0 ? quoted : `c${(n + Math.floor(n / 300)) % 5}`;
    return `u${n % 20},i${n % 40},${domain},view,${1_700_000_000 + n * 750}`;
  });
  const file = ['user,item,category,behavior,time', ...rows, ''].join('\n');
  await user.at('file-input').setInputFiles({ name: 'log.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await user.reached('columns');
  await user.click('read-log');
  await user.reached('quality');
  await user.click('go-interest');
  await user.reached('interest');
  await user.settled('evolution');
});
afterAll(async () => {
  await user?.close();
  await browser?.close();
  await server?.close();
});

async function bytesOf(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

describe('a chart', () => {
  it('is saved as a picture of more than the screen’s fineness', async () => {
    for (const chart of ['evolution', 'transfer', 'drift', 'activity']) {
      const bytes = await bytesOf(await user.export(chart, 'png'));
      const size = await user.page.evaluate(async (base64) => {
        const binary = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([binary], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const pen = canvas.getContext('2d');
        pen?.drawImage(bitmap, 0, 0);
        const pixels = pen?.getImageData(0, 0, bitmap.width, bitmap.height).data;
        return { width: bitmap.width, colours: new Set(pixels ? new Uint32Array(pixels.buffer) : []).size };
      }, bytes.toString('base64'));
      expect(size.width, chart).toBeGreaterThan(1800);
      expect(size.colours, chart).toBeGreaterThan(10);
    }
  });

  it('is saved as a drawing whose names are text', async () => {
    for (const chart of ['evolution', 'transfer', 'drift', 'activity']) {
      const svg = await UserPage.textOf(await user.export(chart, 'svg'));
      const seen = await user.page.evaluate((text) => {
        const tree = new DOMParser().parseFromString(text, 'image/svg+xml');
        return {
          broken: tree.querySelector('parsererror')?.textContent ?? null,
          shapes: tree.querySelectorAll('path, rect').length,
          foreign: tree.querySelectorAll('script, image, foreignObject, a').length,
        };
      }, svg);
      expect(seen.broken, chart).toBeNull();
      expect(seen.foreign, chart).toBe(0);
      expect(seen.shapes, chart).toBeGreaterThan(5);
    }
    const svg = await UserPage.textOf(await user.export('evolution', 'svg'));
    expect(svg).toContain('=HYPERLINK(&quot;');
  });

  it('is saved as a table that runs nothing, for Excel and for programs', async () => {
    const csv = await UserPage.textOf(await user.export('evolution', 'csv'));
    expect(csv).toContain(`"'=HYPERLINK(""http`);
    const excel = await bytesOf(await user.export('evolution', 'excel'));
    expect([...excel.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const json = JSON.parse(await UserPage.textOf(await user.export('evolution', 'json'))) as {
      columns: string[];
      rows: (string | number)[][];
    };
    expect(json.rows.map(([name]) => name)).toContain(HOSTILE);
    expect(json.rows.every((row) => row.length === json.columns.length)).toBe(true);
    const sums = json.rows.reduce((sum, row) => sum + Number(row[1]), 0);
    expect(sums).toBeCloseTo(1, 9);
  });

  it('has a menu for the keyboard', async () => {
    const { page } = user;
    await user.at('drift-export').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('drift-png');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('drift-export');
    expect(await user.at('drift-png').isVisible()).toBe(false);
  });
});

describe('the report', () => {
  it('is one file that opens anywhere, runs nothing and has no barrier', { timeout: 120_000 }, async () => {
    await user.click('step-training');
    await user.reached('training');
    await user.choose('train-window', 'day');
    await user.train(1);
    for (const language of ['en', 'zh']) {
      await user.click('open-report');
      await user.choose('report-language', language);
      const [download] = await Promise.all([user.page.waitForEvent('download'), user.click('report-save')]);
      const html = await UserPage.textOf(download);
      expect(html).not.toMatch(/<script|<img|<iframe|<link/i);
      const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => void asked.push(request.url()));
      page.on('console', (message) => void asked.push(message.text()));
      await page.setContent(html);
      expect(await page.locator('svg').count()).toBe(9);
      expect(await page.locator('h2').count()).toBe(4);
      const heading = await page.locator('h1').innerText();
      expect(heading).toMatch(language === 'zh' ? /报告/ : /report/);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
      expect(asked).toEqual([]);
      await context.close();
    }
  });

  it('tells one user’s page where it is asked for, and only then', { timeout: 60_000 }, async () => {
    await user.click('step-interest');
    await user.click('user-find');
    const first = user.at('user-list').locator('button').first();
    const name = await first.locator('.who').innerText();
    await first.click();
    await user.at('timeline').waitFor();
    const parts = ['quality', 'interest', 'models', 'forecast'];
    for (const wanted of [false, true]) {
      await user.click('open-report');
      await user.choose('report-language', 'en');
      if (wanted) for (const part of parts) await user.at(`report-${part}`).uncheck();
      await user.at('report-person').setChecked(wanted);
      const [download] = await Promise.all([user.page.waitForEvent('download'), user.click('report-save')]);
      const html = await UserPage.textOf(download);
      expect(html.includes('Timeline')).toBe(wanted);
      if (!wanted) continue;
      const page = await user.context.newPage();
      await page.setContent(html);
      // The timeline and the forecast; the nearest users are a table.
      expect(await page.locator('h2').allInnerTexts()).toEqual(['One user’s page']);
      expect(await page.locator('svg').count()).toBe(2);
      expect(await page.locator('h3').allInnerTexts()).toContain('Nearest users');
      expect(await page.locator('body').innerText()).toContain(`User ${name}`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
      await page.close();
    }
  });

  it('raised no error on the way', () => {
    expect(user.errors).toEqual([]);
  });
});
