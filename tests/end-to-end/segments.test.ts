/** Kinds of users on the page: found on demand, one of them selected, all charts following. */
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let server: StaticServer;
let browser: Browser;
let user: UserPage;

beforeAll(async () => {
  server = await serve();
  browser = await sharedBrowser();
  user = await UserPage.open(browser, server.address);
  await user.click('try-sample');
  await user.reached('interest');
  await user.settled('evolution');
});
afterAll(async () => {
  await user?.close();
  await browser?.close();
  await server?.close();
});

const numbersOf = (text: string): number => Number(/([\d,]+) users?/.exec(text)?.[1]?.replaceAll(',', ''));
const activeUsers = async (): Promise<number[]> => {
  const { rows } = await user.downloadOf('activity');
  return rows.map((row) => Number(row.at(-1)));
};

describe('segments', () => {
  it('are found when they are asked for, named by what they have more of, and every active user is in one', async () => {
    await user.click('find-segments');
    await user.at('segment-list').waitFor({ timeout: 90_000 });
    const items = await user.at('segment-list').locator('li').allInnerTexts();
    expect(items.length).toBeGreaterThan(1);
    expect(items.length).toBeLessThanOrEqual(12);
    const names = await user.at('segment-list').locator('button').allInnerTexts();
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => !name.startsWith('Segment '))).toBe(true);
    const sizes = items.map(numbersOf);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(await user.at('segments-stability').innerText()).toContain('prediction strength');
  });

  it('flow in the table as in the chart', async () => {
    const { head, rows } = await user.tableOf('segments');
    expect(head).toEqual(['Segment before', 'Segment after', 'Users, window by window', 'Share of all']);
    const counts = rows.map((row) => Number(row[2]?.replaceAll(',', '')));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    await user.choose('segments-view', 'chart');
  });

  it('filter all charts when one is selected, and undo brings everyone back', async () => {
    const before = await activeUsers();
    const size = numbersOf((await user.at('segment-list').locator('li').first().innerText()) ?? '');
    const name = await user.at('segment-0').innerText();
    await user.click('segment-0');
    expect(await user.at('segment-0').getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => user.page.locator('[data-part=segment] span').innerText()).toBe(`Segment ${name}`);
    await user.settled('evolution');
    await expect.poll(async () => Math.max(...(await activeUsers()))).toBeLessThan(Math.max(...before));
    expect(Math.max(...(await activeUsers()))).toBeLessThanOrEqual(size);
    expect(user.page.url()).toContain('sg=0');
    await user.click('undo');
    await user.settled('evolution');
    await expect.poll(activeUsers).toEqual(before);
  });

  it('have nothing that axe objects to, and fit 360 pixels', async () => {
    const { violations } = await new AxeBuilder({ page: user.page }).include('[data-testid=segments]').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
    const wide = user.page.viewportSize();
    await user.page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(() => user.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    if (wide) await user.page.setViewportSize(wide);
  });

  it('come with a link to one of them', async () => {
    await user.click('segment-1');
    const other = await UserPage.open(browser, user.page.url());
    await other.click('open-linked-sample');
    await other.reached('interest');
    await other.page.locator('[data-part=segment]').waitFor();
    await other.at('segment-list').waitFor({ timeout: 90_000 });
    expect(await other.at('segment-1').getAttribute('aria-pressed')).toBe('true');
    expect(other.errors).toEqual([]);
    await other.close();
    expect(user.errors).toEqual([]);
  });
});
