// Where things lie: the checkout, and the cache outside it that lets a fresh clone build warm.
import { mkdirSync } from 'node:fs';
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
