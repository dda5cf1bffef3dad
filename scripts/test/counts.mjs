// How many tests passed, failed and were skipped, read from what the runners report.
import { existsSync, readFileSync } from 'node:fs';

/** The sum of several counts. */
export function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const count of counts) for (const key of Object.keys(total)) total[key] += count[key];
  return total;
}

/** A check that is either right or not, such as a lint: one test. */
export function single(ok) {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/**
 * The counts of `cargo test -- --show-output` (or wasm-bindgen's runner), which ended with `code`. One line
 * `test result:` stands for each test program. A test that lacks its data passes and prints a line `skipped: …`.
 */
export function cargoCounts(output, code) {
  const results = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm)];
  const counts = sum(
    results.map(([, passed, failed, ignored]) => ({ passed: +passed, failed: +failed, skipped: +ignored })),
  );
  const skipping = skippingTests(output);
  counts.passed -= skipping;
  counts.skipped += skipping;
  // Something that did not compile, or a program that crashed, has no result line of its own.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/**
 * The number of tests that passed and whose shown output has a line `skipped: …`; such a test may print several. Output is
 * shown in sections under `successes:` and `failures:`; a test that failed is a failure whatever it printed.
 */
function skippingTests(output) {
  let section = null;
  let test = null;
  const skipping = new Set();
  output.split('\n').forEach((line, at) => {
    if (line === 'successes:' || line === 'failures:' || line.startsWith('test result: ')) {
      section = line;
      test = null;
    } else if (/^---- .+ stdout ----$/.test(line)) {
      // By its place, since test programs may have tests of the same name.
      test = at;
    } else if (section === 'successes:' && test !== null && line.startsWith('skipped: ')) {
      skipping.add(test);
    }
  });
  return skipping.size;
}

/** The counts in vitest's JSON report at `path`, of a run that ended with `code`. */
export function vitestCounts(path, code) {
  if (!existsSync(path)) return single(false);
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  // A file that cannot be loaded has no tests to fail.
  if ((code !== 0 || !report.success) && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** The last line of `npm test`. */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
