/** Projects: nothing is kept by default; what is kept is encrypted, comes back whole, and survives crashes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let server: StaticServer;
let browser: Browser;
let user: UserPage;
let scratch: string;

const PASSPHRASE = 'seven windows of march';
const USERS = 40;

/** People who alternate between two domains by the day. */
const LOG = [
  'user,item,category,time',
  ...Array.from({ length: 20 * USERS * 6 }, (_, n) => {
    const [who, day, event] = [n % USERS, Math.floor(n / (USERS * 6)), Math.floor(n / USERS) % 6];
    const domain = (day % 2 ? who : who * 3 + 1) % 8;
    return `secret-user-${who},i${domain}-${event},d${domain},${1_704_067_200 + day * 86_400 + event * 7200}`;
  }),
  '',
].join('\n');

beforeAll(async () => {
  server = await serve();
  browser = await sharedBrowser();
  user = await UserPage.open(browser, server.address);
  scratch = mkdtempSync(join(tmpdir(), 'driftscope-projects-'));
});
afterAll(async () => {
  await user?.close();
  await browser?.close();
  await server?.close();
  rmSync(scratch, { recursive: true });
});

/** Names and sizes of all files that the page has in the browser's private file system, and whether one holds `needle`. */
function kept(page: Page, needle = ''): Promise<{ names: string[]; found: boolean }> {
  return page.evaluate(async (text) => {
    const names: string[] = [];
    let found = false;
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const handle of (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()) {
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle);
        else {
          names.push(handle.name.replace(/.*\./, ''));
          const file = await (handle as FileSystemFileHandle).getFile();
          found ||= text !== '' && new TextDecoder('latin1').decode(await file.arrayBuffer()).includes(text);
        }
      }
    };
    await walk(await navigator.storage.getDirectory());
    return { names: names.sort(), found };
  }, needle);
}

async function read(own: UserPage): Promise<void> {
  await own.at('file-input').setInputFiles({ name: 'log.csv', mimeType: 'text/csv', buffer: Buffer.from(LOG) });
  await own.reached('columns');
  await own.click('read-log');
  await own.reached('quality');
  await own.click('step-training');
  await own.reached('training');
  await own.choose('train-window', 'day');
}

async function keep(own: UserPage, name: string, place: 'browser' | 'file' = 'browser'): Promise<void> {
  await own.click('open-save');
  await own.choose('project-place', place);
  await own.at('project-name').fill(name);
  await own.at('project-passphrase').fill(PASSPHRASE);
  await own.at('project-again').fill(PASSPHRASE);
  await own.click('project-save');
}

async function unlock(own: UserPage, passphrase: string): Promise<void> {
  await own.at('unlock-passphrase').fill(passphrase);
  await own.click('unlock');
}

const ready = (page: Page): Promise<void> => page.locator('main[data-engine=ready]').waitFor();

describe('by default', () => {
  it('nothing is kept, and nothing is listed', async () => {
    await read(user);
    await user.train(1);
    expect((await kept(user.page)).names).toEqual([]);
    await user.click('step-start');
    expect(await user.at('recent').count()).toBe(0);
    await user.click('step-training');
  });
});

describe('a project in the browser', () => {
  let score: number;
  let forecast: string[][];

  it('is encrypted, and saves itself', async () => {
    await keep(user, 'March');
    await user.page.locator('[data-testid=open-save][data-kept=saved]').waitFor();
    expect(await kept(user.page, 'secret-user')).toEqual({ names: ['driftscope'], found: false });
    score = await user.score('dnn', 'ndcg10');
    await user.click('go-forecast');
    forecast = (await user.downloadOf('forecast')).rows;
    await user.click('train-next-items');
    await user.at('next-item-verdict').waitFor({ timeout: 60_000 });
    await user.page.locator('[data-testid=open-save][data-kept=saved][aria-busy=false]').waitFor();
  });

  it('comes back after a reload with results, models and settings', async () => {
    const { page } = user;
    await page.reload();
    await ready(page);
    await user.at('recent').waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await user.click('open-project');
    await unlock(user, PASSPHRASE.replace('seven', 'eight'));
    await page.locator('[data-testid=trouble][data-code=passphrase]').waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
    await unlock(user, PASSPHRASE);
    await user.reached('interest');
    await user.click('step-training');
    expect(await user.score('dnn', 'ndcg10')).toBe(score);
    await user.click('go-forecast');
    expect((await user.downloadOf('forecast')).rows).toEqual(forecast);
    await user.click('next-item-user-find');
    await user.at('next-item-user-dialog').locator('[data-testid=next-item-user-list] button').first().click();
    await user.at('next-item-list').waitFor();
    await user.click('step-quality');
    expect(await user.integer('rows-read')).toBe(20 * USERS * 6);
    expect(await user.at('download-rejected').isDisabled()).toBe(true);
  });

  it('is open in one tab only', async () => {
    const other = await user.context.newPage();
    await other.goto(server.address);
    await ready(other);
    await other.locator('[data-testid=open-project]').click();
    await other.locator('[data-testid=unlock-passphrase]').fill(PASSPHRASE);
    await other.locator('[data-testid=unlock]').click();
    await other.locator('[data-testid=trouble][data-code=elsewhere]').waitFor();
    await other.close();
  });

  it('loses at most one epoch of a training when the page is reloaded', { timeout: 120_000 }, async () => {
    const { page } = user;
    await user.click('step-training');
    await user.reached('training');
    await user.choose('train-engine', 'cpu');
    await user.at('train-epochs').fill('60');
    await user.at('train-epochs').blur();
    await user.click('train');
    // The latest whole epoch that was kept before the reload.
    await expect.poll(async () => (await kept(page)).names, { timeout: 60_000 }).toContain('run');
    await page.reload();
    await ready(page);
    await user.at('recent').waitFor();
    await user.click('open-project');
    await unlock(user, PASSPHRASE);
    await user.at('unfinished').waitFor();
    const epoch = Number(/epoch (\d+)/.exec(await user.at('unfinished').innerText())?.[1]);
    expect(epoch).toBeGreaterThanOrEqual(1);
    await user.click('run-go-on');
    await user.at('comparison').waitFor({ timeout: 100_000 });
    await expect.poll(async () => (await kept(page)).names).toEqual(['driftscope']);
    // It went on instead of starting over: the curve has each epoch's score once.
    const { rows } = await user.downloadOf('curve');
    const steps = rows.map(([, step]) => Number(step));
    expect(new Set(steps).size).toBe(steps.length);
  });

  it('says so when the browser has no room', async () => {
    const { page } = user;
    const before = await kept(page);
    const devtools = await user.context.newCDPSession(page);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.address).origin, quotaSize: 1000 });
    await user.click('open-save');
    await user.click('project-save-now');
    await page.locator('[data-testid=trouble][data-code=full]').waitFor();
    await page.keyboard.press('Escape');
    await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.address).origin });
    expect(await kept(page)).toEqual(before);
  });
});

describe('a project as a file', () => {
  it('is saved, opened elsewhere, and refused when it is damaged', async () => {
    await user.click('open-save');
    const [download] = await Promise.all([user.page.waitForEvent('download'), user.click('project-save-file')]);
    await user.page.keyboard.press('Escape');
    const path = join(scratch, 'march.driftscope');
    await download.saveAs(path);
    const bytes = readFileSync(path);
    expect(bytes.includes('secret-user')).toBe(false);
    const other = await UserPage.open(browser, server.address);
    const broken = { cut: bytes.subarray(0, bytes.length - 1), changed: Buffer.from(bytes), text: Buffer.from('a,b') };
    broken.changed.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    for (const [name, content] of Object.entries(broken)) {
      const file = join(scratch, `${name}.driftscope`);
      writeFileSync(file, content);
      await other.at('project-input').setInputFiles(file);
      if (name !== 'text') await unlock(other, PASSPHRASE);
      const code = name === 'text' ? 'foreign' : 'damaged';
      await other.page.locator(`[data-testid=trouble][data-code=${code}]`).first().waitFor();
      if (name !== 'text') await other.page.keyboard.press('Escape');
    }
    await other.at('project-input').setInputFiles(path);
    await unlock(other, PASSPHRASE);
    await other.reached('interest');
    expect((await kept(other.page)).names).toEqual([]);
    await other.click('step-training');
    await other.at('comparison').waitFor();
    expect(other.errors).toEqual([]);
    await other.close();
  });
});

describe('a training', () => {
  it('is paused and goes on', { timeout: 120_000 }, async () => {
    await user.click('step-training');
    // Long enough to be caught under way.
    for (const model of ['sequence', 'gnn', 'dnn+gnn']) await user.toggle(`model-${model}`);
    await user.at('train-epochs').fill('20');
    await user.at('train-epochs').blur();
    await user.click('train');
    await user.at('pause').waitFor();
    await user.click('pause');
    await user.at('unfinished').waitFor({ timeout: 60_000 });
    // The engine is free meanwhile.
    await user.click('step-interest');
    await user.reached('interest');
    await user.settled('evolution');
    await user.click('step-training');
    await user.click('run-go-on');
    await user.at('comparison').waitFor({ timeout: 100_000 });
    expect(await user.at('unfinished').count()).toBe(0);
  });
});

describe('one click', () => {
  it('deletes everything that was kept', async () => {
    const { page } = user;
    await user.click('step-start');
    await user.click('wipe');
    await user.click('wipe-confirm');
    await expect.poll(async () => (await kept(page)).names).toEqual([]);
    await user.at('recent').waitFor({ state: 'detached' });
    await ready(page);
    expect(await user.at('step-quality').isDisabled()).toBe(true);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });

  it('raised no error on the way', () => {
    expect(user.errors).toEqual([]);
  });
});
