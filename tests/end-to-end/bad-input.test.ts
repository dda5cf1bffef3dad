/** Files that are no good log: each ends in words that say so, and in a page that still works. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../support/open';
import type { UserPage } from '../support/page';
import { readFiles, toStart, type Outcome } from '../support/reading';

let user: UserPage;
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'driftscope-bad-'));
});
openPage((opened) => {
  user = opened;
});
afterAll(() => rmSync(scratch, { recursive: true }));

const DAY = 86_400;
const START = Date.UTC(2024, 0, 1) / 1000;
const HEADER = 'user,item,category,time\n';
/** `count` good rows of `users` users, an hour apart. */
const rows = (count: number, users = 5): string =>
  Array.from({ length: count }, (_, n) => `u${n % users},i${n % 17},c${n % 4},${START + n * 3600}\n`).join('');

async function drop(name: string, content: string | Buffer): Promise<Outcome> {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return readFiles(user, [path]);
}

// Whatever came before: a good log is read by the same page.
afterEach(async () => {
  await toStart(user);
  const outcome = await drop('good.csv', HEADER + rows(240));
  expect(outcome).toMatchObject({ kind: 'report', read: 240, accepted: 240, rejected: 0 });
  await toStart(user);
  expect(user.errors.splice(0)).toEqual([]);
});

describe('files that are no log', () => {
  const header = 'only the header';
  for (const [name, file, content, code] of [
    ['nothing', 'nothing.csv', '', 'empty'],
    [header, 'header.csv', HEADER, 'empty'],
    ['nothing, gzipped', 'nothing.csv.gz', gzipSync(''), 'empty'],
    [
      'a picture',
      'picture.csv',
      Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), Buffer.alloc(9000, 0x9c)]),
      'unreadable',
    ],
    ['the beginning of a gzip', 'cut.csv.gz', gzipSync(HEADER + rows(500)).subarray(0, 20), 'damaged'],
    ['an archive that is none', 'no.zip', Buffer.from('PK\x03\x04 and then nothing', 'latin1'), 'damaged'],
    ['a Parquet file that is none', 'no.parquet', Buffer.from('PAR1 and then nothing PAR1', 'latin1'), 'damaged'],
  ] as const) {
    it(`${name}: ${code}`, async () => {
      const outcome = await drop(file, content);
      expect(outcome).toMatchObject({ kind: 'failure', code });
      expect((outcome as { text: string }).text).toContain(file);
    });
  }

  it('a bomb of two gigabytes in two megabytes', async () => {
    const member = gzipSync(Buffer.alloc(64 << 20, '0'));
    const outcome = await drop(
      'bomb.csv.gz',
      Buffer.concat([gzipSync(HEADER + rows(500)), ...Array<Buffer>(32).fill(member)]),
    );
    expect(outcome).toMatchObject({ kind: 'failure', code: 'too_large' });
  });
});

describe('logs with bad rows keep the good ones', () => {
  const good = rows(100);
  for (const [name, bad, count, rule] of [
    ['too many and too few columns', 'u,i,c\nu,i,c,1704067200,more\n', 2, 'malformed_row'],
    ['a quote that is never closed', 'u,"i,c,1704067200\n', 1, 'malformed_row'],
    ['a NUL byte', 'u,i\0,c,1704067200\n', 1, 'malformed_row'],
    ['times that are none', 'u,i,c,noon\nu,i,c,99999999999999999999\nu,i,c,-5\n', 3, 'bad_time'],
    ['missing users, items and times', ',i,c,1704067200\n', 1, 'missing_user'],
  ] as const) {
    it(name, async () => {
      const outcome = await drop('some.csv', HEADER + good + bad + rows(100));
      // The second hundred repeats the first row by row.
      expect(outcome).toMatchObject({ kind: 'report', read: 200 + count });
      if (outcome.kind !== 'report') return;
      expect(outcome.touched[rule]).toBe(count);
      expect(outcome.touched.exact_duplicate).toBe(100);
      expect(outcome.accepted).toBe(100);
      expect(outcome.accepted + outcome.rejected).toBe(outcome.read);
    });
  }

  it('a gzip that was cut', async () => {
    const whole = gzipSync(
      HEADER +
        Array.from({ length: 20_000 }, (_, n) => `u${n % 97},i${(n * 7919) % 1009},c${n % 9},${START + n * 61}\n`).join(
          '',
        ),
    );
    const outcome = await drop('cut.csv.gz', whole.subarray(0, whole.length >> 1));
    expect(outcome.kind).toBe('report');
    if (outcome.kind !== 'report') return;
    expect(outcome.read).toBeGreaterThan(5000);
    expect(outcome.read).toBeLessThan(20_000);
    expect(outcome.accepted + outcome.rejected).toBe(outcome.read);
    expect(outcome.text).toMatch(/damaged|cut off|incomplete/i);
  });

  it('a line of 200 MB', async () => {
    const outcome = await drop('line.csv', `${HEADER}${rows(100)}u,${'x'.repeat(200 << 20)},c,1704067200\n${rows(1)}`);
    expect(outcome).toMatchObject({ kind: 'report', read: 102 });
    if (outcome.kind === 'report') expect(outcome.touched.malformed_row).toBe(1);
  });
});

describe('logs in which nothing can be seen', () => {
  it('without times: asks which column is the time', async () => {
    const outcome = await drop(
      'timeless.csv',
      `user,item,category\n${Array.from({ length: 50 }, (_, n) => `u${n % 5},i${n},c${n % 3}\n`).join('')}`,
    );
    expect(outcome).toMatchObject({ kind: 'question' });
    expect((outcome as { text: string }).text).toMatch(/No column is a time/);
  });

  it('one user: shows the interest, and trains or says that there is too little', async () => {
    expect(await drop('one.csv', HEADER + rows(400, 1))).toMatchObject({ kind: 'report', accepted: 400 });
    await user.click('go-interest');
    await user.reached('interest');
    await user.settled('evolution');
    await user.click('step-training');
    await user.reached('training');
    await user.at('estimate').locator('[data-testid=failure], dl').first().waitFor();
    if (await user.at('estimate').locator('dl').isVisible()) {
      await user.click('train');
      await user.at('failure').or(user.at('comparison')).first().waitFor({ timeout: 60_000 });
    }
    const codes = await user.at('failure').evaluateAll((all) => all.map((one) => one.getAttribute('data-code')));
    expect(codes.filter((code) => code !== 'not_enough')).toEqual([]);
  });

  it('one window: says that nothing can be seen to move', async () => {
    const text = Array.from({ length: 200 }, (_, n) => `u${n % 20},i${n % 30},c${n % 4},${START + n * 60}\n`).join('');
    expect(await drop('window.csv', HEADER + text)).toMatchObject({ kind: 'report', accepted: 200 });
    await user.click('go-interest');
    await user.reached('interest');
    await user.choose('window', 'week');
    await user.settled('evolution');
    expect(await user.page.locator('main').innerText()).toMatch(/too few windows/);
    await user.click('step-training');
    await user.at('estimate').locator('[data-code=not_enough]').waitFor();
    expect(await user.at('train').isDisabled()).toBe(true);
  });

  it('a span of time so long that windows would be countless', async () => {
    expect(await drop('long.csv', `${HEADER}${rows(100)}u0,i1,c1,0\nu1,i1,c1,${START + 20_000 * DAY}\n`)).toMatchObject(
      { kind: 'report', read: 102 },
    );
    await user.click('go-interest');
    await user.reached('interest');
    await user.settled('evolution');
  });
});
