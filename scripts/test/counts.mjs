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

/** The number of tests whose shown output has a line `skipped: …`; such a test may print several. */
function skippingTests(output) {
  const shown = output.split(/^---- (.+) stdout ----$/m);
  let tests = 0;
  for (let at = 2; at < shown.length; at += 2) if (/^skipped: /m.test(shown[at])) tests += 1;
  return tests;
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
