// How much a person fetches before the page is usable: its start, its first steps, the worker and the CPU engine, as hosts send
// them (gzip). What follows in the background, before the page seals itself, is listed apart.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './paths.mjs';

const MB = 1e6;
/**
 * What may come before the page is usable, compressed, in bytes. Counted: index.html, the manifest of the application, the style
 * sheet, the scripts that the page's entry imports, the larger one of the languages' catalogues, the service worker's script, the
 * CPU engine and its worker. From then on a file can be chosen, dropped or pasted. Not counted, but listed: what follows in the
 * background. The page waits for it before it seals itself and reads the file.
 */
const BUDGET = 1.6 * MB;

/** What the page fetches in the background, by the package's files: the other engine, and the reader of archives and Parquet. */
const LATER = ['webgpu', 'reader.js'];
/** The catalogues, by their sources: a person needs one of them. */
const CATALOGUE = /^src\/i18n\/[a-z]+\.ts$/;
/** What is fetched only when the page is installed, and what never is. */
const INSTALLED = /^icon.*\.(png|svg)$/;
const NEVER = ['licenses.md', '_headers', 'SHA256SUMS'];
/** Vite's account of which script imports which. */
const MANIFEST = join('.vite', 'manifest.json');

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The scripts that an entry needs before it runs. */
function scriptsOf(manifest, name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const other of manifest[name].imports ?? []) scriptsOf(manifest, other, found);
  return found;
}

/** The scripts that are fetched behind the first ones: the parts of the page, and all catalogues but the largest. */
function scriptsLater(manifest, sizeOf) {
  const catalogues = Object.keys(manifest).filter((name) => CATALOGUE.test(name));
  const size = (name) => sizeOf(manifest[name].file);
  const [largest] = catalogues.sort((one, other) => size(other) - size(one));
  const first = new Set([...scriptsOf(manifest, 'index.html'), ...(largest ? scriptsOf(manifest, largest) : [])]);
  // The rest of the manifest are entries, and files that are told by content.
  const parts = Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry || name.startsWith('_'));
  return parts.filter((name) => !first.has(name)).map((name) => manifest[name].file);
}

/**
 * Sizes of the page's files, compressed, in bytes, by their paths below `page`: those that come first, and those that follow.
 * Names of the package's files hold hashes, so those are told by content.
 *
 * @param {string} page
 * @param {string} product
 * @returns {{ first: { name: string, gzip: number }[], later: { name: string, gzip: number }[] }}
 */
export function firstLoad(page, product) {
  const behind = filesIn(product).filter((file) => LATER.some((name) => file.startsWith(join(product, name))));
  const contents = behind.map((file) => readFileSync(file));
  const files = filesIn(page)
    .map((file) => ({ name: file.slice(page.length + 1).replaceAll('\\', '/'), bytes: readFileSync(file) }))
    .filter(({ name }) => !NEVER.includes(name) && !INSTALLED.test(name) && name !== MANIFEST.replaceAll('\\', '/'))
    .map(({ name, bytes }) => ({
      name,
      gzip: gzipSync(bytes, { level: 9 }).length,
      behind: contents.some((other) => other.equals(bytes)),
    }));
  const manifest = JSON.parse(readFileSync(join(page, MANIFEST), 'utf8'));
  const scripts = scriptsLater(manifest, (file) => files.find(({ name }) => name === file)?.gzip ?? 0);
  const isLater = (file) => file.behind || scripts.includes(file.name);
  const plain = ({ name, gzip }) => ({ name, gzip });
  return { first: files.filter((file) => !isLater(file)).map(plain), later: files.filter(isLater).map(plain) };
}

/** Prints what comes first and what follows; tells whether the first keeps to the budget. */
export function isFirstLoadWithinBudget() {
  const { first, later } = firstLoad(join(ROOT, 'www', 'dist'), join(ROOT, 'web', 'dist'));
  const print = ({ name, gzip }) => console.log(`${(gzip / 1e3).toFixed(1).padStart(8)} kB  ${name}`);
  console.log('in the background, before a log is taken (of the two engines, webgpu only where there is an adapter):');
  later.forEach(print);
  console.log('first load:');
  first.forEach(print);
  const total = first.reduce((sum, { gzip }) => sum + gzip, 0);
  console.log(`first load: gzip ${(total / MB).toFixed(3)} MB (budget: ${(BUDGET / MB).toFixed(3)} MB)`);
  return total <= BUDGET;
}
