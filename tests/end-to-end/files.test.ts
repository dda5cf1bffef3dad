/** Files of other shapes through the page, cleaning again, and cancelling. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '../support/open';
import type { UserPage } from '../support/page';
import { readFiles, toStart, type Outcome } from '../support/reading';

let user: UserPage;
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'driftscope-files-'));
});
openPage((opened) => {
  user = opened;
});
afterAll(() => rmSync(scratch, { recursive: true }));
afterEach(async () => {
  await toStart(user);
  expect(user.errors.splice(0)).toEqual([]);
});

const START = Date.UTC(2024, 0, 1) / 1000;
const COUNT = 600;
const numbers = Array.from({ length: COUNT }, (_, n) => n);
const userOf = (n: number): string => `u${n % 11}`;
const itemOf = (n: number): string => `i${(n * 7) % 23}`;
const categoryOf = (n: number): string => `c${((n * 7) % 23) % 4}`;
const timeOf = (n: number): number => START + n * 3600;
const events = (from = 0, to = COUNT): string =>
  numbers
    .slice(from, to)
    .map((n) => `${userOf(n)},${itemOf(n)},${timeOf(n)}\n`)
    .join('');
const items = `item,category\n${[...new Set(numbers.map((n) => `${itemOf(n)},${categoryOf(n)}\n`))].join('')}`;

function drop(name: string, content: string | Uint8Array): Promise<Outcome> {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return readFiles(user, [path]);
}

describe('an archive', () => {
  it('of two parts and an item table is one log', async () => {
    const writer = new ZipWriter(new BlobWriter());
    await writer.add('part-1.csv', new TextReader(`user,item,time\n${events(0, 200)}`));
    await writer.add('part-2.csv', new TextReader(`user,item,time\n${events(200)}`));
    await writer.add('items.csv', new TextReader(items));
    const outcome = await drop('log.zip', new Uint8Array(await (await writer.close()).arrayBuffer()));
    expect(outcome).toMatchObject({ kind: 'report', read: COUNT + 23, rejected: 0 });
    expect(await user.integer('stat-events')).toBe(COUNT);
    expect(await user.integer('stat-domains')).toBe(4);
  });
});

describe('a Parquet file', () => {
  it('is read like the same rows as text', async () => {
    const columnData = [
      { name: 'user', data: numbers.map(userOf) },
      { name: 'item', data: numbers.map(itemOf) },
      { name: 'category', data: numbers.map(categoryOf) },
      { name: 'time', data: numbers.map((n) => new Date(timeOf(n) * 1000)), type: 'TIMESTAMP' as const },
    ];
    const outcome = await drop('log.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
    expect(outcome).toMatchObject({ kind: 'report', read: COUNT, accepted: COUNT });
    expect(await user.integer('stat-users')).toBe(11);
    expect(await user.integer('stat-domains')).toBe(4);
  });

  it('whose rows hold objects and nothing else asks for columns', async () => {
    const columnData = [
      { name: 'payload', data: numbers.map((n) => ({ who: userOf(n), what: [n] })), type: 'JSON' as const },
    ];
    const outcome = await drop('nested.parquet', new Uint8Array(parquetWriteBuffer({ columnData })));
    expect(outcome.kind).not.toBe('report');
  });
});

describe('text of other kinds', () => {
  it('in UTF-16 with tabs', async () => {
    const text = `\ufeffuser\titem\tcategory\ttime\n${numbers.map((n) => `甲${n % 11}\t${itemOf(n)}\t女装${n % 3}\t${timeOf(n)}\n`).join('')}`;
    expect(await drop('wide.tsv', Buffer.from(text, 'utf16le'))).toMatchObject({ kind: 'report', accepted: COUNT });
    await user.click('go-interest');
    await user.reached('interest');
    const { rows } = await user.tableOf('evolution');
    expect(rows.map((row) => row[0]).sort()).toEqual(['女装0', '女装1', '女装2']);
  });

  it('JSON Lines with times as text', async () => {
    const line = (n: number): string =>
      JSON.stringify({
        user: userOf(n),
        item: itemOf(n),
        category: categoryOf(n),
        time: new Date(timeOf(n) * 1000).toISOString(),
      });
    const outcome = await drop('log.jsonl', numbers.map((n) => `${line(n)}\n`).join(''));
    expect(outcome).toMatchObject({ kind: 'report', accepted: COUNT });
  });

  it('without any domain: they are derived', async () => {
    const outcome = await drop('bare.csv', `user,item,time\n${events()}`);
    expect(outcome).toMatchObject({ kind: 'report', accepted: COUNT });
    expect(await user.integer('stat-domains')).toBeGreaterThan(0);
  });
});

describe('cleaning again', () => {
  it('applies the rules that were switched, and says what that changed', async () => {
    const text = `user,item,category,time\n${numbers.map((n) => `${userOf(n)},${itemOf(n)},${categoryOf(n)},${timeOf(n)}\n`).join('')}`;
    const doubled = await drop('doubled.csv', text + text.slice(text.indexOf('\n') + 1));
    expect(doubled).toMatchObject({ kind: 'report', read: 2 * COUNT, accepted: COUNT, rejected: COUNT });
    await user.toggle('switch-exact_duplicate');
    await user.click('clean-again');
    await expect.poll(() => user.integer('rows-accepted')).toBe(2 * COUNT);
    expect(await user.at('compared-events').innerText()).toContain('+600');
    await user.toggle('switch-exact_duplicate');
    await user.click('clean-again');
    await expect.poll(() => user.integer('rows-accepted')).toBe(COUNT);
  });
});

describe('cancelling', () => {
  it('stops reading within half a second, and the page goes on', async () => {
    // Large enough that reading takes seconds.
    const path = join(scratch, 'large.csv');
    const block = events().repeat(400);
    writeFileSync(path, 'user,item,time\n');
    for (let part = 0; part < 40; part += 1) writeFileSync(path, block, { flag: 'a' });
    await user.at('file-input').setInputFiles([path]);
    await user.reached('columns');
    await user.click('read-log');
    await user.page.waitForTimeout(400);
    const begin = performance.now();
    await user.click('cancel');
    await user.at('cancelled').waitFor();
    expect(performance.now() - begin).toBeLessThan(500);
    await user.reached('columns');
    await toStart(user);
    expect(await drop('after.csv', `user,item,time\n${events()}`)).toMatchObject({ kind: 'report', accepted: COUNT });
  });
});
