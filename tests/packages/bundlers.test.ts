/** The package as npm packs it, in the hands of bundlers: each page reads a log and trains on it in Chromium. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import type { Browser } from 'playwright-core';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import webpack from 'webpack';
import { ROOT } from '../support/data';
import { weekly } from '../support/planted';
import { serve } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

/** Inside the checkout, so that what a page imports beside the package is found; not in the repository. */
const WORK = join(ROOT, 'tests', 'packages', '.work');

/** What every page does; `OPTIONS` is replaced by those of `create`, `LOG` by where the log is. */
const RUN = `
globalThis.run = async () => {
  const driftscope = await create(OPTIONS);
  const { rowsRead } = await driftscope.load(LOG);
  const window = { length: 'week', timeZone: 'UTC' };
  const report = await driftscope.train({ window, models: ['dnn'], seed: 1, epochs: 1, engine: 'cpu' });
  const { domains } = await driftscope.forecast({ kind: 'everyone' }, 'dnn');
  driftscope.dispose();
  return { rowsRead, trained: report.models.some(({ model }) => model === 'dnn'), domains: domains.length };
};
`;
const app = (options = "{ engines: ['cpu'] }"): string =>
  `import { create } from 'driftscope';\n${RUN.replace('OPTIONS', options).replace('LOG', "'log.csv'")}`;
/** With the engine in the module, and the log in the page. */
const inlined = (): string =>
  `import { create } from 'driftscope/inline';\n${RUN.replace('OPTIONS', '').replace('LOG', `new Blob([${JSON.stringify(weekly())}])`)}`;
const page = (script: string): string =>
  `<!doctype html><title>app</title><script type="module" src="./${script}"></script>`;

let browser: Browser;
let packed: string;
beforeAll(async () => {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  execFileSync('npm', ['pack', '-w', 'web', '--pack-destination', WORK, '--silent'], { cwd: ROOT });
  execFileSync('tar', ['xzf', 'driftscope-0.1.0.tgz'], { cwd: WORK });
  packed = join(WORK, 'package');
  browser = await sharedBrowser();
}, 60_000);
afterAll(async () => {
  await browser.close();
  rmSync(WORK, { recursive: true, force: true });
});

/** A folder with the package installed, and these files. */
function project(name: string, files: Record<string, string>): string {
  const folder = join(WORK, name);
  cpSync(packed, join(folder, 'node_modules', 'driftscope'), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Serves a built page with a log beside it, and runs it. */
async function ran(folder: string): Promise<unknown> {
  writeFileSync(join(folder, 'log.csv'), weekly());
  const server = await serve(folder, '/some/where/');
  const context = await browser.newContext();
  const opened = await context.newPage();
  const errors: string[] = [];
  opened.on('pageerror', (error) => errors.push(error.message));
  await opened.goto(server.address);
  await opened.waitForFunction('globalThis.run');
  const result: unknown = await opened.evaluate('run()');
  expect(errors).toEqual([]);
  await context.close();
  await server.close();
  return result;
}

/** Bundles a script into one. */
async function bundled(folder: string, format: 'esm' | 'iife', outfile: string): Promise<string> {
  const entryPoints = [join(folder, 'app.js')];
  await esbuild.build({ entryPoints, outfile, bundle: true, format, logLevel: 'error' });
  return outfile;
}

const TRAINED = { rowsRead: 4320, trained: true, domains: 6 };

describe('the packed package', () => {
  it('works without a bundler, from a folder', async () => {
    const folder = project('plain', { 'index.html': page('app.js') });
    cpSync(join(packed, 'dist'), join(folder, 'driftscope'), { recursive: true });
    writeFileSync(join(folder, 'app.js'), app().replace("'driftscope'", "'./driftscope/index.js'"));
    expect(await ran(folder)).toEqual(TRAINED);
  });

  it('works with Vite', async () => {
    const root = project('vite', { 'index.html': page('app.js'), 'app.js': app() });
    await viteBuild({ root, base: './', logLevel: 'error', configFile: false });
    expect(await ran(join(root, 'dist'))).toEqual(TRAINED);
  });

  it('works with webpack', async () => {
    const context = project('webpack', { 'app.js': app(), 'dist/index.html': page('app.bundle.js') });
    const output = { path: join(context, 'dist'), filename: 'app.bundle.js', publicPath: 'auto' };
    await new Promise<void>((resolve, reject) =>
      webpack({ mode: 'production', context, entry: './app.js', output, devtool: false }, (error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
        else resolve();
      }),
    );
    expect(await ran(output.path)).toEqual(TRAINED);
  });

  it('works with esbuild, which leaves the engines where they are: they are named', async () => {
    const named = `{ engines: ['cpu'], wasmUrl: { cpu: 'cpu/driftscope_web_bg.wasm' },
      workerUrl: { cpu: 'cpu/worker.js', reader: 'reader.js' } }`;
    const folder = project('esbuild', { 'app.js': app(named), 'dist/index.html': page('app.bundle.js') });
    await bundled(folder, 'esm', join(folder, 'dist', 'app.bundle.js'));
    for (const part of ['cpu', 'reader.js'])
      cpSync(join(packed, 'dist', part), join(folder, 'dist', part), { recursive: true });
    expect(await ran(join(folder, 'dist'))).toEqual(TRAINED);
  });

  it('works as one HTML file, opened from the disk, with the engine in the script', async () => {
    const folder = project('single', { 'app.js': inlined() });
    const script = readFileSync(await bundled(folder, 'iife', join(folder, 'app.bundle.js')), 'utf8');
    const file = join(folder, 'index.html');
    writeFileSync(file, `<!doctype html><title>app</title><script>${script}</script>`);
    const opened = await browser.newPage();
    const asked: string[] = [];
    opened.on('request', (request) => asked.push(request.url().split(':', 1)[0] ?? ''));
    await opened.goto(pathToFileURL(file).href);
    expect(await opened.evaluate('run()')).toEqual(TRAINED);
    expect(asked.filter((scheme) => scheme !== 'blob')).toEqual(['file']);
    await opened.close();
  });

  it('works with a bundler that copies nothing, with the engine in the script', async () => {
    const root = project('inline', { 'index.html': page('app.js'), 'app.js': inlined() });
    await viteBuild({ root, base: './', logLevel: 'error', configFile: false });
    expect(readdirSync(join(root, 'dist', 'assets'))).toHaveLength(1);
    expect(await ran(join(root, 'dist'))).toEqual(TRAINED);
  });

  it('works with Next, which imports it on the server, too', async () => {
    const folder = project('next', {
      'package.json': '{ "name": "app", "private": true, "type": "module" }',
      'next.config.mjs': "export default { output: 'export', basePath: '/some/where', assetPrefix: '/some/where' };",
      'app/layout.jsx':
        'export default ({ children }) => <html lang="en"><body>{children}</body></html>;\nexport const metadata = { title: "app" };',
      'app/page.jsx': `'use client';\n${app().replace('globalThis.run =', 'const run =')}
        import { useEffect } from 'react';
        export default function Page() {
          useEffect(() => void (globalThis.run = run), []);
          return <main>app</main>;
        }`,
    });
    const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' as const };
    execFileSync(process.execPath, [next, 'build', folder], { cwd: folder, env, stdio: 'pipe' });
    expect(await ran(join(folder, 'out'))).toEqual(TRAINED);
  }, 240_000);
});
