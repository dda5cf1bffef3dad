// `npm run release`: builds everything, and packs the page, the npm package and its reference with their hashes into release/.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from './assemble.mjs';
import { ENGINES } from './engines.mjs';
import { ROOT } from './paths.mjs';
import { main, must } from './run.mjs';

const HASHES = 'SHA256SUMS';
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Paths of all files below a folder, with slashes, in order. */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** The text of a list of hashes as `sha256sum` writes and checks it, of all files below a folder but the list itself. */
export function hashesOf(folder) {
  const files = filesBelow(folder).filter((path) => path !== HASHES);
  return files.map((path) => `${sha256(readFileSync(join(folder, path)))}  ${path}\n`).join('');
}

/** A folder as a zip, the same bytes for the same files. */
async function zipOf(folder) {
  // Only there once the set-up has run.
  const { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } = await import('@zip.js/zip.js');
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, extendedTimestamp: false });
  const lastModDate = new Date(1980, 0, 1);
  for (const path of filesBelow(folder))
    await zip.add(path, new Uint8ArrayReader(readFileSync(join(folder, path))), { lastModDate });
  return zip.close();
}

async function release() {
  await assemble(Object.keys(ENGINES));
  const page = join(ROOT, 'www', 'dist');
  const out = join(ROOT, 'release');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'web', 'package.json'), 'utf8'));
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  writeFileSync(join(page, HASHES), hashesOf(page));
  writeFileSync(join(out, `driftscope-page-${version}.zip`), await zipOf(page));
  await must('packing the npm package', 'npm', ['pack', '-w', 'web', '--pack-destination', out, '--silent']);
  await must('making the API reference', 'npm', ['run', 'docs']);
  writeFileSync(join(out, `driftscope-api-${version}.zip`), await zipOf(join(ROOT, 'docs', 'api')));
  writeFileSync(join(out, HASHES), hashesOf(out));
  console.log(readFileSync(join(out, HASHES), 'utf8'));
}

if (process.argv[1] && import.meta.filename === process.argv[1]) await main(release);
