import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';

import { csvCell, csvRows } from '../src/reader/csv.js';
import { parquetPieces } from '../src/reader/parquet.js';
import type { Piece } from '../src/reader/requests.js';
import { zipEntries, zipPieces } from '../src/reader/zip.js';

async function text(pieces: AsyncIterable<Piece>): Promise<string> {
  const decoder = new TextDecoder();
  let out = '';
  for await (const { bytes } of pieces) out += decoder.decode(bytes, { stream: true });
  return out + decoder.decode();
}

async function zip(files: Record<string, string | Uint8Array>, options = {}): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter(), options);
  for (const [path, content] of Object.entries(files)) {
    await writer.add(path, typeof content === 'string' ? new TextReader(content) : new Uint8ArrayReader(content));
  }
  return writer.close();
}

describe('CSV cells', () => {
  it('quotes what needs it and keeps the rest', () => {
    expect(['a', 'a,b', 'say "x"', 'two\nlines', 3n, 2.5, true, null, undefined].map(csvCell)).toEqual([
      'a',
      '"a,b"',
      '"say ""x"""',
      '"two\nlines"',
      '3',
      '2.5',
      'true',
      '',
      '',
    ]);
  });

  it('writes dates in ISO 8601, and an impossible one as nothing', () => {
    expect(csvCell(new Date(Date.UTC(2017, 10, 25, 1, 2, 3)))).toBe('2017-11-25T01:02:03.000Z');
    expect(csvCell(new Date(NaN))).toBe('');
  });

  it('writes objects as JSON, big integers included', () => {
    expect(csvCell({ id: 12345678901234567890n })).toBe('"{""id"":""12345678901234567890""}"');
  });

  it('leaves a column that was not read empty', () => {
    expect(csvRows([['u1', 'u2', 'u3'], null, [1, 2, 3]], 1, 3)).toBe('u2,,2\nu3,,3\n');
  });
});

describe('an archive', () => {
  const rows = Array.from({ length: 20_000 }, (_, row) => `u${row % 97},i${row},pv,${1511544070 + row}\n`).join('');

  it('lists the files that may be logs, and gives each as it was', async () => {
    const blob = await zip({
      'data/a.csv': rows,
      'b.csv': 'x\n',
      '__MACOSX/data/._a.csv': 'junk',
      '.DS_Store': 'junk',
    });
    expect(await zipEntries('log.zip', blob)).toEqual([
      { path: 'data/a.csv', size: rows.length },
      { path: 'b.csv', size: 2 },
    ]);
    expect(await text(zipPieces('log.zip', blob, 'data/a.csv'))).toBe(rows);
  });

  it('reads stored entries too, and says how much of the file is used up', async () => {
    const blob = await zip({ 'a.csv': rows }, { level: 0 });
    let used = 0;
    let length = 0;
    for await (const piece of zipPieces('log.zip', blob, 'a.csv')) {
      expect(piece.used).toBeGreaterThanOrEqual(used);
      used = piece.used;
      length += piece.bytes.length;
    }
    expect([length, used]).toEqual([rows.length, rows.length]);
  });

  it('says that a cut-off archive is damaged, and which', async () => {
    const blob = await zip({ 'a.csv': rows });
    await expect(zipEntries('log.zip', blob.slice(0, blob.size - 100))).rejects.toMatchObject({
      code: 'damaged',
      message: /^log\.zip: /,
    });
  });

  it('notices a flipped bit', async () => {
    const blob = await zip({ 'a.csv': rows }, { level: 0 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    bytes[5000] = (bytes[5000] ?? 0) ^ 1;
    await expect(text(zipPieces('log.zip', new Blob([bytes]), 'a.csv'))).rejects.toMatchObject({
      code: 'damaged',
      place: { file: 'log.zip/a.csv' },
    });
  });

  it('notices an entry that lies outside of the archive', async () => {
    const blob = await zip({ 'a.csv': rows });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    // Compressed size in the directory, which is what counts (APPNOTE.TXT 4.3.12).
    const directory = new DataView(bytes.buffer).getUint32(bytes.length - 6, true);
    new DataView(bytes.buffer).setUint32(directory + 20, 0x7fffffff, true);
    await expect(text(zipPieces('log.zip', new Blob([bytes]), 'a.csv'))).rejects.toMatchObject({ code: 'damaged' });
  });

  it('stops at a zip bomb', async () => {
    const blob = await zip({ 'bomb.csv': new Uint8Array(200 * 1024 * 1024) });
    expect(blob.size).toBeLessThan(1024 * 1024);
    let length = 0;
    const reading = (async () => {
      for await (const { bytes } of zipPieces('bomb.zip', blob, 'bomb.csv')) length += bytes.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'too_large', message: /zip bomb/ });
    expect(length).toBeLessThan(100 * 1024 * 1024);
  });

  it('refuses what is encrypted, empty, or an office document', async () => {
    await expect(zipEntries('a.zip', await zip({ 'a.csv': 'x' }, { password: 'p' }))).rejects.toMatchObject({
      code: 'unreadable',
      message: /encrypted/,
    });
    await expect(zipEntries('a.zip', await zip({}))).rejects.toMatchObject({ code: 'empty' });
    await expect(zipEntries('a.xlsx', await zip({ '[Content_Types].xml': '<x/>' }))).rejects.toMatchObject({
      code: 'unreadable',
      message: /office/,
    });
  });

  it('can be left before its end', async () => {
    const blob = await zip({ 'a.csv': rows.repeat(20) });
    for await (const { bytes } of zipPieces('log.zip', blob, 'a.csv')) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
  });
});

describe('a Parquet file', () => {
  const write = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData'], rowGroupSize?: number): Blob =>
    new Blob([parquetWriteBuffer({ columnData, rowGroupSize })]);
  const all = (blob: Blob, columns: number[] | null = null, rows: number | null = null): AsyncGenerator<Piece> =>
    parquetPieces({ container: 'parquet', name: 'log.parquet', blob, columns, rows });

  it('becomes CSV with a header, over row groups', async () => {
    const users = Array.from({ length: 25 }, (_, row) => `u${row}`);
    const blob = write(
      [
        { name: 'user', data: users, type: 'STRING' },
        { name: 'item', data: users.map((_, row) => BigInt(row) + 9007199254740993n), type: 'INT64' },
        { name: 'time', data: users.map((_, row) => new Date(1511544070000 + row * 1000)), type: 'TIMESTAMP' },
      ],
      10,
    );
    const expected = users.map(
      (user, row) =>
        `${user},${BigInt(row) + 9007199254740993n},${new Date(1511544070000 + row * 1000).toISOString()}\n`,
    );
    expect(await text(all(blob))).toBe(['user,item,time\n', ...expected].join(''));
    expect(await text(all(blob, null, 12))).toBe(['user,item,time\n', ...expected.slice(0, 12)].join(''));
  });

  it('leaves unwanted columns empty', async () => {
    const blob = write([
      { name: 'user', data: ['a', 'b'], type: 'STRING' },
      { name: 'note', data: ['x', 'y'], type: 'STRING' },
      { name: 'time', data: [1, 2], type: 'INT32' },
    ]);
    expect(await text(all(blob, [0, 2]))).toBe('user,note,time\na,,1\nb,,2\n');
  });

  it('names the column that is nested', async () => {
    const blob = write([
      { name: 'user', data: ['a'], type: 'STRING' },
      { name: 'items', data: [[1, 2]], type: 'VARIANT' },
    ]);
    await expect(text(all(blob))).rejects.toMatchObject({
      code: 'unreadable',
      message: /column items is nested/,
      place: { column: 2 },
    });
  });

  it('says that a cut-off file is damaged', async () => {
    const blob = write([{ name: 'user', data: ['a', 'b'], type: 'STRING' }]);
    await expect(text(all(blob.slice(0, blob.size - 9)))).rejects.toMatchObject({
      code: 'damaged',
      message: /^log\.parquet: /,
    });
  });
});
