/** What may be published: small groups hidden, noise under a budget, pseudonyms. */
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let server: StaticServer;
let browser: Browser;
let user: UserPage;

/** Twenty people in a common domain every day, and three in a rare one on a few days. */
const ROWS = Array.from({ length: 28 }, (_, day) => day).flatMap((day) =>
  Array.from({ length: 20 }, (_, person) => person).flatMap((person) => {
    const time = 1_704_067_200 + day * 86_400 + person * 600;
    const common = [
      `person${person},a${person % 3},common,view,${time}`,
      `person${person},b${day % 4},other,view,${time + 60}`,
    ];
    return person < 3 && day % 7 < 2 ? [...common, `person${person},r,rare,view,${time + 120}`] : common;
  }),
);

beforeAll(async () => {
  server = await serve();
  browser = await sharedBrowser();
  user = await UserPage.open(browser, server.address);
  const buffer = Buffer.from(['user,item,category,behavior,time', ...ROWS, ''].join('\n'));
  await user.at('file-input').setInputFiles({ name: 'log.csv', mimeType: 'text/csv', buffer });
  await user.reached('columns');
  await user.click('read-log');
  await user.reached('quality');
  await user.click('go-interest');
  await user.reached('interest');
  await user.settled('evolution');
  await user.click('publish');
});
afterAll(async () => {
  await user?.close();
  await browser?.close();
  await server?.close();
});

async function saved(): Promise<string[][]> {
  const [download] = await Promise.all<[Promise<Download>, Promise<void>]>([
    user.page.waitForEvent('download'),
    user.click('publish-act'),
  ]);
  const text = await UserPage.textOf(download);
  return text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
}

describe('a table in which nobody stands out', () => {
  it('shows what many did and nothing of what few did', async () => {
    const rows = await saved();
    const of = (name: string): string[] => rows.find(([domain]) => domain === name)?.slice(1) ?? [];
    expect(rows.slice(1).map(([domain]) => domain)).toEqual(['common', 'other', 'Other', 'Total']);
    const shown = of('other').filter((cell) => cell !== '');
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.every((cell) => Number(cell) % 20 === 0 && Number(cell) > 0)).toBe(true);
    // Three people are too few: where they were, nothing is said, nor enough else to work it out.
    expect(of('Other').every((cell) => cell === '' || cell === '0')).toBe(true);
    for (const [window, cell] of of('Other').entries()) {
      if (cell === '0') continue;
      const beside = ['common', 'other', 'Total'].filter((name) => of(name)[window] === '');
      expect(beside.length).toBeGreaterThan(0);
    }
    expect(await user.at('publish-made').innerText()).toContain('stand together as “Other”: 1');
  });

  it('has nothing that axe objects to', async () => {
    for (const method of ['anonymous', 'noise', 'pseudonyms']) {
      await user.choose('publish-method', method);
      const { violations } = await new AxeBuilder({ page: user.page })
        .include('[data-testid=publish-dialog]')
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
    }
  });
});

describe('noise', () => {
  it('is paid from the budget until nothing is left', async () => {
    await user.choose('publish-method', 'noise');
    await user.at('publish-epsilon').fill('3');
    await user.toggle('publish-secret');
    const rows = await saved();
    expect(rows.slice(1).map(([domain]) => domain)).toEqual(['common', 'other', 'rare']);
    expect(rows.slice(1).every((row) => row.slice(1).every((cell) => /^-?\d+$/.test(cell)))).toBe(true);
    // At the whole budget's δ, which is larger than the release's own, it cost a little less than 3.
    await expect
      .poll(() => user.at('publish-account').innerText())
      .toMatch(/^Spent so far: ε = 2\.[5-9]\d? of 4, in 1 release\.$/);
    expect(await user.at('publish-budget').isDisabled()).toBe(true);
    await user.click('publish-act');
    await expect.poll(() => user.at('publish-dialog').innerText()).toContain('The privacy budget does not cover this');
  });

  it('says so where nothing is left of a small log', async () => {
    await user.toggle('publish-secret');
    await user.at('publish-epsilon').fill('0.5');
    await user.click('publish-act');
    await expect.poll(() => user.at('publish-made').innerText()).toContain('No cell had enough people');
    // δ is not used up by it: another one is paid from what is left.
    await user.click('publish-act');
    await expect.poll(() => user.at('publish-account').innerText()).toContain('in 3 releases');
  });
});

describe('pseudonyms', () => {
  it('replace every name, and the key is shown once', async () => {
    await user.choose('publish-method', 'pseudonyms');
    await user.at('publish-key').fill('not a key');
    expect(await user.at('publish-act').isDisabled()).toBe(true);
    await user.at('publish-key').fill('');
    await user.click('publish-act');
    expect(await user.at('publish-used').locator('code').innerText()).toMatch(/^[0-9a-f]{64}$/);
    await user.page.keyboard.press('Escape');
    await user.settled('evolution');
    await user.click('user-find');
    await user.at('user-list').locator('button').first().waitFor();
    const names = await user.at('user-list').locator('button').allInnerTexts();
    expect(names.length).toBeGreaterThan(3);
    expect(names.every((name) => /[0-9a-f]{32}/.test(name) && !name.includes('person'))).toBe(true);
    expect(user.errors).toEqual([]);
  });
});
