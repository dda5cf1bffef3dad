/** The package in Node, as a script uses it: a log from a file, a trained model, a forecast, and a process that ends. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { weekly } from '../support/planted';

const SCRIPT = `
import { readFile } from 'node:fs/promises';
import { create } from ${JSON.stringify(pathToFileURL(join(ROOT, 'web', 'dist', 'index.js')).href)};
const driftscope = await create();
const files = [{ name: 'log.zip', blob: new Blob([await readFile(process.argv[2])]) }];
const inspections = await driftscope.inspect(files);
const { rowsRead, summary } = await driftscope.load(files, { plans: inspections.map(({ plan }) => plan) });
const window = { length: 'week', timeZone: 'UTC' };
const progress = [];
const train = { window, models: ['dnn'], seed: 1, epochs: 1, engine: 'auto' };
const report = await driftscope.train(train, { onProgress: ({ stage }) => progress.push(stage) });
const forecast = await driftscope.forecast({ kind: 'everyone' }, 'dnn');
const sealed = await create({ sealed: true }).catch(({ code }) => code);
driftscope.dispose();
console.log(JSON.stringify({ rowsRead, users: summary.users, engine: report.engine, note: report.engineNote.code,
  trained: progress.includes('train'), forecast, sealed }));
`;

it('reads a zipped log, trains, forecasts the same twice, and lets the process end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'driftscope-node-'));
  const [script, archive] = [join(folder, 'script.mjs'), join(folder, 'log.zip')];
  writeFileSync(script, SCRIPT);
  const writer = new ZipWriter(new Uint8ArrayWriter());
  await writer.add('log.csv', new TextReader(weekly()));
  writeFileSync(archive, await writer.close());
  const run = async (): Promise<Record<string, unknown>> => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, archive], { timeout: 90_000 });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const first = await run();
  expect(first).toMatchObject({ rowsRead: 4320, users: 60, engine: 'cpu', note: 'engine.no_adapter', trained: true });
  expect(first.sealed).toBe('unsupported');
  expect((first.forecast as { domains: unknown[] }).domains).toHaveLength(6);
  expect(await run()).toEqual(first);
  rmSync(folder, { recursive: true });
});
