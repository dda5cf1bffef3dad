import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';

import { readerHandlers } from '../src/reader/handlers.js';
import type { ReaderRequests } from '../src/reader/requests.js';
import type { FilePlan, FileSource, Progress } from '../src/types.js';
import type { Session } from '../src/worker/binding.js';
import { Containers } from '../src/worker/containers.js';
import { inspect, readTables, tableOfColumns, tablesOf } from '../src/worker/loading.js';
import { Call } from '../src/worker/serve.js';
import { FakeWorker } from './fake-worker.js';

const containers = (): Containers =>
  new Containers({ text: '' }, () => Promise.resolve(new FakeWorker<ReaderRequests>(readerHandlers())));

/** A session that keeps the text it is given, by file. */
class Recorder {
  readonly texts: Record<string, string> = {};
  readonly inspected: { name: string; compression: string; text: string; whole: boolean; changed: unknown }[] = [];
  aborted = false;
  onPush = (): void => undefined;
  private current = '';
  private rows = 0;
  private readonly decoder = new TextDecoder();

  inspect(name: string, compression: string, head: Uint8Array, whole: boolean, changed: unknown): { name: string } {
    this.inspected.push({ name, compression, text: new TextDecoder().decode(head), whole, changed });
    return { name };
  }
  beginLoad(): void {}
  beginFile(plan: FilePlan): void {
    this.current = plan.name;
    this.texts[plan.name] = '';
  }
  push(bytes: Uint8Array): number {
    expect(bytes.length).toBeLessThanOrEqual(256 * 1024);
    this.onPush();
    this.texts[this.current] += this.decoder.decode(bytes, { stream: true });
    return (this.rows += bytes.filter((byte) => byte === 10).length);
  }
  endFile(): void {}
  abortLoad(): void {
    this.aborted = true;
  }
  asSession(): Session {
    return this as unknown as Session;
  }
}

function plan(
  name: string,
  roles: FilePlan['columns'][number]['role'][] = ['user', 'item', 'time'],
  table: FilePlan['table'] = 'events',
): FilePlan {
  return {
    ...tableOfColumns({ user: [], time: [] }).plan,
    name,
    table,
    columns: roles.map((role) => ({ name: role, role })),
  };
}

const rows = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, row) => `u${from + row},i,${from + row}\n`).join('');
const file = (name: string, text: string): FileSource => ({ name, blob: new Blob([text]) });

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
    const tables = await tablesOf(containers(), files, plans);
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
    const tables = await tablesOf(containers(), files, [plan('log.parquet', ['user', 'ignore', 'time'])]);
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
    const tables = await tablesOf(containers(), [file('one.csv', rows(0, 400_000))], [plan('one.csv')]);
    await expect(readTables(recorder.asSession(), tables, call)).rejects.toMatchObject({ code: 'cancelled' });
    expect(recorder.aborted).toBe(true);
    expect(pushes).toBe(2);
  });

  it('says which plan has no file, and that plans are needed', async () => {
    await expect(tablesOf(containers(), [file('a.csv', '')], [plan('b.csv')])).rejects.toMatchObject({
      code: 'parameter',
      message: /b\.csv/,
    });
    await expect(tablesOf(containers(), [file('a.csv', '')], [])).rejects.toMatchObject({ code: 'parameter' });
  });

  it('says which file the browser can no longer read', async () => {
    const gone = {
      name: 'gone.csv',
      blob: {
        size: 5,
        slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }),
      } as unknown as Blob,
    };
    await expect(tablesOf(containers(), [gone], [plan('gone.csv')])).rejects.toMatchObject({
      code: 'unreadable',
      place: { file: 'gone.csv' },
    });
  });
});

describe('columns in memory', () => {
  it('become rows of text with quoting', async () => {
    const recorder = new Recorder();
    const table = tableOfColumns({
      user: ['a', 'b,c'],
      item: new Int32Array([7, 8]),
      time: [1511544070, 1511561733.5],
    });
    expect(table.plan.columns.map(({ role }) => role)).toEqual(['user', 'item', 'time']);
    await readTables(recorder.asSession(), [table], new Call(() => undefined));
    expect(recorder.texts).toEqual({ columns: 'a,7,1511544070\n"b,c",8,1511561733.5\n' });
  });

  it('must be of equal length', () => {
    expect(() => tableOfColumns({ user: ['a'], time: [1, 2] })).toThrow(/user has 1 values, but time has 2/);
  });
});
