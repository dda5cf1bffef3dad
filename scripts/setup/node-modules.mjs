// The npm packages of the lock file.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../paths.mjs';
import { must } from '../run.mjs';
import { say } from './say.mjs';

/**
 * Whether the packages `installed` are those `wanted`; both as in the `packages` of a lock file, by their path. Optional ones,
 * which depend on the system, and links to the workspaces do not count.
 */
export function satisfied(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.link || !path.includes('node_modules/')) return true;
    return installed[path]?.version === entry.version;
  });
}

/** Whether node_modules holds what the lock file says; npm's own record of what it installed lies inside. */
function upToDate() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  return satisfied(packages(join(ROOT, 'package-lock.json')), packages(record));
}

/** Installs the npm packages unless they are there. */
export async function nodeModules() {
  if (upToDate()) return;
  say('npm ci', 'the npm packages of package-lock.json');
  await must('npm ci', 'npm', ['ci', '--no-audit', '--no-fund']);
}
