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

const MANIFEST = {
  'index.html': {
    file: 'assets/index-1.js',
    isEntry: true,
    imports: ['_shared.js'],
    dynamicImports: ['src/Later.svelte'],
  },
  '_shared.js': { file: 'assets/shared-2.js' },
  'src/Later.svelte': { file: 'assets/Later-3.js', isDynamicEntry: true, imports: ['_shared.js', '_charts.js'] },
  '_charts.js': { file: 'assets/charts-4.js' },
  'src/i18n/en.ts': { file: 'assets/en-5.js', isDynamicEntry: true },
  'src/i18n/zh.ts': { file: 'assets/zh-6.js', isDynamicEntry: true },
  'src/offline/service-worker.ts': { file: 'service-worker.js', isEntry: true },
  '../web/dist/cpu/worker.js': { file: 'assets/worker-7.js' },
};

test('what the entry imports comes first, with the larger catalogue; what it imports later follows', () => {
  write({
    'product/cpu/engine.wasm': 'cpu engine',
    'product/cpu/worker.js': 'cpu worker',
    'product/webgpu/engine.wasm': 'large engine',
    'product/reader.js': 'reader',
    'page/.vite/manifest.json': JSON.stringify(MANIFEST),
    'page/index.html': 'page',
    'page/licenses.md': 'licences',
    'page/icon-192.png': 'icon',
    'page/service-worker.js': 'service worker',
    'page/assets/index-1.js': 'entry',
    'page/assets/shared-2.js': 'shared',
    'page/assets/Later-3.js': 'later',
    'page/assets/charts-4.js': 'charts',
    'page/assets/en-5.js': 'short',
    'page/assets/zh-6.js': 'a catalogue that is longer than the other one',
    'page/assets/worker-7.js': 'cpu worker',
    'page/assets/engine-a1.wasm': 'cpu engine',
    'page/assets/engine-b2.wasm': 'large engine',
    'page/assets/reader-c3.js': 'reader',
  });
  const { first, later } = firstLoad(join(folder, 'page'), join(folder, 'product'));
  const names = (files) => files.map(({ name }) => name.replace('assets/', '')).sort();
  const FIRST = [
    'engine-a1.wasm',
    'index-1.js',
    'index.html',
    'service-worker.js',
    'shared-2.js',
    'worker-7.js',
    'zh-6.js',
  ];
  expect(names(first)).toEqual(FIRST);
  expect(names(later)).toEqual(['Later-3.js', 'charts-4.js', 'en-5.js', 'engine-b2.wasm', 'reader-c3.js']);
  expect([...first, ...later].every(({ gzip }) => gzip > 0)).toBe(true);
});
