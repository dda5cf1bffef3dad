/** A year of 1,970 households' groceries: four parts and an item table, through the page, against plain arithmetic. */
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFiles } from '../support/data';
import { expectHeat, expectShares } from '../support/heat-map';
import { openPage } from '../support/open';
import { numberOf, type UserPage } from '../support/page';
import { heatOf, movedShareOf, rowsOf, type PlainEvent } from '../support/reference';

const DAY = 86_400;
const PARTS = [1, 2, 3, 4].map((quarter) => `transactions_q${quarter}.csv.gz`);
const files = dataFiles('complete_journey', [...PARTS, 'products.csv.gz']);

/** The log as it should be read, and how many rows each rule should touch. */
function plainLog(paths: readonly string[]): { events: PlainEvent[]; items: number; touched: Record<string, number> } {
  const parts = paths.slice(0, -1);
  const categories = new Map<string, string>();
  let items = 0;
  for (const row of rowsOf(paths.at(-1) ?? '')) {
    categories.set(row.product_id ?? '', row.product_category ?? '');
    items += 1;
  }
  const events: PlainEvent[] = [];
  const [whole, ofItem, ofUser] = [new Set<string>(), new Map<string, number>(), new Map<string, number>()];
  const touched = { exact_duplicate: 0, missing_domain: 0, sparse_item: 0, sparse_user: 0 };
  for (const part of parts) {
    for (const row of rowsOf(part)) {
      const line = Object.values(row).join(',');
      if (whole.has(line)) touched.exact_duplicate += 1;
      whole.add(line);
      const [user = '', item = ''] = [row.household_id, row.product_id];
      const category = categories.get(item) ?? '';
      if (category === '') touched.missing_domain += 1;
      ofItem.set(item, (ofItem.get(item) ?? 0) + 1);
      ofUser.set(user, (ofUser.get(user) ?? 0) + 1);
      events.push({ user, domain: category || 'unknown', time: Number(row.timestamp), weight: 1 });
    }
  }
  for (const count of ofItem.values()) if (count < 2) touched.sparse_item += count;
  for (const count of ofUser.values()) if (count < 3) touched.sparse_user += count;
  return { events, items, touched };
}

describe.skipIf(!files)('Complete Journey', () => {
  let user: UserPage;
  let plain: ReturnType<typeof plainLog>;

  beforeAll(() => {
    plain = plainLog(files ?? []);
  });
  openPage((opened) => {
    user = opened;
  });

  it('is recognised from its columns', async () => {
    await user.at('file-input').setInputFiles(files ?? []);
    await user.reached('columns');
    for (let index = 0; index <= PARTS.length; index += 1) {
      await user.click(`file-tab-${index}`);
      expect(await user.at('preset').getAttribute('data-preset')).toBe('complete_journey');
      const table = index < PARTS.length ? 'events' : 'items';
      expect(await user.at('plan-table').inputValue()).toBe(table);
    }
  });

  it('is read whole: every row accepted or rejected by a rule, as counted here', async () => {
    await user.click('read-log');
    await user.reached('quality', 180_000);
    expect(plain.events).toHaveLength(1_192_907);
    expect(await user.integer('rows-read')).toBe(1_192_907 + plain.items);
    expect(await user.integer('rows-accepted')).toBe(1_192_907 + plain.items);
    expect(await user.integer('rows-rejected')).toBe(0);
    expect(await user.integer('stat-events')).toBe(1_192_907);
    const rules = await user.touchedByRule();
    expect(rules).toEqual({ ...Object.fromEntries(Object.keys(rules).map((rule) => [rule, 0])), ...plain.touched });
    expect(await user.integer('stat-users')).toBe(new Set(plain.events.map((event) => event.user)).size);
    expect(await user.integer('stat-domains')).toBe(new Set(plain.events.map((event) => event.domain)).size);
  });

  it('has the heat map that plain arithmetic gives, in weeks and in windows of 28 days', async () => {
    await user.click('go-interest');
    await user.reached('interest');
    await user.toggle('weigh-kinds');
    await user.at('evolution-top').selectOption('80');
    for (const [length, days] of [
      ['week', 7],
      ['days28', 28],
    ] as const) {
      await user.choose('window', length);
      const reference = heatOf(plain.events, days * DAY);
      await expect.poll(async () => (await user.tableOf('evolution')).head.length - 1).toBe(reference.windows);
      expect(await expectHeat(user, reference)).toBe(80 * reference.windows);
      await expectShares(user, reference);
    }
  });

  it('moves as much interest between windows as plain arithmetic says', async () => {
    const moved = movedShareOf(plain.events, heatOf(plain.events, 28 * DAY), 28 * DAY);
    await user.settled('transfer');
    expect(numberOf(await user.at('transfer-sums').innerText())).toBeCloseTo(moved, 3);
  });

  it('shows one household that was searched for', async () => {
    const name = plain.events[0]?.user ?? '';
    const own = plain.events.filter((event) => event.user === name);
    const reference = heatOf(plain.events, 28 * DAY);
    await user.findUser(name);
    const counts = new Array<number>(reference.windows).fill(0);
    for (const { time } of own) counts[Math.floor((time - reference.start) / (28 * DAY))]! += 1;
    await expect
      .poll(async () => (await user.downloadOf('activity')).rows.map((row) => Number(row[1])))
      .toEqual(counts);
    await user.click('user-everyone');
  });

  it('trains the network beside the baselines, and forecasts', async () => {
    await user.click('go-training');
    await user.reached('training');
    await user.train(1, 300_000);
    for (const model of ['persistent', 'moving_average', 'decay_prior', 'dnn']) {
      expect(await user.score(model, 'ndcg10'), model).toBeGreaterThan(0.3);
    }
    // One epoch does not take the network off the prior that it starts from.
    expect(await user.score('dnn', 'ndcg10')).toBeGreaterThan((await user.score('decay_prior', 'ndcg10')) - 0.01);
    await user.click('go-forecast');
    await user.reached('forecast');
    await user.at('forecast-headline').waitFor();
    const { rows } = await user.downloadOf('forecast');
    expect(rows.reduce((total, row) => total + Number(row[2]), 0)).toBeCloseTo(1, 3);
  });

  it('raised no error on the way', () => {
    expect(user.errors).toEqual([]);
  });
});
