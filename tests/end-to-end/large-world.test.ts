/** 3,000 domains in 500 windows: drawn, scrolled, pointed at, put in order and read as a table without a freeze. */
import { afterAll, describe, expect, it } from 'vitest';
import { allowance, ANSWERS_WITHIN, longTasks, watchLongTasks } from '../support/long-tasks';
import { openPage } from '../support/open';
import { UserPage } from '../support/page';

const DOMAINS = 3000;
const DAYS = 500;
const USERS = 2000;
const EVENTS = 240_000;

/** A log in which each domain occurs, domain n on every day that is a multiple of n + 1 and else now and then. */
function log(): Buffer {
  const lines = ['user,item,category,time'];
  let state = 12_345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let n = 0; n < EVENTS; n += 1) {
    const domain = n % 2 === 0 ? (n / 2) % DOMAINS : Math.floor(random(DOMAINS) * (random(1000) / 1000));
    const day = n < DAYS ? n : random(DAYS);
    const time = 1_599_955_200 + day * 86_400 + random(80_000);
    lines.push(`u${random(USERS)},i${domain}-${random(3)},domain ${String(domain).padStart(4, '0')},${time}`);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** What each act costs, as the longest task it made, in milliseconds. */
const costs: Record<string, number> = {};

describe('a large world', () => {
  let user: UserPage;
  openPage((opened) => {
    user = opened;
  });
  afterAll(() => console.log('longest tasks', costs));

  const rows = (): Promise<string> => user.at('rows-in-sight').innerText();
  /** The act must not keep the page from answering; what else the machine does can only add, so that the best of four counts. */
  async function costOf(
    what: string,
    act: () => Promise<void>,
    back: () => Promise<unknown> = () => Promise.resolve(),
  ) {
    let least = Infinity;
    for (let round = 0; round < 4 && least > ANSWERS_WITHIN; round += 1) {
      if (round > 0) await back();
      await longTasks(user.page);
      await act();
      await user.settled('evolution');
      least = Math.min(least, Math.round((await longTasks(user.page))[0] ?? 0));
    }
    costs[what] = least;
    expect(least, what).toBeLessThanOrEqual(allowance());
  }
  const few = () => user.at('evolution-top').selectOption('20');

  it('is read', { timeout: 180_000 }, async () => {
    await user.at('file-input').setInputFiles({ name: 'large.csv', mimeType: 'text/csv', buffer: log() });
    await user.reached('columns');
    await user.click('read-log');
    await user.reached('quality', 120_000);
    expect(await user.integer('stat-domains')).toBe(DOMAINS);
    await user.click('go-interest');
    await user.reached('interest');
    await user.settled('evolution');
    await user.choose('window', 'day');
    await user.settled('evolution');
    await user.at('evolution-table').waitFor({ state: 'detached' });
    await watchLongTasks(user.page);
  });

  it('is drawn with all of its domains', async () => {
    await costOf(
      'draw',
      async () => {
        await user.at('evolution-top').selectOption('1000000');
        await user.at('heat-map').waitFor();
        await user.page.locator('[data-testid=rows-in-sight]', { hasText: '3,000' }).waitFor();
      },
      few,
    );
    expect(await rows()).toMatch(/^rows 1–\d\d of 3,000$/);
    await expect.poll(() => user.coloursOf('evolution')).toBeGreaterThan(20);
  });

  it('scrolls down and across', async () => {
    await costOf('scroll', async () => {
      await user.at('heat-map').hover();
      for (let turn = 0; turn < 10; turn += 1) await user.page.mouse.wheel(60, 900);
    });
    await costOf('scroll to the end', async () => {
      await user.at('heat-map').evaluate((box) => (box.scrollTop = box.scrollHeight));
      await expect.poll(rows).toMatch(/^rows 2,9\d\d–3,000 of 3,000$/);
    });
    expect(await user.coloursOf('evolution')).toBeGreaterThan(5);
  });

  it('says what is under the pointer, and selects it', async () => {
    await user.at('heat-map').evaluate((box) => box.scrollTo(0, 0));
    const clear = () => user.click('clear-selection');
    const box = await user.at('heat-map').boundingBox();
    if (!box) throw new Error('no heat map');
    await costOf('point', async () => {
      for (let step = 0; step < 30; step += 1)
        await user.page.mouse.move(box.x + 300 + step * 15, box.y + 20 + step * 9);
      await user.at('evolution').locator('.chart-tip').waitFor();
    });
    expect(await user.at('evolution').locator('.chart-tip').innerText()).toMatch(/domain \d{4} · .*Share/s);
    await costOf(
      'select',
      async () => {
        await user
          .at('heat-map')
          .locator('canvas')
          .click({ position: { x: 60, y: 9 } });
        await user.page.locator('[data-testid=breadcrumb] [data-part]').waitFor();
      },
      clear,
    );
    await user.click('clear-selection');
  });

  const order = async (by: string): Promise<void> => {
    await user.at('evolution-order').selectOption(by);
  };
  for (const by of ['trend', 'peak', 'similar', 'size']) {
    it(`is put in order by ${by}`, () =>
      costOf(
        `order ${by}`,
        () => order(by),
        () => order(by === 'size' ? 'trend' : 'size'),
      ));
  }

  it('changes what it shows', async () => {
    const [lift, share] = ['relative', 'share'].map((measure) => () => user.choose('evolution-measure', measure));
    if (!lift || !share) throw new Error('no measures');
    await costOf('lift', lift, share);
    await costOf('share', share, lift);
    const log = () => user.toggle('evolution-log');
    await costOf('log scale', log, log);
  });

  it('has a table of which only what is in sight exists', async () => {
    await costOf(
      'table',
      async () => {
        await user.choose('evolution-view', 'table');
        await user.at('evolution-table').waitFor();
      },
      () => user.choose('evolution-view', 'chart'),
    );
    const table = user.at('evolution-table');
    expect(await table.getAttribute('aria-rowcount')).toBe(String(DOMAINS + 1));
    expect(await table.getAttribute('aria-colcount')).toBe(String(DAYS + 1));
    expect(await table.locator('td').count()).toBeLessThan(1500);
    await costOf('scroll the table', async () => {
      const box = table.locator('xpath=..');
      for (let step = 1; step <= 8; step += 1)
        await box.evaluate((element, part) => {
          element.scrollTop = (element.scrollHeight * part) / 8;
          element.scrollLeft = (element.scrollWidth * part) / 8;
        }, step);
      await table.locator(`tr[aria-rowindex="${DOMAINS + 1}"]`).waitFor();
      await table.locator(`th[aria-colindex="${DAYS + 1}"]`).waitFor();
    });
  });

  it('is saved whole, as a table of 1.5 million cells', { timeout: 60_000 }, async () => {
    let text = '';
    await costOf('csv', async () => {
      text = await UserPage.textOf(await user.export('evolution', 'csv'));
    });
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(DOMAINS + 1);
    expect(lines.at(-1)?.split(',')).toHaveLength(DAYS + 1);
  });

  it('raised no error on the way', () => {
    expect(user.errors).toEqual([]);
  });
});
