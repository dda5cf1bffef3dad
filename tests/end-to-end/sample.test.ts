/** From the empty page to a forecast on the invented log. */
import { describe, expect, it } from 'vitest';
import { openPage } from '../support/open';
import { numberOf, type UserPage } from '../support/page';

let user: UserPage;

// Under a sub-path, as a page of a project on a shared host is.
openPage((opened) => {
  user = opened;
}, '/some/where/');

describe('the sample', () => {
  it('shows its heat map within two clicks', async () => {
    await user.click('try-sample');
    await user.reached('interest');
    await user.settled('evolution');
    await expect.poll(() => user.coloursOf('evolution')).toBeGreaterThan(20);
    expect(user.clicks).toBeLessThanOrEqual(2);
  });

  it('has a table with the numbers of the heat map, whose windows sum up to one', async () => {
    const { head, rows } = await user.tableOf('evolution');
    expect(rows.length).toBeGreaterThan(5);
    expect(head.length).toBeGreaterThan(10);
    for (let window = 1; window < head.length; window += 1) {
      const sum = rows.reduce((total, row) => total + numberOf(row[window] ?? ''), 0);
      // Each cell is rounded to a tenth of a per cent.
      expect(Math.abs(sum - 1), head[window]).toBeLessThanOrEqual(0.0005 * rows.length + 1e-9);
    }
  });

  it('downloads the same numbers unrounded', async () => {
    const shown = await user.tableOf('evolution');
    const exact = await user.downloadOf('evolution');
    expect(exact.head).toEqual(shown.head);
    expect(exact.rows.map((row) => row[0])).toEqual(shown.rows.map((row) => row[0]));
    for (let window = 1; window < exact.head.length; window += 1) {
      const sum = exact.rows.reduce((total, row) => total + Number(row[window]), 0);
      expect(sum, exact.head[window]).toBeCloseTo(1, 9);
    }
    expect(Math.abs(Number(exact.rows[0]?.[1]) - numberOf(shown.rows[0]?.[1] ?? ''))).toBeLessThanOrEqual(0.0005);
  });

  it('draws transfer, drift and activity', async () => {
    for (const chart of ['transfer', 'drift', 'activity'] as const) {
      const { head, rows } = await user.tableOf(chart);
      expect(rows.length, chart).toBeGreaterThan(3);
      for (const row of rows) expect(row.length, chart).toBe(head.length);
    }
  });

  it('shows one user that was searched for', async () => {
    const before = await user.tableOf('activity');
    await user.click('user-find');
    const entry = user.at('user-list').locator('button').nth(2);
    const name = (await entry.locator('.who').innerText()).trim();
    await user.at('user-search').fill(name);
    await expect.poll(() => user.at('user-list').locator('.who').first().innerText()).toContain(name);
    await user.at('user-list').locator('button').first().click();
    await expect.poll(() => user.at('user-find').innerText()).toBe(name);
    await expect.poll(async () => (await user.tableOf('activity')).rows).not.toEqual(before.rows);
    await user.click('user-everyone');
    await expect.poll(async () => (await user.tableOf('activity')).rows).toEqual(before.rows);
  });

  it('trains the network and compares it with the baselines', async () => {
    await user.click('go-training');
    await user.reached('training');
    await user.train(2);
    for (const model of ['persistent', 'moving_average', 'decay_prior', 'dnn']) {
      const ndcg = await user.score(model, 'ndcg10');
      expect(ndcg, model).toBeGreaterThan(0.1);
      expect(ndcg, model).toBeLessThanOrEqual(1);
    }
    expect(await user.at('verdict').getAttribute('data-verdict')).toMatch(/^(yes|tie|no)$/);
    const { rows } = await user.tableOf('curve');
    const losses = rows.map((row) => numberOf(row[1] ?? '')).filter(Number.isFinite);
    expect(losses.length).toBeGreaterThan(1);
  });

  it('forecasts the next window', async () => {
    await user.click('go-forecast');
    await user.reached('forecast');
    await user.at('forecast-headline').waitFor();
    const { head, rows } = await user.downloadOf('forecast');
    const share = head.findIndex((name) => /next/i.test(name));
    expect(share).toBeGreaterThan(0);
    const shares = rows.map((row) => Number(row[share]));
    expect(shares.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(shares.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 3);
  });

  it('raised no error on the way', () => {
    expect(user.errors).toEqual([]);
  });
});
