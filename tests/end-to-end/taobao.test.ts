/** Nine days of 815 shoppers with four kinds of event, and 35 rows with stray times, against plain arithmetic. */
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFiles } from '../support/data';
import { expectHeat, expectShares } from '../support/heat-map';
import { openPage } from '../support/open';
import { csvCells, UserPage } from '../support/page';
import { heatOf, rowsOf, type PlainEvent } from '../support/reference';

const DAY = 86_400;
/** China is eight hours ahead all year. */
const OFFSET = 8 * 3600;
/** The nominal window of the data set: 2017-11-25 to 2017-12-03 in China. */
const [FROM, TO] = [Date.UTC(2017, 10, 25) / 1000 - OFFSET, Date.UTC(2017, 11, 4) / 1000 - OFFSET];
const WEIGHTS: Record<string, number> = { pv: 1, fav: 2, cart: 2, buy: 3 };
const files = dataFiles('taobao_userbehavior', ['events.csv.gz']);

describe.skipIf(!files)('Taobao UserBehavior', () => {
  let user: UserPage;
  const inside: PlainEvent[] = [];
  /** The rows with stray times, by line of the file. */
  const strays = new Map<number, string>();

  beforeAll(() => {
    let line = 1;
    for (const row of rowsOf(files?.[0] ?? '')) {
      line += 1;
      const time = Number(row.timestamp);
      if (time < FROM || time >= TO) strays.set(line, Object.values(row).join(','));
      else
        inside.push({
          user: row.user ?? '',
          domain: row.category ?? '',
          time,
          weight: WEIGHTS[row.behavior ?? ''] ?? NaN,
        });
    }
  });
  openPage((opened) => {
    user = opened;
  });

  it('is recognised, kinds and all', async () => {
    await user.at('file-input').setInputFiles(files ?? []);
    await user.reached('columns');
    expect(await user.at('preset').getAttribute('data-preset')).toBe('taobao');
    await user.click('read-log');
    await user.reached('quality', 120_000);
  });

  it('loses exactly the 35 rows with stray times', async () => {
    expect(strays.size).toBe(35);
    expect(await user.integer('rows-read')).toBe(84_475);
    expect(await user.integer('rows-accepted')).toBe(84_440);
    expect(await user.integer('rows-rejected')).toBe(35);
    const touched = await user.touchedByRule();
    // Rules that are off tell what they would take; they take nothing.
    for (const off of ['sparse_user', 'sparse_item']) delete touched[off];
    expect(touched).toEqual({
      ...Object.fromEntries(Object.keys(touched).map((rule) => [rule, 0])),
      time_out_of_range: 35,
    });
  });

  it('hands out the rejected rows as they stood', async () => {
    const [download] = await Promise.all([user.page.waitForEvent('download'), user.click('download-rejected')]);
    const text = await UserPage.textOf(download);
    const [head, ...rows] = text.trimEnd().split(/\r?\n/);
    expect(head).toBe('file,line,rule,row');
    expect(rows).toHaveLength(35);
    for (const [file, line, rule, row] of rows.map(csvCells)) {
      expect([file, rule]).toEqual(['events.csv.gz', 'time_out_of_range']);
      expect(strays.get(Number(line))).toBe(row);
    }
  });

  it('has the heat map of weighted events that plain arithmetic gives', async () => {
    await user.click('go-interest');
    await user.reached('interest');
    await user.choose('window', 'day');
    await user.at('zone').fill('Asia/Shanghai');
    await user.at('zone').blur();
    await user.at('evolution-top').selectOption('80');
    const reference = heatOf(inside, DAY, OFFSET);
    expect(reference.windows).toBe(9);
    await expect.poll(async () => (await user.tableOf('evolution')).head.length - 1).toBe(9);
    expect(await expectHeat(user, reference)).toBe(80 * 9);
    await expectShares(user, reference);
  });

  it('trains the network beside the baselines, and forecasts', async () => {
    await user.click('go-training');
    await user.reached('training');
    await user.train(1, 300_000);
    for (const model of ['persistent', 'moving_average', 'decay_prior', 'dnn']) {
      expect(await user.score(model, 'ndcg10'), model).toBeGreaterThan(0.05);
    }
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
