/** The browser's side: a page with engines, in a Chromium of its own. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { ROOT } from '../../scripts/paths.mjs';
import { serve } from '../../scripts/server.mjs';
import { browser as system } from '../../scripts/setup/chromium.mjs';
import { FLAGS, WEBGPU_FLAGS } from '../support/flags.mjs';

/**
 * Opens a page with the engines started. Resolves to the page and a function that ends it all.
 *
 * @param {('cpu' | 'webgpu')[]} engines
 */
export async function engineSide(engines) {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'tests', 'bench', 'engine-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'warning',
  });
  const server = await serve(join(ROOT, 'web', 'dist'));
  const { chromium: executablePath } = await system();
  const args = engines.includes('webgpu') ? WEBGPU_FLAGS : FLAGS;
  const browser = await chromium.launch({ executablePath, args });
  const page = await browser.newPage();
  const address = `${server.address}bench.html`;
  await page.route(address, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><input type="file" multiple>' }),
  );
  await page.goto(address);
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  for (const engine of engines) await page.evaluate((name) => window.bench.start(name), engine);
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { page, close };
}
