/** The table of docs/BENCHMARKS.md. */
import { cpus } from 'node:os';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../../scripts/paths.mjs';

const PATH = join(ROOT, 'docs', 'BENCHMARKS.md');
const [BEGIN, END] = ['<!-- table: npm run bench -->', '<!-- end of table -->'];

/** A median as a person writes it. @param {{ median: number, unit: string }} result */
function amount({ median, unit }) {
  if (unit === 'bytes') return `${(median / 1e6).toFixed(2)} MB`;
  const digits = median >= 100 ? 0 : median >= 10 ? 1 : 2;
  return `${median.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

/** Puts the results between the marks of the document. @param {import('./run.mjs').Result[]} results */
export async function writeTable(results) {
  const lines = [
    `Measured on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}.`,
    '',
    '| work | subject | median | rounds | result checked |',
    '| --- | --- | ---: | ---: | --- |',
    ...results.map(
      (result) =>
        `| ${result.work} | ${result.subject} | ${amount(result)} | ${result.rounds} | ${result.checked ? 'yes' : '**no**'} |`,
    ),
  ];
  const text = readFileSync(PATH, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PATH} has lost its marks ${BEGIN} … ${END}`);
  const written = `${text.slice(0, from + BEGIN.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`;
  writeFileSync(PATH, await format(written, { ...(await resolveConfig(PATH)), filepath: PATH }));
}
