/** Rows a second of the reader: inflating, parsing and joining Complete Journey, natively and in the CPU engine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineSide } from './engine-side.mjs';
import { completeJourney, ROWS } from './logs.mjs';
import { nativeSide } from './native.mjs';
import { alternate } from './rounds.mjs';

/** @param {number} rounds */
export async function reading(rounds) {
  const files = completeJourney();
  if (!files) return [];
  const native = await nativeSide();
  const { page, close } = await engineSide(['cpu']);
  const scratch = mkdtempSync(join(tmpdir(), 'driftscope-bench-'));
  try {
    await page.setInputFiles('input', files);
    await page.evaluate(() => window.bench.take(/** @type {HTMLInputElement} */ (document.querySelector('input'))));
    // Both sides read by the plans that the engine found.
    const plans = join(scratch, 'plans.json');
    writeFileSync(plans, JSON.stringify(await page.evaluate(() => window.bench.plans('cpu'))));
    return await alternate(
      { work: 'reading', unit: 'rows/s', rounds },
      {
        native: async () => {
          const { seconds, rows } = native('read', plans, ...files);
          return { value: rows / seconds, right: rows === ROWS };
        },
        cpu: async () => {
          const { seconds, rows } = await page.evaluate(() => window.bench.read('cpu'));
          return { value: rows / seconds, right: rows === ROWS };
        },
      },
    );
  } finally {
    rmSync(scratch, { recursive: true });
    await close();
  }
}
