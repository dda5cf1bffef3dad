import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses, so that the page works from any host and any sub-path.
  base: './',
  plugins: [svelte()],
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
