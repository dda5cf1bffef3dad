/** Everything that a log can be loaded from, fed to a session that keeps the text it is given. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import {
  Dictionary,
  Int32,
  RecordBatchReader,
  Table as ArrowTable,
  tableFromArrays,
  tableToIPC,
  TimestampMicrosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Connection } from '../src/connection.js';
import type { Requests } from '../src/protocol.js';
import { readerHandlers } from '../src/reader/handlers.js';
import type { ReaderRequests } from '../src/reader/requests.js';
import { requestWith } from '../src/source/feed.js';
import { sourcesOf } from '../src/source/sources.js';
import type { CallOptions, LogSources, Progress, QualityReport } from '../src/types.js';
import { Containers } from '../src/worker/containers.js';
import { readTables, tablesOf } from '../src/worker/loading.js';
import type { Handlers } from '../src/worker/serve.js';
import { FakeWorker } from './fake-worker.js';
import { Recorder } from './recorder.js';

/** Loads from the source as the client does; what the session was given, by table. */
async function texts(source: LogSources, options: CallOptions = {}): Promise<Record<string, string>> {
  const recorder = new Recorder();
  const containers = new Containers({ text: '' }, () =>
    Promise.resolve(new FakeWorker<ReaderRequests>(readerHandlers())),
  );
  const handlers: Pick<Handlers<Requests>, 'load'> = {
    load: async ({ files, plans }, call) => {
      const tables = await tablesOf(recorder.asSession(), containers, files, plans, call);
      await readTables(recorder.asSession(), tables, call);
      return {} as QualityReport;
    },
  };
  const connection = new Connection(new FakeWorker<Requests>(handlers as Handlers<Requests>));
  await requestWith(connection, 'load', sourcesOf(source), { plans: null, cleaning: {} }, options);
  return recorder.texts;
}

const CSV = 'user,item,time\nann,tea,1511544070\nbob,,1511561733\n';
const ROWS = [
  { user: 'ann', item: 'tea', time: 1511544070 },
  { user: 'bob', item: null, time: 1511561733 },
];
const bytes = new TextEncoder().encode(CSV);
const stream = <T>(...chunks: T[]): ReadableStream<T> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

async function zipped(): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter());
  await writer.add('log.csv', new TextReader(CSV));
  return writer.close();
}

describe('blobs', () => {
  it('have the name that they are given, or that they have', async () => {
    expect(await texts(new File([CSV], 'a.csv'))).toEqual({ 'a.csv': CSV });
    expect(await texts(new Blob([CSV]))).toEqual({ blob: CSV });
    expect(await texts({ name: 'b.csv', blob: new Blob([CSV]) })).toEqual({ 'b.csv': CSV });
    expect(await texts({ name: 'c.csv', data: new Blob([CSV]) })).toEqual({ 'c.csv': CSV });
    expect(await texts([new File([CSV], 'a.csv'), { name: 'rows', data: ROWS }])).toEqual({ 'a.csv': CSV, rows: CSV });
    expect(await texts(bytes as never)).toEqual({ bytes: CSV });
  });
});

describe('streams', () => {
  it('of bytes or text, cut anywhere, give the same text', async () => {
    const cut = [bytes.slice(0, 3), bytes.slice(3, 30), bytes.slice(30)];
    expect(await texts(stream(...cut))).toEqual({ stream: CSV });
    expect(await texts({ name: 'log', data: stream(CSV.slice(0, 20), CSV.slice(20)) })).toEqual({ log: CSV });
    expect(await texts(Readable.from(cut.map((part) => Buffer.from(part))))).toEqual({ stream: CSV });
    expect(await texts(new Set(cut))).toEqual({ rows: CSV });
    expect(await texts(new Response(stream(...cut)))).toEqual({ response: CSV });
  });

  it('are read as the session takes them, and never held whole', async () => {
    const part = new TextEncoder().encode('ann,tea,1511544070\n'.repeat(50_000));
    let [made, finished] = [0, 0];
    const source = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          if (made === 30) controller.close();
          else controller.enqueue(made++ === 0 ? new TextEncoder().encode('user,item,time\n') : part.slice());
        },
      },
      { highWaterMark: 0 },
    );
    const ahead: number[] = [];
    const onProgress = ({ done }: Progress): void => {
      finished = Math.floor(done / part.length);
      ahead.push(made - finished);
    };
    const { stream: text } = await texts(source, { onProgress });
    expect(text?.length).toBe(15 + 29 * part.length);
    expect(Math.max(...ahead)).toBeLessThan(6);
  });

  it('may hold what is packed: gzip as it comes, a .zip as a whole', async () => {
    const gzip = gzipSync(CSV);
    const given: number[] = [];
    vi.spyOn(Recorder.prototype, 'push').mockImplementation((chunk) => given.push(...chunk));
    await texts(stream(new Uint8Array(gzip)));
    expect(given).toEqual([...gzip]);
    vi.restoreAllMocks();
    const zip = await zipped();
    expect(await texts({ name: 'log.zip', data: stream(zip.slice(0, 2), zip.slice(2)) })).toEqual({
      'log.zip/log.csv': CSV,
    });
  });

  it('that break say so, by name', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw new Error('connection reset');
    };
    await expect(texts({ name: 'far.csv', data: broken() })).rejects.toMatchObject({
      code: 'unreadable',
      message: /far\.csv.*connection reset/,
      place: { file: 'far.csv' },
    });
    await expect(texts(stream(bytes, 7 as never))).rejects.toMatchObject({ code: 'parameter' });
  });

  it('that never go on can be cancelled, and are told', async () => {
    let told = false;
    const hanging = new ReadableStream<Uint8Array>({ cancel: () => void (told = true) });
    const stop = new AbortController();
    const load = texts(hanging, { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(load).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitUntil(() => told);
  });
});

describe('addresses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftscope-sources-'));
  writeFileSync(join(folder, 'log.csv'), CSV);
  afterEach(() => vi.unstubAllGlobals());

  async function served<T>(use: (address: string) => Promise<T>): Promise<T> {
    const server = createServer((request, response) => {
      if (request.url === '/absent.csv') response.writeHead(404).end();
      else if (request.url === '/packed.csv')
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(CSV));
      else response.writeHead(200, { 'content-length': bytes.length }).end(CSV);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.close();
    }
  }

  it('are fetched when they are read, with the size where it is known', async () => {
    await served(async (address) => {
      const totals: number[] = [];
      const onProgress = ({ total }: Progress): void => void totals.push(total);
      expect(await texts(`${address}/some/log%20a.csv?x=1`, { onProgress })).toEqual({ 'log a.csv': CSV });
      expect(new Set(totals)).toEqual(new Set([bytes.length]));
      expect(await texts(new URL(`${address}/packed.csv`))).toEqual({ 'packed.csv': CSV });
      expect(await texts(await fetch(`${address}/log.csv`))).toEqual({ 'log.csv': CSV });
    });
  });

  it('that do not answer, or not with a log, say so', async () => {
    await served(async (address) => {
      const absent = { code: 'network', message: /absent\.csv: .*404/ };
      await expect(texts(`${address}/absent.csv`)).rejects.toMatchObject(absent);
    });
    await expect(texts('http://127.0.0.1:1/log.csv')).rejects.toMatchObject({ code: 'network' });
    await expect(texts('log.csv')).rejects.toMatchObject({ code: 'parameter', message: /log\.csv is not an address/ });
    const read = new Response(CSV);
    await read.text();
    await expect(texts(read)).rejects.toMatchObject({ code: 'parameter' });
  });

  it('of files are read in Node', async () => {
    expect(await texts(pathToFileURL(join(folder, 'log.csv')))).toEqual({ 'log.csv': CSV });
    const absent = pathToFileURL(join(folder, 'absent.csv'));
    await expect(texts(absent)).rejects.toMatchObject({ code: 'unreadable', place: { file: 'absent.csv' } });
    rmSync(folder, { recursive: true });
  });

  it('are refused by a sealed page, without asking', async () => {
    const asked = vi.fn();
    vi.stubGlobal('fetch', asked);
    vi.stubGlobal('document', { baseURI: 'https://page.example/', head: { querySelector: () => ({}) } });
    await expect(texts('log.csv')).rejects.toMatchObject({ code: 'state', message: /sealed/ });
    expect(asked).not.toHaveBeenCalled();
  });
});

describe('tables in memory', () => {
  it('of rows have the columns of all rows', async () => {
    expect(await texts(ROWS)).toEqual({ rows: CSV });
    expect(await texts(new Set(ROWS))).toEqual({ rows: CSV });
    expect(await texts(stream(...ROWS))).toEqual({ stream: CSV });
    expect(
      await texts([{ user: 1n }, { time: new Date(0), note: { a: [1n] } }, JSON.parse('{"__proto__":5}') as object]),
    ).toEqual({
      rows: 'user,time,note,__proto__\n1,,,\n,1970-01-01T00:00:00.000Z,"{""a"":[""1""]}",\n,,,5\n',
    });
    await expect(texts([{ user: 1 }, 7] as never)).rejects.toMatchObject({ code: 'parameter', message: /is 7/ });
  });

  it('of columns may be typed, of 64-bit integers, dates, or with a dictionary', async () => {
    const columns = {
      user: { indices: new Int8Array([1, 0, -1]), dictionary: ['bob', 'a,n'] },
      item: new Int32Array([7, 8, 9]),
      time: new BigInt64Array([1511544070n, 1511561733n, 1511561734n]),
      when: [new Date(0), null, undefined],
      note: ['a"b', 'c\nd', () => 1],
    };
    expect(await texts(columns as never)).toEqual({
      columns:
        'user,item,time,when,note\n"a,n",7,1511544070,1970-01-01T00:00:00.000Z,"a""b"\n' +
        'bob,8,1511561733,,"c\nd"\n,9,1511561734,,\n',
    });
  });

  it('must have columns of equal length', async () => {
    const wrong = { user: ['a'], time: new Float64Array(2) };
    await expect(texts(wrong)).rejects.toMatchObject({ message: /user has 1 values, but time has 2/ });
  });

  it('are read in pieces, with progress in rows', async () => {
    const length = 50_000;
    const time = Float64Array.from({ length }, (_, row) => 1511544070 + row);
    const seen: [number, number, string][] = [];
    const onProgress = ({ done, total, unit }: Progress): void => void seen.push([done, total, unit]);
    const { columns } = await texts(
      { user: Array.from({ length }, (_, row) => String(row)), item: new Uint8Array(length), time },
      {
        onProgress,
      },
    );
    expect(columns?.split('\n').slice(-3)).toEqual(['49998,0,1511594068', '49999,0,1511594069', '']);
    expect(seen.at(-1)).toEqual([length, length, 'events']);
    expect(await texts(new Array(40_000).fill(ROWS[0]))).toEqual({
      rows: `user,item,time\n${'ann,tea,1511544070\n'.repeat(40_000)}`,
    });
  });
});

describe('Arrow', () => {
  const table = new ArrowTable({
    user: vectorFromArray(['ann', 'bob', 'ann'], new Dictionary(new Utf8(), new Int32())),
    item: vectorFromArray([7n, null, 9n]),
    time: vectorFromArray([1511544070_000, 1511561733_500, 0], new TimestampMicrosecond()),
  });
  const text =
    'user,item,time\nann,7,2017-11-24T17:21:10.000Z\nbob,,2017-11-24T22:15:33.500Z\nann,9,1970-01-01T00:00:00.000Z\n';

  it('tables give what is in them', async () => {
    expect(await texts(table)).toEqual({ table: text });
    expect(await texts([table, table])).toEqual({ table: text });
    expect(await texts({ name: 'a', data: tableFromArrays({ user: ['x'], time: new Float64Array([1.5]) }) })).toEqual({
      a: 'user,time\nx,1.5\n',
    });
  });

  it('record batches are read as they come', async () => {
    const twice = tableToIPC(table.concat(table), 'stream');
    const batches = RecordBatchReader.from(twice);
    expect(await texts(batches as never)).toEqual({ stream: text + text.slice('user,item,time\n'.length) });
  });
});
