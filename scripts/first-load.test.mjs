import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstLoad } from './first-load.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'driftscope-first-load-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
}

test('everything counts but what is fetched later or never, whatever it is called', () => {
  write({
    'product/cpu/engine.wasm': 'cpu engine',
    'product/webgpu/engine.wasm': 'large engine',
    'product/reader.js': 'reader',
    'page/index.html': 'page',
    'page/licenses.md': 'licences',
    'page/assets/engine-a1.wasm': 'cpu engine',
    'page/assets/engine-b2.wasm': 'large engine',
    'page/assets/reader-c3.js': 'reader',
  });
  const found = firstLoad(join(folder, 'page'), join(folder, 'product'));
  expect(found.map(({ name }) => name).sort()).toEqual([join('assets', 'engine-a1.wasm'), 'index.html']);
  expect(found.every(({ gzip }) => gzip > 0)).toBe(true);
});
