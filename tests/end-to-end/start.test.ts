/** The ways in: folders, rows out of a spreadsheet, and the guided tour. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../support/open';
import type { UserPage } from '../support/page';

let user: UserPage;
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'driftscope-start-'));
});
openPage((opened) => {
  user = opened;
});
afterAll(() => rmSync(scratch, { recursive: true }));

const rows = (from: number): string[] =>
  Array.from({ length: 50 }, (_, n) => `u${n % 5},i${n},c${n % 3},${1_700_000_000 + (from + n) * 4000}`);
const HEAD = 'user,item,category,time';

describe('a log', () => {
  it('is taken as a folder, what the system left there aside', async () => {
    const folder = join(scratch, 'export');
    mkdirSync(join(folder, 'parts'), { recursive: true });
    writeFileSync(join(folder, 'parts', 'a.csv'), [HEAD, ...rows(0), ''].join('\n'));
    writeFileSync(join(folder, 'parts', 'b.csv'), [HEAD, ...rows(50), ''].join('\n'));
    writeFileSync(join(folder, '.DS_Store'), 'clutter');
    await user.at('folder-input').setInputFiles(folder);
    await user.reached('columns');
    expect(await user.page.locator('[data-testid^=file-tab-]').count()).toBe(2);
    await user.click('read-log');
    await user.reached('quality');
    expect(await user.integer('rows-accepted')).toBe(100);
    await user.click('start-over');
    await user.click('start-over-confirm');
    await user.reached('start');
    await user.page.locator('main[data-engine=ready]').waitFor();
  });

  it('is pasted from a spreadsheet, cells apart by tabs', async () => {
    const text = [HEAD, ...rows(0)].map((line) => line.replaceAll(',', '\t')).join('\r\n');
    await user.page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await user.click('paste-use');
    await user.reached('columns');
    expect(await user.at('plan-delimiter').inputValue()).toBe('\t');
    await user.click('read-log');
    await user.reached('quality');
    expect(await user.integer('rows-accepted')).toBe(50);
  });
});

describe('the tour', () => {
  const STOPS = ['evolution', 'transfer', 'drift', 'people', 'models', 'forecast', 'keep'];

  it('leads through the sample by keyboard alone', { timeout: 120_000 }, async () => {
    const { page } = user;
    await user.click('step-start');
    await user.at('tour-start').focus();
    await page.keyboard.press('Enter');
    // The log of one's own is not given up without a question.
    await user.click('replace-confirm');
    for (const [index, stop] of STOPS.entries()) {
      const card = page.locator(`[data-testid=tour][data-stop=${stop}]`);
      await card.waitFor();
      // A reader goes on from the heading of the stop, and what it is about is marked.
      await page.locator('[data-toured]').waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.id), { timeout: 15_000 }).toBe('tour-title');
      if (index % 3 === 0) {
        const { violations } = await new AxeBuilder({ page }).include('[data-testid=tour]').analyze();
        expect(violations.map(({ id }) => id)).toEqual([]);
      }
      await user.at('tour-next').focus();
      await page.keyboard.press('Enter');
    }
    expect(await user.at('tour').count()).toBe(0);
    expect(await page.locator('[data-toured]').count()).toBe(0);
  });

  it('is left by Escape, and by going elsewhere', async () => {
    await user.click('step-start');
    await user.click('tour-start');
    await user.at('tour').waitFor();
    await user.page.keyboard.press('Escape');
    expect(await user.at('tour').count()).toBe(0);
    await user.click('step-start');
    await user.click('tour-start');
    await user.at('tour').waitFor();
    await user.click('step-quality');
    await user.at('tour').waitFor({ state: 'detached' });
  });

  it('raised no error on the way', () => {
    expect(user.errors).toEqual([]);
  });
});
