/** Looking closer: one selection for all charts, undone and linked; one user's page; a list of users that stays small. */
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let browser: Browser;
let server: StaticServer;
let user: UserPage;

const parts = (): Promise<string[]> => user.page.locator('[data-testid=breadcrumb] [data-part] span').allInnerTexts();
const drawn = async (): Promise<void> => {
  for (const chart of ['evolution', 'transfer', 'drift', 'activity'] as const) await user.settled(chart);
};
/** Picks a heading of a chart's table, which is how the keyboard selects. */
const pickInTable = async (chart: 'evolution' | 'transfer' | 'drift' | 'activity', heading: string): Promise<void> => {
  await user.choose(`${chart}-view`, 'table');
  const button = user.at(`${chart}-table`).getByRole('button', { name: heading, exact: true }).first();
  await button.focus();
  await user.page.keyboard.press('Enter');
};

beforeAll(async () => {
  server = await serve();
  browser = await sharedBrowser();
  user = await UserPage.open(browser, server.address);
  await user.click('try-sample');
  await user.reached('interest');
  await drawn();
});
afterAll(async () => {
  await user.close();
  await browser.close();
  await server.close();
});

describe('a selected domain', () => {
  it('is picked from the table by keyboard, and every chart follows', async () => {
    const before = await user.tableOf('activity');
    await pickInTable('evolution', 'Coffee');
    await drawn();
    expect(await parts()).toEqual(['Domain Coffee']);
    // Activity: the domain's events instead of all; drift: a column of its own; transfer: only its flows.
    const activity = await user.tableOf('activity');
    expect(activity.head[1]).toContain('Coffee');
    expect(activity.rows[0]?.[1]).not.toBe(before.rows[0]?.[1]);
    expect((await user.tableOf('drift')).head).toContain('Due to Coffee');
    const flows = (await user.tableOf('transfer')).rows.filter(([from]) => from !== 'Others');
    expect(flows.length).toBeGreaterThan(3);
    for (const [from, to] of flows) expect([from, to]).toContain('Coffee');
    expect(await user.at('evolution-table').locator('button[aria-pressed=true]').allInnerTexts()).toEqual(['Coffee']);
  });

  it('fades the rest of the heat map', async () => {
    await user.choose('evolution-view', 'chart');
    await user.settled('evolution');
    await expect.poll(() => user.coloursOf('evolution')).toBeGreaterThan(20);
    const lit = await user.page.screenshot({ clip: await boxOf('evolution') });
    await user.click('clear-selection');
    await user.settled('evolution');
    const all = await user.page.screenshot({ clip: await boxOf('evolution') });
    expect(lit.equals(all)).toBe(false);
    expect(await parts()).toEqual([]);
  });
});

async function boxOf(testid: string) {
  await user.at(testid).scrollIntoViewIfNeeded();
  const box = await user.at(testid).locator('[role=img]').boundingBox();
  if (!box) throw new Error(`${testid} is not drawn`);
  return { ...box, height: Math.min(box.height, 300) };
}

describe('windows and flows', () => {
  it('a window shows what moved into it; a click on its bar lets go', async () => {
    const span = (await user.tableOf('drift')).rows[6]?.[0] ?? '';
    await pickInTable('drift', span);
    await drawn();
    expect(await parts()).toEqual([`Window ${span}`]);
    expect(await user.at('transfer').innerText()).toContain(`What moved into ${span}`);
    // The charts themselves take clicks as well: the same bar lets go.
    await user.choose('activity-view', 'chart');
    await user.settled('activity');
    await user.at('activity').scrollIntoViewIfNeeded();
    const box = await user.at('activity').locator('[role=img]').boundingBox();
    if (!box) throw new Error('activity is not drawn');
    const [left, right] = [48, 48];
    const x = left + ((box.width - left - right) * 6.5) / 15;
    await user
      .at('activity')
      .locator('canvas')
      .click({ position: { x, y: box.height / 2 } });
    await expect.poll(parts).toEqual([]);
  });

  it('a flow is a row of the transfer, and is drawn however small', async () => {
    await user.choose('transfer-view', 'table');
    await user.at('transfer-table').locator('tbody button').nth(1).click();
    const [flow = ''] = await parts();
    expect(flow).toMatch(/^From .+ to .+/);
    await user.at('transfer-least').selectOption({ index: 4 });
    await user.settled('transfer');
    const { rows } = await user.tableOf('transfer');
    expect(rows.map(([from, to]) => `From ${from} to ${to}`)).toContain(flow);
    await user.at('transfer-least').selectOption({ index: 0 });
    await user.click('clear-selection');
  });

  it('loses no mass to a threshold: what is not drawn is in the others', async () => {
    const total = async (): Promise<number> =>
      (await user.downloadOf('transfer')).rows.reduce((sum, row) => sum + Number(row[3]), 0);
    const before = await total();
    await user.at('transfer-least').selectOption({ index: 3 });
    await user.at('transfer-top').selectOption('15');
    expect(await total()).toBeCloseTo(before, 6);
    await user.at('transfer-least').selectOption({ index: 0 });
    await user.choose('transfer-view', 'chart');
  });
});

describe('undo', () => {
  it('works by key, button and the browser’s own, for selection and settings', async () => {
    await pickInTable('evolution', 'Running');
    await user.choose('evolution-measure', 'relative');
    await user.at('evolution-order').selectOption('similar');
    const order = (): Promise<string> => user.at('evolution-order').inputValue();
    await user.page.locator('h1').focus();
    await user.page.keyboard.press('Control+z');
    await expect.poll(order).not.toBe('similar');
    await user.click('undo');
    await expect.poll(() => user.at('evolution-measure').locator('input:checked').inputValue()).toBe('share');
    await user.page.goBack();
    await expect.poll(parts).toEqual([]);
    await user.page.goForward();
    await expect.poll(parts).toEqual(['Domain Running']);
    await user.page.locator('h1').focus();
    await user.page.keyboard.press('Control+y');
    await expect.poll(() => user.at('evolution-measure').locator('input:checked').inputValue()).toBe('relative');
    // Typing keeps its own undo.
    await user.at('evolution-find').fill('oo');
    await user.page.keyboard.press('Control+z');
    expect(await parts()).toEqual(['Domain Running']);
    expect(await user.page.locator('main').getAttribute('data-step')).toBe('interest');
  });
});

describe('a link', () => {
  it('opens the same view elsewhere, and names no user', async () => {
    await user.at('evolution-find').fill('ing');
    await expect.poll(() => user.page.url()).toContain('q=ing');
    await user.findUser('user00042');
    await user.at('person').waitFor();
    const address = user.page.url();
    expect(address).not.toContain('user00042');
    const other = await UserPage.open(browser, address);
    await other.at('link-notice').waitFor();
    await other.click('open-linked-sample');
    await other.reached('interest');
    await other.settled('evolution');
    expect(await other.page.locator('[data-part] span').allInnerTexts()).toEqual(['Domain Running']);
    expect(await other.at('evolution-find').inputValue()).toBe('ing');
    expect(await other.at('evolution-measure').locator('input:checked').inputValue()).toBe('relative');
    expect(other.errors).toEqual([]);
    await other.close();
  });
});

describe('one user’s page', () => {
  it('lists every event of the user, with nearest users by a distance', async () => {
    const { head, rows } = await user.tableOf('timeline');
    expect(head).toEqual(['When', 'Kind', 'Domain', 'Item']);
    const events = Number(/([\d,]+) events?/.exec(await user.at('person').innerText())?.[1]?.replaceAll(',', ''));
    expect(rows).toHaveLength(events);
    await user.at('near-table').waitFor();
    const distances = await user.at('near-table').locator('tbody td:nth-child(2)').allInnerTexts();
    expect(distances.map(Number)).toEqual([...distances.map(Number)].sort((a, b) => a - b));
    expect(distances.map(Number).every((distance) => distance >= 0 && distance < 1)).toBe(true);
  });

  it('forecasts with the ready-made network', async () => {
    await user.click('person-ready');
    await user.at('person-forecast').locator('canvas').waitFor({ timeout: 60_000 });
  });

  it('has nothing that axe objects to, help and streamgraph included, and fits 360 pixels', async () => {
    await user.at('timeline-help').locator('summary').first().click();
    await user.at('timeline-help-formula').locator('summary').click();
    await user.choose('evolution-view', 'chart');
    await user.choose('evolution-shape', 'stream');
    const { violations } = await new AxeBuilder({ page: user.page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
    const wide = user.page.viewportSize();
    await user.page.setViewportSize({ width: 360, height: 740 });
    // Charts follow their boxes a frame or more after these change.
    await expect.poll(() => user.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    if (wide) await user.page.setViewportSize(wide);
    await user.click('undo');
  });

  it('goes on to a neighbour and back', async () => {
    const neighbour = user.at('near-table').locator('tbody button').first();
    const name = await neighbour.innerText();
    await neighbour.click();
    await expect.poll(() => user.at('person').locator('h2').innerText()).toBe(`User ${name}`);
    await user.click('undo');
    await expect.poll(() => user.at('person').locator('h2').innerText()).toBe('User user00042');
    await user.click('person-back');
    await user.at('person').waitFor({ state: 'detached' });
  });
});

describe('the list of users', () => {
  it('has only the rows in sight, and reaches the last user by one key', async () => {
    await user.click('user-find');
    const rows = user.at('user-list').locator('button');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(40);
    const total = await user.integer('user-count');
    await rows.first().focus();
    await user.page.keyboard.press('End');
    const last = user.at('user-list').locator(`button[data-index="${total - 1}"]`);
    await last.waitFor();
    expect(await rows.count()).toBeLessThan(40);
    await user.page.keyboard.press('Escape');
  });

  it('leaves no error behind', () => {
    expect(user.errors).toEqual([]);
  });
});
