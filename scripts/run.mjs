// Running other programs.
import { spawn, spawnSync } from 'node:child_process';
import { ROOT } from './paths.mjs';

/** What a terminal sends to end a program, and what `kill` sends. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A failure that is explained by its message alone: scripts print it without a stack. */
export class Failure extends Error {}

/**
 * Runs a program and resolves to `{ code, output }`. Its output appears on the terminal as it comes, unless `quiet`;
 * `output` holds stdout and stderr in the order of arrival. After `seconds` (0: never) it is killed with all that it
 * started, and `code` is 1.
 */
export function run(program, args, { cwd = ROOT, env = {}, quiet = false, seconds = 0 } = {}) {
  return new Promise((resolve) => {
    const limited = seconds > 0;
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // As the leader of a process group, so that what it started can be ended with it.
      detached: limited,
    });
    const parts = [];
    const collect = (stream) => (chunk) => {
      parts.push(chunk);
      if (!quiet) stream.write(chunk);
    };
    child.stdout.on('data', collect(process.stdout));
    child.stderr.on('data', collect(process.stderr));
    const release = limited ? limit(child, seconds) : () => {};
    const end = (code) => {
      release();
      resolve({ code, output: Buffer.concat(parts).toString() });
    };
    child.on('error', (error) => {
      parts.push(Buffer.from(String(error.message)));
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/**
 * Kills the process group that `child` leads after `seconds`, or when this process is told to end (a terminal's Ctrl+C does
 * not reach another group). Returns what calls this off.
 */
function limit(child, seconds) {
  const stop = () => {
    if (child.pid !== undefined) killGroup(child.pid);
    // Nobody who left the group and kept the pipes open is waited for.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(stop, seconds * 1000);
  const told = (signal) => {
    stop();
    release();
    process.kill(process.pid, signal);
  };
  const release = () => {
    clearTimeout(timer);
    for (const signal of SIGNALS) process.removeListener(signal, told);
  };
  for (const signal of SIGNALS) process.on(signal, told);
  return release;
}

function killGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // The whole group is gone already.
    if (error.code !== 'ESRCH') throw error;
  }
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
