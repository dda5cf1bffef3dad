// Looking for programs that may be there already.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from '../run.mjs';

/**
 * Path of the first of the programs that lies on the path; null where none does.
 *
 * @param {string[]} names
 * @returns {string | null}
 */
export function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    if (found) return found;
  }
  return null;
}

/**
 * The path that an environment variable names; null where it is not set.
 *
 * @param {string} variable
 * @returns {string | null}
 */
export function given(variable) {
  const path = process.env[variable];
  if (path && !existsSync(path)) throw new Failure(`${variable} names ${path}, which does not exist`);
  return path || null;
}
