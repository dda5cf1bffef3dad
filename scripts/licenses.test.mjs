import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { crates, listed, packages, written } from './licenses.mjs';
import { ROOT } from './paths.mjs';

it(
  'web/licenses.md lists what the engines and workers are built from: else run `npm run licenses`',
  { timeout: 60_000 },
  async () => {
    const used = [...crates(), ...(await packages())].sort();
    expect(used.length).toBeGreaterThan(100);
    const list = listed(written());
    expect(used.filter((entry) => !list.includes(entry))).toEqual([]);
    // It also has the crates that only run while the engines are compiled; what is gone from Cargo.lock must go from it.
    const lock = readFileSync(join(ROOT, 'Cargo.lock'), 'utf8');
    const locked = [...lock.matchAll(/^name = "(.+)"\nversion = "(.+)"$/gm)].map(
      ([, name, version]) => `${name} ${version}`,
    );
    expect(list.filter((entry) => !locked.includes(entry) && !used.includes(entry))).toEqual([]);
  },
);

it('finds the entries of a list', () => {
  expect(listed('## MIT\n\n- b 1.0.0\n- a 0.1.2-rc.1\n\n````text\n- no entry\n````\n')).toEqual([
    'a 0.1.2-rc.1',
    'b 1.0.0',
  ]);
});
