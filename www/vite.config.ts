import { existsSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

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

export default defineConfig({
  // Relative addresses, so that the page works from any host and any sub-path.
  base: './',
  plugins: [optionalWebgpu(), svelte()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Nothing is inlined as data: the Content-Security-Policy of index.html lists what may be loaded.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The libraries' licences travel with the page.
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 900,
  },
});
