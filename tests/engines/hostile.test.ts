/** Names that mean harm, through the package: they come back as they are, and no object of the program changes. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type * as Driftscope from 'driftscope';
import { ROOT } from '../support/data';

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '<img src=x onerror=alert(1)>',
  '=cmd|calc',
  '\u202egnp.exe',
  'ß\u0301€𝄞👩\u200d👩\u200d👧',
];

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

it('returns hostile names unchanged and pollutes nothing', async () => {
  const { create } = (await import(pathToFileURL(join(ROOT, 'web/dist/index.js')).href)) as typeof Driftscope;
  const rows = Array.from({ length: 700 }, (_, row) => {
    const name = quoted(NAMES[row % NAMES.length] ?? '');
    return `${name},${name},${name},${name},${1_700_000_000 + row * 3600}\n`;
  });
  const text = `user_id,item_id,category,event_type,timestamp\n${rows.join('')}`;
  const before = Object.getOwnPropertyNames(Object.prototype).sort();
  const driftscope = await create();
  const files = [{ name: '__proto__.csv', blob: new Blob([text]) }];
  const plans = (await driftscope.inspect(files)).map(({ plan }) => plan);
  const report = await driftscope.load(files, { plans });
  expect(report.rowsAccepted).toBe(700);
  expect(report.summary.kinds.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  const { rows: users } = await driftscope.users({ text: '', offset: 0, limit: 50 });
  expect(users.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  const options = { window: { length: 'day', timeZone: 'UTC' }, halfLife: null, weighKinds: true } as const;
  const { domains } = await driftscope.evolution({ kind: 'everyone' }, options);
  expect(domains.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
  driftscope.dispose();
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
  expect(({} as Record<string, unknown>).onerror).toBeUndefined();
});
