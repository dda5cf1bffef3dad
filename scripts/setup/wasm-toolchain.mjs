// The compiler for wasm32-unknown-unknown: rustup's where it has or gets the target, else Debian's with the standard
// library built from source.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../paths.mjs';
import { answer, Failure, run } from '../run.mjs';
import { aptInstall } from './apt.mjs';
import { say } from './say.mjs';

const TARGET = 'wasm32-unknown-unknown';
/** How long `rustup target add` may take: without a way to its server it would hang for minutes. */
const RUSTUP_SECONDS = 20;
const DEBIAN_PACKAGES = ['rustc-web', 'cargo-web', 'rust-web-src', 'lld-19'];

/**
 * The choice is remembered beside the build results, which are warm for one compiler only; so rustup is not asked each
 * time either. `npm run setup -- --retry` chooses anew.
 */
const memory = () => join(cacheFolder('tools'), 'wasm-compiler');

function rustVersion() {
  const version = answer('rustc', ['--version']);
  if (version === null || answer('cargo', ['--version']) === null) {
    throw new Failure('Rust is not installed: get it from https://rustup.rs, then run this again');
  }
  return version;
}

function rustupHasTarget() {
  const folder = answer('rustc', ['--print', 'target-libdir', '--target', TARGET]);
  return folder !== null && existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('libstd-'));
}

async function rustupAddsTarget() {
  if (answer('rustup', ['--version']) === null) return false;
  say(`rustup target add ${TARGET}`, `the engines are WebAssembly; gives up after ${RUSTUP_SECONDS} s`);
  const { code } = await run('rustup', ['target', 'add', TARGET], { quiet: true, seconds: RUSTUP_SECONDS });
  if (code === 0 && rustupHasTarget()) return true;
  say("rustup could not add it, so Debian's compiler is used", '`npm run setup -- --retry` tries again');
  return false;
}

async function choose(remembered) {
  if (remembered === 'rustup' && rustupHasTarget()) return 'rustup';
  if (remembered === 'debian') return 'debian';
  return rustupHasTarget() || (await rustupAddsTarget()) ? 'rustup' : 'debian';
}

/**
 * Finds or installs the compiler and resolves to `{ name, cargo, args, env }`: the cargo to call, and the arguments and
 * environment that its build and test commands need.
 */
export async function wasmToolchain({ retry = false } = {}) {
  const version = rustVersion();
  const remembered = !retry && existsSync(memory()) ? readFileSync(memory(), 'utf8').trim() : null;
  const choice = await choose(remembered);
  if (choice === 'debian') {
    await aptInstall(DEBIAN_PACKAGES, 'compiler and linker for WebAssembly, since rustup has no such target here');
  }
  if (choice !== remembered) writeFileSync(memory(), `${choice}\n`);
  if (choice === 'rustup') return { name: `rustup, ${version}`, cargo: 'cargo', args: ['--target', TARGET], env: {} };
  return {
    name: `Debian, ${answer('/usr/bin/rustc', ['--version'])}`,
    cargo: '/usr/bin/cargo',
    // Debian ships no compiled standard library for this target. -Zbuild-std is unstable, hence RUSTC_BOOTSTRAP.
    args: ['-Zbuild-std=std,panic_abort', '--target', TARGET],
    env: {
      RUSTC_BOOTSTRAP: '1',
      RUSTC: '/usr/bin/rustc',
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: 'wasm-ld-19',
    },
  };
}
