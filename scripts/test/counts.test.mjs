import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cargoCounts, lastLine, single, sum, vitestCounts } from './counts.mjs';

/** What `cargo test --workspace --no-fail-fast -- --show-output` prints: two programs; in the second, one test of each kind. */
const CARGO = `
     Running unittests src/lib.rs (target/debug/deps/driftscope-1)

running 3 tests
test event::tests::packs ... ok
test ingest::tests::real_data ... ok
test ingest::tests::slow ... ignored, takes an hour

successes:

---- ingest::tests::real_data stdout ----
skipped: taobao_userbehavior is not here
skipped: complete_journey is not here


successes:
    event::tests::packs
    ingest::tests::real_data

test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

     Running tests/readers.rs (target/debug/deps/readers-2)

running 3 tests
test talks ... ok
test ingest::tests::real_data ... ok
test broken ... FAILED

successes:

---- ingest::tests::real_data stdout ----
skipped: ciao is not here

---- talks stdout ----
rows read 3, skipped: none


successes:
    ingest::tests::real_data
    talks

failures:

---- broken stdout ----
skipped: ciao is not here

thread 'broken' panicked at tests/readers.rs:7:5:
assertion failed


failures:
    broken

test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
`;

describe('the counts of cargo', () => {
  it('add up the programs; tests that lack their data are skipped, once each', () => {
    expect(cargoCounts(CARGO, 101)).toEqual({ passed: 2, failed: 1, skipped: 3 });
  });

  it('leave a failing test a failure, whatever it printed', () => {
    const failing = CARGO.slice(CARGO.indexOf('\nfailures:'));
    expect(cargoCounts(failing, 101)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  });

  it('do not mind what a test prints outside its section', () => {
    const quiet = 'skipped: said by the linker\ntest result: ok. 1 passed; 0 failed; 0 ignored;\n';
    expect(cargoCounts(quiet, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  it('have a failure when cargo failed before any test did', () => {
    expect(cargoCounts('error: could not compile `driftscope`', 101)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('the counts of vitest', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'driftscope-counts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const report = (content) => {
    const path = join(folder, 'report.json');
    writeFileSync(path, JSON.stringify({ numPendingTests: 0, numTodoTests: 0, numFailedTests: 0, ...content }));
    return path;
  };

  it('come from its report', () => {
    const path = report({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, success: false });
    expect(vitestCounts(path, 1)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it('have a failure when a file could not be loaded, or the run ended badly', () => {
    expect(vitestCounts(report({ numPassedTests: 5, success: false }), 0).failed).toBe(1);
    expect(vitestCounts(report({ numPassedTests: 5, success: true }), 1).failed).toBe(1);
    expect(vitestCounts(report({ numPassedTests: 5, success: true }), 0).failed).toBe(0);
  });

  it('have a failure when there is no report', () => {
    expect(vitestCounts(join(folder, 'absent.json'), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

it('single checks and stages add up to the last line', () => {
  const total = sum([single(true), single(false), { passed: 3, failed: 0, skipped: 2 }]);
  expect(lastLine(total)).toBe('4 passed, 1 failed, 2 skipped');
  expect(lastLine(sum([]))).toBe('0 passed, 0 failed, 0 skipped');
});
