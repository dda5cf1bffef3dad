import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';

import { readerHandlers } from '../src/reader/handlers.js';
import type { ReaderRequests } from '../src/reader/requests.js';
import type { WireSource } from '../src/source/given.js';
import type { FilePlan, FileSource, Progress } from '../src/types.js';
import { Containers } from '../src/worker/containers.js';
import { inspect, readTables, type Table, tablesOf } from '../src/worker/loading.js';
import { Call } from '../src/worker/serve.js';
import { FakeWorker } from './fake-worker.js';
import { Recorder } from './recorder.js';

const containers = (): Containers =>
  new Containers({ text: '' }, () => Promise.resolve(new FakeWorker<ReaderRequests>(readerHandlers())));

function plan(
  name: string,
  roles: FilePlan['columns'][number]['role'][] = ['user', 'item', 'time'],
  table: FilePlan['table'] = 'events',
): FilePlan {
  return {
    name,
    table,
    format: 'delimited',
    compression: 'none',
    encoding: 'utf-8',
    delimiter: ',',
    hasHeader: false,
    preset: 'generic',
    timeFormat: 'seconds',
    timeZone: 'UTC',
    defaultKind: 'view',
    columns: roles.map((role) => ({ name: role, role })),
  };
}

const rows = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, row) => `u${from + row},i,${from + row}\n`).join('');
const file = (name: string, text: string): FileSource => ({ name, blob: new Blob([text]) });

const planned = (files: WireSource[], plans: FilePlan[]): Promise<Table[]> =>
  tablesOf(new Recorder().asSession(), containers(), files, plans, new Call(() => undefined));

async function archive(files: Record<string, string>): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter());
  for (const [path, text] of Object.entries(files)) await writer.add(path, new TextReader(text));
  return writer.close();
}

describe('inspecting', () => {
  it('looks at the first bytes of files and of the entries of archives', async () => {
    const recorder = new Recorder();
    const large = rows(0, 100_000);
    const zip = { name: 'log.zip', blob: await archive({ 'a.csv': 'x,y\n', 'b.csv': large }) };
    const parquet = {
      name: 'log.parquet',
      blob: new Blob([parquetWriteBuffer({ columnData: [{ name: 'user', data: ['a'], type: 'STRING' }] })]),
    };
    await inspect(
      recorder.asSession(),
      containers(),
      [file('c.csv', 'q\n'), zip, parquet],
      [null, { delimiter: ';' }],
      new Call(() => undefined),
    );
    expect(
      recorder.inspected.map(({ name, compression, whole, changed }) => [name, compression, whole, changed]),
    ).toEqual([
      ['c.csv', 'none', true, null],
      ['log.zip/a.csv', 'zip', true, { delimiter: ';' }],
      ['log.zip/b.csv', 'zip', false, null],
      ['log.parquet', 'parquet', true, null],
    ]);
    expect(recorder.inspected[2]?.text).toBe(large.slice(0, 512 * 1024));
    expect(recorder.inspected[3]?.text).toBe('user\na\n');
  });
});

describe('reading', () => {
  it('gives every table to the session as it is, and counts bytes and rows', async () => {
    const recorder = new Recorder();
    const [first, second, third] = [rows(0, 60_000), rows(60_000, 90_000), rows(0, 10)];
    const files = [
      file('one.csv', first),
      { name: 'log.zip', blob: await archive({ 'two.csv': second, 'notes.txt': 'no log' }) },
      file('three.csv', third),
    ];
    const plans = [
      plan('three.csv'),
      plan('log.zip/two.csv'),
      plan('one.csv'),
      plan('log.zip/notes.txt', [], 'ignore'),
    ];
    const reports: Progress[] = [];
    const tables = await planned(files, plans);
    await readTables(recorder.asSession(), tables, new Call((progress) => reports.push(progress)));
    expect(recorder.texts).toEqual({ 'one.csv': first, 'log.zip/two.csv': second, 'three.csv': third });
    const last = reports.at(-1);
    expect(last).toMatchObject({ stage: 'read', unit: 'bytes', rows: 90_010, done: last?.total });
    expect(reports.every(({ done }, index) => index === 0 || done >= (reports[index - 1]?.done ?? 0))).toBe(true);
  });

  it('does not decode the columns of a Parquet file that have no role', async () => {
    const recorder = new Recorder();
    const columnData = ['user', 'note', 'time'].map((name) => ({ name, data: ['a', 'b'], type: 'STRING' as const }));
    const files = [{ name: 'log.parquet', blob: new Blob([parquetWriteBuffer({ columnData })]) }];
    const tables = await planned(files, [plan('log.parquet', ['user', 'ignore', 'time'])]);
    await readTables(recorder.asSession(), tables, new Call(() => undefined));
    expect(recorder.texts['log.parquet']).toBe('user,note,time\na,,a\nb,,b\n');
  });

  it('forgets what was read when it is cancelled', async () => {
    const recorder = new Recorder();
    const call = new Call(() => undefined);
    let pushes = 0;
    recorder.onPush = () => {
      if (++pushes === 2) call.cancel();
      const until = performance.now() + 120;
      while (performance.now() < until);
    };
    const tables = await planned([file('one.csv', rows(0, 400_000))], [plan('one.csv')]);
    await expect(readTables(recorder.asSession(), tables, call)).rejects.toMatchObject({ code: 'cancelled' });
    expect(recorder.aborted).toBe(true);
    expect(pushes).toBe(2);
  });

  it('says which plan has no file, and that plans are needed', async () => {
    await expect(planned([file('a.csv', '')], [plan('b.csv')])).rejects.toMatchObject({
      code: 'parameter',
      message: /b\.csv/,
    });
    await expect(planned([file('a.csv', '')], [])).rejects.toMatchObject({ code: 'parameter' });
  });

  it('says which file the browser can no longer read', async () => {
    const gone = {
      name: 'gone.csv',
      blob: {
        size: 5,
        slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }),
      } as unknown as Blob,
    };
    await expect(planned([gone], [plan('gone.csv')])).rejects.toMatchObject({
      code: 'unreadable',
      place: { file: 'gone.csv' },
    });
  });
});

describe('a reader that is lost in a damaged file', () => {
  const zip = (): WireSource => ({ name: 'log.zip', blob: new Blob(['PK\x03\x04']) });
  const call = (): Call => new Call(() => undefined);
  const session = new Recorder().asSession();
  function silent(patience?: number): { containers: Containers; started: FakeWorker<ReaderRequests>[] } {
    const started: FakeWorker<ReaderRequests>[] = [];
    const start = (): Promise<FakeWorker<ReaderRequests>> => {
      const handlers = readerHandlers();
      // The first one never answers.
      const zipEntries = started.length === 0 ? () => new Promise<never>(() => undefined) : handlers.zipEntries;
      const worker = new FakeWorker<ReaderRequests>({ ...handlers, zipEntries });
      started.push(worker);
      return Promise.resolve(worker);
    };
    return { containers: new Containers({ text: '' }, start, patience), started };
  }

  it('is ended by a cancel, and the next file has another', async () => {
    const { containers, started } = silent();
    const waiting = call();
    const reading = tablesOf(session, containers, [zip()], [plan('log.zip/a.csv')], waiting);
    setTimeout(() => waiting.cancel(), 20);
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    expect(started.map(({ terminated }) => terminated)).toEqual([true]);
    const good = { name: 'log.zip', blob: await archive({ 'a.csv': rows(0, 3) }) };
    expect(await tablesOf(session, containers, [good], [plan('log.zip/a.csv')], call())).toHaveLength(1);
    expect(started.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('is ended when it gives nothing for too long', async () => {
    const { containers, started } = silent(20);
    await expect(tablesOf(session, containers, [zip()], [plan('log.zip/a.csv')], call())).rejects.toMatchObject({
      code: 'damaged',
      place: { file: 'log.zip' },
    });
    expect(started[0]?.terminated).toBe(true);
  });
});
