// Running other programs.
import { spawn, spawnSync } from 'node:child_process';
import { ROOT } from './paths.mjs';

/** A failure that is explained by its message alone: scripts print it without a stack. */
export class Failure extends Error {}

/**
 * Runs a program and resolves to `{ code, output }`. Its output appears on the terminal as it comes, unless `quiet`;
 * `output` holds stdout and stderr in the order of arrival.
 */
export function run(program, args, { cwd = ROOT, env = {}, quiet = false, seconds = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
    });
    const parts = [];
    const collect = (stream) => (chunk) => {
      parts.push(chunk);
      if (!quiet) stream.write(chunk);
    };
    child.stdout.on('data', collect(process.stdout));
    child.stderr.on('data', collect(process.stderr));
    const end = (code) => resolve({ code, output: Buffer.concat(parts).toString() });
    child.on('error', (error) => {
      parts.push(Buffer.from(String(error.message)));
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Like `run`, but a program that fails ends the whole command with `what` as the reason. */
export async function must(what, program, args, options) {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Failure(`${what} failed (${program} ended with code ${code})`);
  return output;
}

/** What a program prints, trimmed; null where it is absent or fails. */
export function answer(program, args, env = {}) {
  const { status, stdout } = spawnSync(program, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** Runs the main function of a script: a `Failure` becomes one line and exit code 1. */
export async function main(body) {
  try {
    await body(process.argv.slice(2));
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    console.error(`driftscope: ${thrown.message}`);
    process.exitCode = 1;
  }
}
