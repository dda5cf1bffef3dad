/** `<drift-scope>` in a plain page, from a copy of the package's folder. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

const folder = mkdtempSync(join(tmpdir(), 'driftscope-element-'));
let server: StaticServer;
let browser: Browser;
let page: Page;

/** Ten users who move from tea (weeks 0 and 1) to coffee (weeks 2 and 3). */
function log(): string {
  const rows = ['user,item,category,time'];
  for (let user = 0; user < 10; user += 1)
    for (let day = 0; day < 28; day += 1)
      rows.push(`u${user},i${day % 3},${day < 14 ? 'tea' : '<b>coffee</b>'},${1_704_067_200 + day * 86_400 + user}`);
  return `${rows.join('\n')}\n`;
}

beforeAll(async () => {
  cpSync(join(ROOT, 'web', 'dist'), join(folder, 'driftscope'), { recursive: true });
  writeFileSync(join(folder, 'log.csv'), log());
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><title>element</title><main><h1>Element</h1>
      <drift-scope id="log" src="log.csv" window="week" style="--driftscope-high: rgb(200, 0, 0)"></drift-scope>
      <drift-scope id="bad" src="absent.csv"></drift-scope>
      <drift-scope id="chinese" lang="zh-CN"></drift-scope>
      </main><script type="module" src="./driftscope/element.js"></script></html>`,
  );
  server = await serve(folder);
  browser = await sharedBrowser();
  page = await (await browser.newContext()).newPage();
  await page.goto(server.address);
});
afterAll(async () => {
  await page.context().close();
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

it('shows the heat map of a log, with names as text and shares to read out', async () => {
  const rows = page.locator('#log tbody tr');
  await rows.first().waitFor({ timeout: 30_000 });
  expect(await rows.locator('th').allInnerTexts()).toEqual(expect.arrayContaining(['tea', '<b>coffee</b>']));
  const tea = rows.filter({ hasText: 'tea' });
  expect(await tea.locator('td').allTextContents()).toEqual(['100%', '100%', '0%', '0%']);
  expect(await page.locator('#log b').count()).toBe(0);
  const colours = await tea
    .locator('td')
    .evaluateAll((cells) => cells.map((td) => getComputedStyle(td).backgroundColor));
  expect(new Set(colours).size).toBe(2);
});

it('draws what people turned from and to', async () => {
  await page.locator('#log svg .ribbon').first().waitFor({ state: 'attached' });
  expect(await page.locator('#log svg title').first().textContent()).toMatch(/^tea → <b>coffee<\/b>: 100%, 10 users$/);
});

it('tells what is selected, by mouse and by keyboard', async () => {
  await page.evaluate(
    `document.querySelector('#log').addEventListener('driftscope-select', (e) => (globalThis.chosen = e.detail))`,
  );
  await page.locator('#log tbody tr').filter({ hasText: 'tea' }).locator('td').nth(2).click();
  expect(await page.evaluate('chosen.domain.name + chosen.window')).toBe('tea2');
  await page.locator('#log tbody button').first().focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate('chosen.window')).toBeNull();
});

it('says what is wrong, and that there is nothing yet, in its language', async () => {
  await expect.poll(() => page.locator('#bad [role=alert]').innerText()).toContain('404');
  expect(await page.locator('#chinese [role=status]').innerText()).toBe('没有可显示的内容');
});

it('shows results that are handed over, and has no accessibility violation', async () => {
  await page.evaluate(`document.querySelector('#chinese').evolution = document.querySelector('#log').evolution`);
  expect(await page.locator('#chinese caption').innerText()).toContain('兴趣演变');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});
