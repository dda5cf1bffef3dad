/**
 * `npm run fuzz -- [--only TARGET] [--inputs N] [--seed N]`: mutated inputs for everything that takes bytes from outside.
 * An input on which the engine crashes is printed, shrunk, in base64; put it into corpus/ when it is mended.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { isRefusal, loadEngine } from './engine.mjs';
import { edited, edits } from './mutations.mjs';
import { javascriptTargets } from './javascript.mjs';
import { targets } from './targets.mjs';

/**
 * Gives `inputs` mutated inputs to a target.
 *
 * @returns {Promise<{ inputs: number, accepted: number, failure: string | null }>} `accepted`: how many were not refused.
 */
export async function fuzz({ seeds, read }, { inputs, seed, panics }) {
  let accepted = 0;
  let last = new Uint8Array();
  // A panic after a pause of the engine is thrown into nobody's hands.
  let crash = () => undefined;
  const crashed = new Promise((_, reject) => (crash = reject));
  crashed.catch(() => undefined);
  process.once('uncaughtException', crash);
  const property = fc.asyncProperty(fc.nat(seeds.length - 1), edits, async (index, list) => {
    last = edited(seeds[index], list);
    try {
      await Promise.race([read(last), crashed]);
      accepted += 1;
    } catch (thrown) {
      if (!isRefusal(thrown)) throw new Error(`${panics.splice(0).join(' ')} ${String(thrown)}`, { cause: thrown });
    }
  });
  // A crashed engine cannot be used again, so that shrinking would only see its ruin: the first input counts.
  const result = await fc.check(property, { numRuns: inputs, seed, endOnFailure: true });
  process.off('uncaughtException', crash);
  const failure = result.failed
    ? `${String(result.errorInstance ?? '')}\n${Buffer.from(last).toString('base64')}`
    : null;
  return { inputs: result.numRuns, accepted, failure };
}

/** Loads the engine and everything that it is fuzzed through. */
export async function prepare() {
  const panics = [];
  const Session = await loadEngine((message) => void panics.push(message));
  return { panics, all: { ...(await targets(Session)), ...(await javascriptTargets()) } };
}

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { panics, all } = await prepare();
  for (const [name, target] of Object.entries(all)) {
    if (values.only !== undefined && values.only !== name) continue;
    const start = performance.now();
    const found = await fuzz(target, { inputs: Number(values.inputs), seed: Number(values.seed), panics });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const end = found.failure ? '' : ', no crash';
    console.log(`${name}: ${found.inputs} inputs, ${found.accepted} accepted, ${seconds} s${end}`);
    if (found.failure) {
      console.log(found.failure);
      process.exitCode = 1;
      return;
    }
  }
}

if (process.argv[1] === import.meta.filename) await main();
