// What each entry and each file of the npm package weighs, and what it may weigh at most.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINES } from './engines.mjs';
import { ROOT } from './paths.mjs';
import { sizesOf, textOf } from './sizes.mjs';

const KB = 1e3;

/**
 * Files below web/dist by what a page fetches, and their budgets: bytes with gzip. Entries of many modules weigh what a
 * bundler makes of them; engines have budgets of their own (scripts/engines.mjs).
 */
const PARTS = [
  { name: 'driftscope', file: 'index.js', bundle: true, budget: 12 * KB },
  { name: 'driftscope/element', file: 'element.js', bundle: true, budget: 16 * KB },
  // The CPU engine and both scripts, and what base64 adds.
  { name: 'driftscope/inline', file: 'inline.js', budget: 1.04 * (ENGINES.cpu.budget + 170 * KB) },
  { name: 'cpu/worker.js', file: 'cpu/worker.js', budget: 14 * KB },
  { name: 'webgpu/worker.js', file: 'webgpu/worker.js', budget: 18 * KB },
  { name: 'reader.js', file: 'reader.js', budget: 155 * KB },
];

async function bundled(file) {
  // Only there once the set-up has run.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ entryPoints: [file], bundle: true, minify: true, format: 'esm', write: false });
  return outputFiles[0].contents;
}

/** Prints what the parts below `folder` weigh; tells whether each keeps to its budget. A part that is not built fails. */
export async function arePartsWithinBudget(folder = join(ROOT, 'web', 'dist'), parts = PARTS) {
  let within = true;
  for (const { name, file, bundle = false, budget } of parts) {
    const path = join(folder, file);
    if (!existsSync(path)) {
      console.log(`${name}: not built`);
      within = false;
      continue;
    }
    const sizes = sizesOf(bundle ? await bundled(path) : readFileSync(path));
    const kept = sizes.gzip <= budget;
    console.log(`${name}: ${textOf(sizes)} (budget: gzip ${(budget / KB).toFixed(0)} kB${kept ? '' : ', exceeded'})`);
    within &&= kept;
  }
  return within;
}
