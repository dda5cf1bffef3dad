/** The log that is read: four parts and an item table, gzipped, 1,285,238 rows. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from '../../scripts/paths.mjs';

const NAMES = [1, 2, 3, 4].map((quarter) => `transactions_q${quarter}.csv.gz`).concat('products.csv.gz');

/** Rows of all its files, headers left out. */
export const ROWS = 1_285_238;

/** Paths of its files, or null (and a line that says so) where they are not there. */
export function completeJourney() {
  const folder = process.env.DRIFTSCOPE_DATA || resolve(ROOT, '..', 'shared', 'data');
  const paths = NAMES.map((name) => join(folder, 'complete_journey', name));
  if (paths.every((path) => existsSync(path))) return paths;
  console.error('bench: complete_journey is not there (set DRIFTSCOPE_DATA to the folder that holds it)');
  return null;
}
