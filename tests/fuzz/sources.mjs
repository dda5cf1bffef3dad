/** The TypeScript that takes bytes from outside, bundled for this process. */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ROOT } from '../../scripts/paths.mjs';

const ENTRY = `
export { zipEntries, zipPieces } from './web/src/reader/zip.ts';
export { Connection } from './web/src/connection.ts';
export { DriftscopeError, failure } from './web/src/error.ts';
export { serve } from './web/src/worker/serve.ts';
export { pack, unpack } from './www/src/project/contents.ts';
export { newKey, readHeader, seal, unseal } from './www/src/project/envelope.ts';
`;

/** A script as one text, whatever it imports. */
export async function bundle(contents, format) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

/** What `ENTRY` exports. Its tasks of their own follow at once: a timer takes a millisecond, and would be all the work. */
export async function sources() {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (task, wait = 0, ...args) =>
    wait > 0 ? setTimeout(task, wait, ...args) : setImmediate(task, ...args);
  const folder = await mkdtemp(join(tmpdir(), 'driftscope-fuzz-'));
  const path = join(folder, 'sources.mjs');
  await writeFile(path, await bundle(ENTRY, 'esm'));
  try {
    return await import(pathToFileURL(path).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
