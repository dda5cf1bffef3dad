// Builds the TypeScript of the package into dist/: the modules and their types, and one self-contained script for each
// worker; then the module that holds the CPU engine. The engines (dist/cpu, dist/webgpu) come from wasm-bindgen before this; one that is absent is left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const types = spawnSync(process.execPath, [tsc, '-p', join(here, 'tsconfig.build.json')], { stdio: 'inherit' });
if (types.status !== 0) process.exit(types.status ?? 1);

const shared = {
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  legalComments: 'inline',
  logLevel: 'warning',
};
await build({ ...shared, entryPoints: [join(here, 'src/reader/main.ts')], outfile: join(here, 'dist/reader.js') });

for (const engine of ['cpu', 'webgpu']) {
  const glue = join(here, 'dist', engine, 'driftscope_web.js');
  if (!existsSync(glue)) {
    console.log(`web: the ${engine} engine is not built, so dist/${engine}/worker.js is left out`);
    continue;
  }
  await build({
    ...shared,
    entryPoints: [join(here, 'src/worker/main.ts')],
    outfile: join(here, 'dist', engine, 'worker.js'),
    alias: { '#engine': glue },
    // The glue's default address of the wasm file, which is never used: the module is handed over.
    define: { 'import.meta.url': '""' },
  });
}

const cpu = join(here, 'dist', 'cpu');
if (existsSync(join(cpu, 'worker.js'))) {
  const packed = (path) => JSON.stringify(gzipSync(readFileSync(path), { level: 9 }).toString('base64'));
  const parts = {
    ENGINE: join(cpu, 'driftscope_web_bg.wasm'),
    WORKER: join(cpu, 'worker.js'),
    READER: join(here, 'dist', 'reader.js'),
  };
  await build({
    ...shared,
    format: 'esm',
    entryPoints: [join(here, 'src/inline.ts')],
    outfile: join(here, 'dist/inline.js'),
    plugins: [
      {
        name: 'inlined',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^#inlined$/ }, () => ({ path: 'parts', namespace: 'inlined' }));
          onResolve({ filter: /^\.\/locations\.js$/ }, () => ({ path: join(here, 'src/inline/locations.ts') }));
          onLoad({ filter: /./, namespace: 'inlined' }, () => ({
            contents: Object.entries(parts)
              .map(([name, path]) => `export const ${name} = ${packed(path)};`)
              .join('\n'),
          }));
        },
      },
    ],
  });
}
