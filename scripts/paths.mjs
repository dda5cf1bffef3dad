// Where things lie: the checkout, and the cache outside it that lets a fresh clone build warm.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folder for build results and tools, shared by all checkouts: `DRIFTSCOPE_CACHE`, else the user's cache folder. */
export const CACHE =
  process.env.DRIFTSCOPE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'driftscope');

/**
 * A folder of the cache, made if absent: cargo's target folders `native`, `cpu` and `webgpu` (apart, since their
 * compilers and flags differ), and `tools`.
 */
export function cacheFolder(name) {
  const folder = join(CACHE, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A target folder of the cache for this checkout. Cargo tells two checkouts of one workspace apart only by the times of their
 * files, and would take what one has built for the other's; so when the checkout changes, what was noted about the
 * workspace's own packages is forgotten. Dependencies stay.
 */
export function targetFolder(name) {
  const folder = cacheFolder(name);
  const owner = join(folder, 'checkout');
  if (existsSync(owner) && readFileSync(owner, 'utf8') === ROOT) return folder;
  for (const notes of fingerprintsIn(folder)) {
    const own = readdirSync(notes).filter((entry) => entry.startsWith('driftscope'));
    for (const entry of own) rmSync(join(notes, entry), { recursive: true, force: true });
  }
  writeFileSync(owner, ROOT);
  return folder;
}

/** Cargo's folders of notes: below each profile, and with a target given, below that. */
function fingerprintsIn(folder, depth = 2) {
  if (depth === 0) return [];
  const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return inside.flatMap(({ name }) => {
    const path = join(folder, name);
    const notes = join(path, '.fingerprint');
    return existsSync(notes) ? [notes] : fingerprintsIn(path, depth - 1);
  });
}
