// wasm-bindgen's programs, of exactly the version that the lock file names: another one refuses the engines.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, ROOT } from '../paths.mjs';
import { answer, must, run } from '../run.mjs';
import { say } from './say.mjs';

function lockedVersion() {
  const lock = readFileSync(join(ROOT, 'Cargo.lock'), 'utf8');
  return /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock)[1];
}

/** Paths of `wasm-bindgen` and `wasm-bindgen-test-runner`, installed into the cache if need be. */
export async function bindgenTools() {
  const version = lockedVersion();
  const tools = cacheFolder('tools');
  const programs = {
    bindgen: join(tools, 'bin', 'wasm-bindgen'),
    testRunner: join(tools, 'bin', 'wasm-bindgen-test-runner'),
  };
  if (answer(programs.bindgen, ['--version'])?.endsWith(` ${version}`)) return programs;
  say(`cargo install wasm-bindgen-cli ${version}`, 'makes JavaScript modules of the engines; about 3 minutes, once');
  const args = ['install', 'wasm-bindgen-cli', '--version', version, '--root', tools, '--force'];
  // The tool's own lock file may name crates that a mirror lacks; then the newest compatible ones do.
  const locked = await run('cargo', [...args, '--locked'], { quiet: true });
  if (locked.code !== 0) await must('installing wasm-bindgen-cli', 'cargo', args);
  return programs;
}
