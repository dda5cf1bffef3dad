/**
 * `npm run bench`: times the works, prints them as a JSON array on stdout, and writes the table of docs/BENCHMARKS.md.
 * `--only <work>` does one of them and leaves the table alone; `--rounds N` changes how often each is done.
 */
import { parseArgs } from 'node:util';
import { engineSize } from './engine-size.mjs';
import { firstHeatMap } from './first-heat-map.mjs';
import { product } from './product.mjs';
import { reading } from './reading.mjs';
import { writeTable } from './table.mjs';
import { trainStep } from './train-step.mjs';

/**
 * @typedef {object} Result One measured number.
 * @property {string} work What was done.
 * @property {string} subject Who did it.
 * @property {number} median Of the rounds.
 * @property {string} unit Of the median.
 * @property {number} rounds How often it was done after warming up.
 * @property {boolean} checked Whether the result of every round was found to be right.
 */

/** @type {Record<string, (rounds: number) => Promise<Result[]>>} */
const WORKS = {
  'engine-size': engineSize,
  reading,
  'first-heat-map': firstHeatMap,
  'train-step': trainStep,
  spmm: product,
};

/** @param {string[]} args */
export async function bench(args) {
  const { values } = parseArgs({
    args,
    options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1');
  if (values.only !== undefined && !(values.only in WORKS)) {
    throw new Error(`--only takes one of ${Object.keys(WORKS).join(', ')}`);
  }
  /** @type {Result[]} */
  const results = [];
  for (const [name, work] of Object.entries(WORKS)) {
    if (values.only !== undefined && values.only !== name) continue;
    console.error(`bench: ${name}`);
    results.push(...(await work(rounds)));
  }
  console.log(JSON.stringify(results, null, 2));
  if (values.only === undefined) await writeTable(results);
}
