/** Real logs that the repository does not hold. Tests that need one are skipped where it is absent. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folder of all data sets: `DRIFTSCOPE_DATA`, else `../shared/data` beside the checkout. */
const DATA = process.env.DRIFTSCOPE_DATA || resolve(ROOT, '..', 'shared', 'data');

/** Paths of a data set's files, or null (with a line that says so) where one of them is absent. */
export function dataFiles(dataset: string, names: readonly string[]): string[] | null {
  const paths = names.map((name) => join(DATA, dataset, name));
  const absent = paths.find((path) => !existsSync(path));
  if (absent === undefined) return paths;
  console.log(`skipped: ${dataset} is not there (set DRIFTSCOPE_DATA to the folder that holds it)`);
  return null;
}
