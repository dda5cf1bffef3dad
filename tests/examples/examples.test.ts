/** The examples, each run as a reader would: pages in Chromium beside a copy of the package, scripts in Node. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

const EXAMPLES = join(ROOT, 'examples');
const folder = mkdtempSync(join(tmpdir(), 'driftscope-examples-'));
let server: StaticServer;
let browser: Browser;
beforeAll(async () => {
  cpSync(EXAMPLES, folder, { recursive: true });
  cpSync(join(ROOT, 'web', 'dist'), join(folder, 'driftscope'), { recursive: true });
  server = await serve(folder);
  browser = await sharedBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** What a page writes into `#out`. */
const written = async (page: Page): Promise<string> => {
  const out = page.locator('#out');
  await expect.poll(() => out.innerText(), { timeout: 30_000 }).not.toBe('');
  return out.innerText();
};

const PAGES: Record<string, (page: Page) => Promise<void>> = {
  'ten-lines.html': async (page) => {
    const lines = (await written(page)).split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toMatch(/^.+: \d+$/);
  },
  'files.html': async (page) => {
    const file = page.locator('#file[data-ready]');
    const rows = readFileSync(join(EXAMPLES, 'events.csv'), 'utf8');
    const buffer = Buffer.from(`${rows}u00,tea-1,tea,never\n`);
    await file.setInputFiles({ name: 'events.csv', mimeType: 'text/csv', buffer });
    expect(await written(page)).toMatch(/^1201 rows, 1200 accepted, 20 users\n[^]*bad_time[^]*never/);
    expect(await page.locator('#preview tr').first().innerText()).toContain('tea');
    await file.setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('a;b\nx;y\n') });
    await expect.poll(() => page.locator('#out').innerText()).toMatch(/^(columns|parameter): /);
  },
  'element.html': async (page) => {
    const tea = page.locator('drift-scope tbody tr').filter({ hasText: 'tea' });
    await tea.locator('td').nth(2).click({ timeout: 30_000 });
    expect(await page.locator('#out').innerText()).toBe('tea, week 3');
    await page.locator('drift-scope svg .ribbon').first().waitFor({ state: 'attached' });
  },
  'sealed.html': async (page) => {
    server.forget();
    const text = await written(page);
    expect(text).toMatch(/sealed: true\nrows read inside: 1200\na second fetch is refused \(state: /);
    expect(text).toMatch(/attempts to get out: \d\d, of which passed: 0$/);
    expect(server.arrived.filter((request) => request.includes('leak-probe'))).toEqual([]);
  },
  'inline.html': async (page) => {
    expect(await written(page)).toBe('tea: 2\ncoffee: 1');
    const names = ['/inline.html', '/driftscope/inline.js', '/favicon.ico'];
    expect(server.arrived.filter((request) => !names.some((name) => request.endsWith(name)))).toEqual([]);
  },
};

const SCRIPTS: Record<string, RegExp[]> = {
  'forecast.mjs': [/^1200 of 1200 rows, 20 users, 5 domains$/m, /^dnn +NDCG@10 0\.\d{4}$/m, /^u07: \w+ \d+ %, mostly/m],
  'rows.mjs': [/^84 rows of 3 customers$/m, /^3 rows of columns$/m],
  'update-and-transfer.mjs': [
    /^300 new events, drift found: true; dnn (learned|kept) in \d+ steps$/m,
    /^carried over: .*dnn; next, for 5 others: \w+$/m,
    /^without training \(base\): .+$/m,
  ],
};

describe('the examples', () => {
  it('are all run here', () => {
    const names = readdirSync(EXAMPLES).filter((name) => /\.(html|mjs)$/.test(name));
    expect(names.sort()).toEqual([...Object.keys(PAGES), ...Object.keys(SCRIPTS)].sort());
    const listed = [...readFileSync(join(EXAMPLES, 'README.md'), 'utf8').matchAll(/^\| `(.+?)`/gm)].map(
      ([, name]) => name,
    );
    expect(listed.sort()).toEqual(names);
  });

  it('in the README and in docs/API.md are those of this folder', () => {
    const text = readFileSync(join(EXAMPLES, 'ten-lines.html'), 'utf8');
    for (const path of ['README.md', 'docs/API.md'])
      expect(readFileSync(join(ROOT, path), 'utf8'), path).toContain(`\`\`\`html\n${text}\`\`\``);
  });

  for (const [name, judge] of Object.entries(PAGES))
    it(name, async () => {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      server.forget();
      await page.goto(server.address + name);
      await judge(page);
      expect(errors).toEqual([]);
      await page.close();
    });

  for (const [name, patterns] of Object.entries(SCRIPTS))
    it(name, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [join(EXAMPLES, name)], { timeout: 60_000 });
      for (const pattern of patterns) expect(stdout).toMatch(pattern);
    });
});
