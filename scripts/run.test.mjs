import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure, must, run } from './run.mjs';

const node = (source, options) => run(process.execPath, ['-e', source], { quiet: true, ...options });

/**
 * Source of a program that starts another with the `options` of `spawn`, which holds the pipes and adds a byte to the file
 * `beat` every 50 ms for a minute.
 */
const parent = (beat, options) => `
  const source = "const beat = () => require('node:fs').appendFileSync(process.argv[1], '.');" +
    "setInterval(beat, 50); setTimeout(() => process.exit(), 60_000)";
  const args = ['-e', source, ${JSON.stringify(beat)}];
  const child = require('node:child_process').spawn(process.execPath, args, ${JSON.stringify(options)});
  console.log(child.pid);`;

/** Whether the file grows. */
async function beats(file) {
  const before = statSync(file).size;
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return statSync(file).size > before;
}

describe('a program', () => {
  it('ends with its code and what it printed, on both streams', async () => {
    const { code, output } = await node(`console.log('out'); console.error('err'); process.exitCode = 3`);
    expect(code).toBe(3);
    expect(output).toContain('out\n');
    expect(output).toContain('err\n');
  });

  it('that does not exist ends with 127 and the reason', async () => {
    const { code, output } = await run('driftscope-no-such-program', [], { quiet: true, seconds: 5 });
    expect(code).toBe(127);
    expect(output).toContain('ENOENT');
  });

  it('gets what is added to the environment', async () => {
    expect((await node('console.log(process.env.DRIFT)', { env: { DRIFT: 'yes' } })).output).toBe('yes\n');
  });

  it('that must succeed fails with its purpose', async () => {
    const failing = must('building', process.execPath, ['-e', 'process.exitCode = 2'], { quiet: true });
    await expect(failing).rejects.toThrow(Failure);
    await expect(failing).rejects.toThrow(/^building failed \(.* ended with code 2\)$/);
  });
});

describe('a time limit', () => {
  let folder;
  let beat;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'driftscope-run-'));
    beat = join(folder, 'beat');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('does not touch a program that keeps it', async () => {
    const before = process.listenerCount('SIGINT');
    expect(await node(`console.log('done')`, { seconds: 30 })).toEqual({ code: 0, output: 'done\n' });
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('ends a program together with what it started', { timeout: 30_000 }, async () => {
    const start = performance.now();
    const source = `${parent(beat, { stdio: 'inherit' })} setTimeout(() => {}, 60_000)`;
    expect((await node(source, { seconds: 2 })).code).toBe(1);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(await beats(beat)).toBe(false);
  });

  it('ends what a program started and left behind', { timeout: 30_000 }, async () => {
    await node(`${parent(beat, { stdio: 'inherit' })} child.unref()`, { seconds: 2 });
    expect(await beats(beat)).toBe(false);
  });

  it('does not wait for what left the group', { timeout: 30_000 }, async () => {
    const start = performance.now();
    const { output } = await node(`${parent(beat, { stdio: 'inherit', detached: true })} child.unref()`, {
      seconds: 2,
    });
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(await beats(beat)).toBe(true);
    process.kill(Number(output), 'SIGKILL');
  });
});
