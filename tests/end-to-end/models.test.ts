/** Every model on the page: before any training, trained and compared, saved and opened, with new events, and for items. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../support/open';
import type { UserPage } from '../support/page';
import { readFiles } from '../support/reading';

let user: UserPage;
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'driftscope-models-'));
});
openPage((opened) => {
  user = opened;
});
afterAll(() => rmSync(scratch, { recursive: true }));

const START = Date.UTC(2024, 0, 1) / 1000;
const DAY = 86_400;
const USERS = 60;
const DOMAINS = 8;

/** People who alternate between two domains, a day each, and go round the items of a domain. */
function log(from: number, to: number, extra = ''): string {
  const rows: string[] = [];
  for (let user = 0; user < USERS; user += 1) {
    for (let day = from; day < to; day += 1) {
      for (let event = 0; event < 6; event += 1) {
        const domain =
          event === 5 ? (user + day) % DOMAINS : (day + user) % 2 ? user % DOMAINS : (user * 3 + 1) % DOMAINS;
        const item = `d${domain}-i${(day * 5 + event) % 12}`;
        rows.push(`u${user},${item},d${domain},${START + day * DAY + event * 7200}\n`);
      }
    }
  }
  return `user,item,category,time\n${rows.join('')}${extra}`;
}

/** Writes a file and gives its place. */
function file(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

const sharesOf = async (): Promise<number> => {
  const { head, rows } = await user.downloadOf('forecast');
  const share = head.findIndex((name) => /next/i.test(name));
  return rows.reduce((total, row) => total + Number(row[share]), 0);
};

const LEARNED = [
  'dnn',
  'gnn',
  'dnn+gnn',
  'sequence',
  'base',
  'blend',
  'cf-user-cosine',
  'cf-user-pearson',
  'cf-item',
  'cf-closed',
];
const RULES = ['popularity', 'persistent', 'moving_average', 'user_frequency', 'decay_prior', 'markov'];

describe('the models on the page', () => {
  it('forecast before any training', async () => {
    await readFiles(user, [file('log.csv', log(0, 20))]);
    await user.click('step-training');
    await user.reached('training');
    await user.choose('train-window', 'day');
    await user.click('step-forecast');
    await user.at('base-note').waitFor();
    expect(await sharesOf()).toBeCloseTo(1, 3);
  });

  it('are trained and compared, all of them', { timeout: 240_000 }, async () => {
    await user.click('step-training');
    await user.reached('training');
    for (const model of [...LEARNED, ...RULES]) {
      const choice = user.at(`model-${model}`);
      if ((await choice.count()) > 0 && !(await choice.isChecked())) await user.toggle(`model-${model}`);
    }
    await user.train(1, 200_000);
    for (const model of [...LEARNED, ...RULES]) {
      const ndcg = await user.score(model, 'ndcg10');
      expect(ndcg, model).toBeGreaterThan(0);
      expect(ndcg, model).toBeLessThanOrEqual(1);
    }
    expect(await user.at('curve-model').locator('option').count()).toBeGreaterThanOrEqual(4);
  });

  it('are saved as a file and opened again', async () => {
    const [download] = await Promise.all([user.page.waitForEvent('download'), user.click('save-models')]);
    const path = join(scratch, 'models.safetensors');
    await download.saveAs(path);
    await user.at('models-input').setInputFiles(path);
    await user.at('models-opened').waitFor();
    await user.at('models-input').setInputFiles(file('broken.safetensors', 'no model'));
    await user.at('model-file').locator('[data-testid=failure]').waitFor();
  });

  it('go on with new events, a new domain among them', async () => {
    const later = log(18, 24, `u1,new-item,new-domain,${START + 23 * DAY + 80_000}\n`);
    await user.at('events-input').setInputFiles(file('later.csv', later));
    await user.at('update-report').waitFor({ timeout: 60_000 });
    const text = await user.at('update-report').innerText();
    // Four days are new, two were in the log.
    expect(text).toContain('1,441');
    expect(text).toContain('720');
    expect(text).toContain('new-domain');
    await user.click('step-forecast');
    expect(await sharesOf()).toBeCloseTo(1, 3);
  });

  it('say which item comes next', { timeout: 120_000 }, async () => {
    for (const model of ['cf-user-cosine', 'cf-user-pearson', 'cf-closed']) await user.toggle(`next-item-${model}`);
    await user.click('train-next-items');
    await user.at('next-item-verdict').waitFor({ timeout: 100_000 });
    for (const model of ['popularity', 'markov', 'cf-item', 'cf-user-cosine', 'cf-user-pearson', 'cf-closed']) {
      const hits = await user.at(`next-item-row-${model}`).locator('[data-metric=hr10]').getAttribute('data-value');
      expect(Number(hits), model).toBeGreaterThanOrEqual(0);
    }
    await user.click('next-item-user-find');
    await user.at('next-item-user-dialog').locator('[data-testid=next-item-user-list] button').first().click();
    await user.at('next-item-list').waitFor();
    await user.at('why-item').first().click();
    await user.at('because').waitFor();
  });

  it('say what the forecast of one user rests on', async () => {
    await user.click('forecast-user-find');
    await user.at('forecast-user-dialog').locator('[data-testid=forecast-user-list] button').first().click();
    await user.settled('forecast');
    await user.click('explain');
    await user.at('why-words').waitFor({ timeout: 60_000 });
    expect(await user.at('why-check').innerText()).not.toBe('');
    const { head, rows } = await user.tableOf('evidence');
    expect(rows.length).toBeGreaterThan(1);
    expect(head).toHaveLength(4);
    const effects = (await user.downloadOf('evidence')).rows.map((row) => Number(row[3]));
    // The strongest first, whatever its sign; something matters.
    expect(Math.abs(effects[0] ?? 0)).toBeGreaterThan(0);
    expect(effects.map(Math.abs)).toEqual([...effects].map(Math.abs).sort((a, b) => b - a));
  });

  it('raised no error on the way', () => {
    expect(user.errors).toEqual([]);
  });
});
