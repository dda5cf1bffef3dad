/** The same log from everything that a log can be loaded from: the engine must read the same events, in Node and in a page. */
import { cpSync, mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Dictionary, Int32, Table, TimestampMillisecond, Utf8, vectorFromArray } from 'apache-arrow';
import { create, type DriftscopeApi, type Evolution, type InterestOptions, type LogSources } from 'driftscope';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { weekly } from '../support/planted';
import { serve } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

const TEXT = weekly();
const [, ...LINES] = TEXT.trim().split('\n');
const EVENTS = LINES.map((line) => {
  const [user = '', item = '', category = '', time = ''] = line.split(',');
  return { user, item, category, time: Number(time) };
});
const columnOf = <K extends keyof (typeof EVENTS)[number]>(key: K) => EVENTS.map((event) => event[key]);
const INTEREST: InterestOptions = { window: { length: 'week', timeZone: 'UTC' }, halfLife: null, weighKinds: true };

function dictionary(values: string[]) {
  const distinct = [...new Set(values)];
  return { indices: Int32Array.from(values, (value) => distinct.indexOf(value)), dictionary: distinct };
}

const folder = mkdtempSync(join(tmpdir(), 'driftscope-sources-'));
writeFileSync(join(folder, 'log.csv'), TEXT);
afterAll(() => rmSync(folder, { recursive: true }));

describe('in Node', () => {
  let driftscope: DriftscopeApi;
  let wanted: Evolution;
  const read = async (source: LogSources): Promise<Evolution> => {
    const { rowsRead, rowsAccepted } = await driftscope.load(source);
    expect([rowsRead, rowsAccepted]).toEqual([4320, 4320]);
    return driftscope.evolution({ kind: 'everyone' }, INTEREST);
  };
  beforeAll(async () => {
    driftscope = await create();
    wanted = await read(new Blob([TEXT]));
    expect(wanted.domains).toHaveLength(6);
  });
  afterAll(() => driftscope.dispose());

  const columns = { user: columnOf('user'), item: columnOf('item'), domain: columnOf('category') };
  const sources: Record<string, () => LogSources | Promise<LogSources>> = {
    'a file as a blob': () => openAsBlob(join(folder, 'log.csv')),
    'a file as a blob with a name': async () => ({ name: 'log.csv', blob: await openAsBlob(join(folder, 'log.csv')) }),
    'a file with its address': () => pathToFileURL(join(folder, 'log.csv')),
    'a stream of bytes': () => new Blob([TEXT]).stream(),
    'a response': () => new Response(TEXT),
    rows: () => EVENTS,
    'an async iterable of rows': async function* () {
      for (const event of EVENTS) yield await Promise.resolve(event);
    },
    'columns with seconds': () => ({ ...columns, time: Float64Array.from(columnOf('time')) }),
    'columns with milliseconds in 64 bits': () => ({
      ...columns,
      time: BigInt64Array.from(columnOf('time'), (time) => BigInt(time) * 1000n),
    }),
    'columns with dates and dictionaries': () => ({
      user: dictionary(columns.user),
      item: dictionary(columns.item),
      category: dictionary(columns.domain),
      time: columnOf('time').map((time) => new Date(time * 1000)),
    }),
    'an Arrow table': () =>
      new Table({
        user: vectorFromArray(columns.user, new Dictionary(new Utf8(), new Int32())),
        item: vectorFromArray(columns.item),
        category: vectorFromArray(columns.domain),
        time: vectorFromArray(
          columnOf('time').map((time) => time * 1000),
          new TimestampMillisecond(),
        ),
      }),
    'two parts, one of them columns': () => [
      new Blob([[TEXT.split('\n', 1)[0], ...LINES.slice(0, 1000)].join('\n')]),
      EVENTS.slice(1000),
    ],
  };

  for (const [name, source] of Object.entries(sources))
    it(`from ${name}`, async () => {
      const { domains, weights } = await read(await source());
      expect(domains).toEqual(wanted.domains);
      expect(weights).toEqual(wanted.weights);
    });

  it('tells what is wrong with rows that are no log, and keeps the log that was there', async () => {
    await driftscope.load(EVENTS);
    await expect(driftscope.load([{ a: 'x', b: 'y' }])).rejects.toMatchObject({
      code: 'columns',
      message: /rows: .*\(a, b\).*plans/,
    });
    const report = await driftscope.clean({});
    expect(report.rowsAccepted).toBe(4320);
  });

  it('writes the rejected rows of what can be read again', async () => {
    await driftscope.load([...EVENTS, { user: 'ann', item: 'x', category: 'd0', time: 'never' }]);
    expect(await (await driftscope.rejectedRows()).text()).toContain('never');
    await driftscope.load(new Response(TEXT));
    await expect(driftscope.rejectedRows()).rejects.toMatchObject({ code: 'state' });
  });

  it('goes on with rows as new events', async () => {
    await driftscope.load(new Blob([TEXT]));
    const { events, repeated } = await driftscope.update([
      ...EVENTS.slice(0, 2),
      { user: 'new', item: 'i0-0', category: 'd0', time: 1_700_000_000 },
    ]);
    expect([events, repeated]).toEqual([1, 2]);
  });
});

describe('in a page', () => {
  it('is fetched from its address, and streamed; once it is sealed, only what it holds is read', async () => {
    cpSync(join(ROOT, 'web', 'dist'), join(folder, 'driftscope'), { recursive: true });
    writeFileSync(
      join(folder, 'index.html'),
      `<!doctype html><title>sources</title><script type="module">
        import * as driftscope from './driftscope/index.js';
        globalThis.driftscope = driftscope;
      </script>`,
    );
    const server = await serve(folder);
    const browser = await sharedBrowser();
    const page = await browser.newPage();
    await page.goto(server.address);
    await page.waitForFunction('globalThis.driftscope');
    const result = await page.evaluate(async (rows) => {
      const { create } = (globalThis as unknown as { driftscope: typeof import('driftscope') }).driftscope;
      const totals = new Set<number>();
      const accepted: number[] = [];
      let api = await create({ engines: ['cpu'] });
      const read = async (source: LogSources): Promise<void> => {
        const report = await api.load(source, { onProgress: ({ total }) => void totals.add(total) });
        accepted.push(report.rowsAccepted);
      };
      await read('log.csv');
      await read(await fetch('log.csv'));
      await read((await fetch('log.csv')).body as ReadableStream<Uint8Array>);
      const before = await fetch('log.csv');
      api.dispose();
      api = await create({ engines: ['cpu'], sealed: true });
      const refused: unknown = await api.load('log.csv').catch((error: { code: string }) => error.code);
      await read(before);
      await read(rows);
      api.dispose();
      return { accepted, refused, totals: [...totals] };
    }, EVENTS);
    await page.close();
    await browser.close();
    await server.close();
    expect(result.accepted).toEqual([4320, 4320, 4320, 4320, 4320]);
    expect(result.refused).toBe('state');
    expect(result.totals).toContain(TEXT.length);
  });
});
