import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { arePartsWithinBudget } from './package-sizes.mjs';

let folder;
let lines;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'driftscope-sizes-'));
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line) => lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('every part is printed raw, with gzip and with brotli, and kept to its budget', async () => {
  writeFileSync(join(folder, 'a.js'), `export const text = '${'x'.repeat(5000)}';`);
  writeFileSync(join(folder, 'b.js'), `import { text } from './a.js';\nexport const length = text.length;`);
  const parts = [
    { name: 'a', file: 'a.js', budget: 100 },
    { name: 'b', file: 'b.js', bundle: true, budget: 100 },
  ];
  expect(await arePartsWithinBudget(folder, parts)).toBe(true);
  expect(lines[0]).toMatch(/^a: raw 5\.0 kB, gzip 0\.1 kB, brotli 0\.0 kB \(budget: gzip 0 kB\)$/);
  expect(lines[1]).toMatch(/^b: raw 5\.\d kB/);
  expect(await arePartsWithinBudget(folder, [{ ...parts[0], budget: 10 }])).toBe(false);
  expect(lines.at(-1)).toMatch(/exceeded\)$/);
  expect(await arePartsWithinBudget(folder, [{ name: 'c', file: 'c.js', budget: 10 }])).toBe(false);
});
