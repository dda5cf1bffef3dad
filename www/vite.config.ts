import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import type { Build } from './src/offline/build';

const WEBGPU = 'driftscope/webgpu/worker.js';

/** The address of the WebGPU engine's worker is null where the package was built without that engine. */
function optionalWebgpu(): Plugin {
  const absent = !existsSync(new URL('../web/dist/webgpu/worker.js', import.meta.url));
  return {
    name: 'optional-webgpu',
    enforce: 'pre',
    resolveId: (id) => (absent && id === `${WEBGPU}?url` ? '\0absent-engine' : null),
    load: (id) => (id === '\0absent-engine' ? 'export default null' : null),
  };
}

const WORKER = 'service-worker.js';
const LICENSES = 'licenses.md';
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Builds the service worker and tells it which files the build has. */
function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: 'src/offline/service-worker.ts', fileName: WORKER });
    },
    writeBundle({ dir = '' }) {
      const files = readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((path) => ({ name: path.slice(dir.length + 1).replaceAll('\\', '/'), path }))
        // Hosts read files such as `_headers`, and do not serve them; nor does a page ask for the manifest in `.vite`.
        .filter(({ name }) => name !== WORKER && !/(^|\/)[_.]/.test(name))
        .map(({ name, path }) => ({ name, hash: hashOf(path) }));
      // The big engine is fetched by those who train on it; its small worker script is fetched by every page.
      const wasm = new URL('../web/dist/webgpu/driftscope_web_bg.wasm', import.meta.url).pathname;
      const big = existsSync(wasm) ? hashOf(wasm) : null;
      const named = (later: boolean): string[] =>
        files.filter(({ hash }) => (hash === big) === later).map(({ name }) => (name === 'index.html' ? './' : name));
      const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
      const build: Build = { version, files: named(false), later: named(true) };
      const path = join(dir, WORKER);
      writeFileSync(path, `const BUILD=${JSON.stringify(build)};\n${readFileSync(path, 'utf8')}`);
    },
  };
}

/** The page's list of licences goes on with that of the engines and workers, which the package brings. */
function engineLicenses(): Plugin {
  return {
    name: 'engine-licenses',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const list = bundle[LICENSES];
        if (list?.type !== 'asset') throw new Error(`the build has no ${LICENSES}`);
        const engines = readFileSync(new URL('../web/licenses.md', import.meta.url), 'utf8');
        list.source = `${list.source.toString()}\n${engines}`;
      },
    },
  };
}

export default defineConfig({
  // Relative addresses, so that the page works from any host and any sub-path.
  base: './',
  plugins: [optionalWebgpu(), svelte(), engineLicenses(), offline()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Nothing is inlined as data: the Content-Security-Policy of index.html lists what may be loaded.
    assetsInlineLimit: 0,
    // Later parts must leave no trace in the document: a sealed page may get no script or style element.
    modulePreload: false,
    cssCodeSplit: false,
    // Which file needs which, for scripts/first-load.mjs.
    manifest: true,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'charts', test: /node_modules\/(echarts|zrender)\// }] } },
    },
    // The libraries' licences travel with the page.
    license: { fileName: LICENSES },
    chunkSizeWarningLimit: 900,
  },
});
