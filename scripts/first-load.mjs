// How much a person fetches before the page works: the page, its worker and the CPU engine, as hosts send them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './paths.mjs';

const MB = 1e6;
/** What all of it may weigh, compressed, in bytes: 1.6 MB, and a hundredth more, since compilers of other versions differ. */
const BUDGET = 1.616 * MB;

/** What the page fetches later, by the package's files: the other engine, and the reader of archives and Parquet. */
const LATER = ['webgpu', 'reader.js'];
/** What it fetches only when it is installed, and what it never does. */
const INSTALLED = /^icon-.*\.png$/;
const NEVER = ['licenses.md', '_headers'];

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Sizes of the files that come first, compressed, in bytes, by their paths below `page`. Names hold hashes, so files are told by content. */
export function firstLoad(page, product) {
  const later = filesIn(product).filter((file) => LATER.some((name) => file.startsWith(join(product, name))));
  const contents = later.map((file) => readFileSync(file));
  const files = filesIn(page).map((file) => ({ name: file.slice(page.length + 1), bytes: readFileSync(file) }));
  return files
    .filter(({ name }) => !NEVER.includes(name) && !INSTALLED.test(name))
    .filter(({ bytes }) => !contents.some((other) => other.equals(bytes)))
    .map(({ name, bytes }) => ({ name, gzip: gzipSync(bytes, { level: 9 }).length }));
}

/** Prints what comes first; tells whether it keeps to the budget. */
export function isFirstLoadWithinBudget() {
  const files = firstLoad(join(ROOT, 'www', 'dist'), join(ROOT, 'web', 'dist'));
  for (const { name, gzip } of files) console.log(`${(gzip / 1e3).toFixed(1).padStart(8)} kB  ${name}`);
  const total = files.reduce((sum, { gzip }) => sum + gzip, 0);
  console.log(`first load: gzip ${(total / MB).toFixed(3)} MB (budget: ${(BUDGET / MB).toFixed(3)} MB)`);
  return total <= BUDGET;
}
