// Building the engines: the wasm-bindgen crate in `web/`, once for each backend, into `web/dist/<engine>/`.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, ROOT, targetFolder } from './paths.mjs';
import { must } from './run.mjs';
import { sizesOf, textOf } from './sizes.mjs';

const MB = 1e6;

/**
 * The engines. `features`: of the crate; `budget`: what the compressed file may not exceed, in bytes. The CPU engine is
 * fetched by everyone before anything works, so its budget is tight: what scripts/first-load.mjs allows, less the page.
 */
export const ENGINES = {
  cpu: { profile: 'release-cpu', features: 'cpu', budget: 1.48 * MB },
  webgpu: { profile: 'release-webgpu', features: 'webgpu', budget: 4.0 * MB },
};

/** Flags of every engine: without SIMD the CPU engine is three times slower. Changing them makes the cache cold. */
export const RUSTFLAGS = '-C target-feature=+simd128';

const wasmOf = (engine) => join(ROOT, 'web', 'dist', engine, 'driftscope_web_bg.wasm');

/** The environment in which cargo works on an engine. */
export function engineEnvironment(engine, toolchain) {
  return { ...toolchain.env, RUSTFLAGS, CARGO_TARGET_DIR: targetFolder(engine) };
}

/** Compiles `what` of the wasm-bindgen crate for an engine; the path of cargo's results. */
async function compile(engine, toolchain, what) {
  const { profile, features } = ENGINES[engine];
  const env = engineEnvironment(engine, toolchain);
  const args = ['build', '-p', 'driftscope-web', ...what, '--profile', profile, '--no-default-features'];
  const more = ['--features', features, '--locked', ...toolchain.args];
  await must(`building the ${engine} engine`, toolchain.cargo, [...args, ...more], { env });
  return join(env.CARGO_TARGET_DIR, 'wasm32-unknown-unknown', profile);
}

/** Makes the JavaScript module of a compiled file in the folder `out`. */
async function bind(engine, { bindgen }, wasm, out) {
  mkdirSync(out, { recursive: true });
  const options = ['--target', 'web', '--remove-name-section', '--remove-producers-section', '--out-dir', out];
  await must(`wasm-bindgen on the ${engine} engine`, bindgen, [...options, wasm]);
}

/** Compiles one engine and makes its JavaScript module. */
export async function buildEngine(engine, toolchain, tools) {
  const results = await compile(engine, toolchain, []);
  await bind(engine, tools, join(results, 'driftscope_web.wasm'), join(ROOT, 'web', 'dist', engine));
}

/** Where `buildProbe` puts the module `sparse.js`. */
export const probeFolder = (engine) => join(cacheFolder(engine), 'probe');

/**
 * Compiles the example `sparse` of the wasm-bindgen crate for an engine: checks and timings that the engine itself does not
 * export. An example and not a test, since tests would compile all dependencies once more.
 */
export async function buildProbe(engine, toolchain, tools) {
  const results = await compile(engine, toolchain, ['--example', 'sparse']);
  await bind(engine, tools, join(results, 'examples', 'sparse.wasm'), probeFolder(engine));
}

/** Sizes of an engine's wasm file in bytes: as it is, and as hosts send it. */
export const engineSizes = (engine) => sizesOf(readFileSync(wasmOf(engine)));

/** Whether an engine has been compiled before, so that compiling it again takes seconds. */
export function isWarm(engine) {
  const { profile } = ENGINES[engine];
  return existsSync(join(targetFolder(engine), 'wasm32-unknown-unknown', profile, 'driftscope_web.wasm'));
}

/** Prints an engine's sizes; tells whether it keeps to its budget. */
export function isWithinBudget(engine) {
  const sizes = engineSizes(engine);
  const { budget } = ENGINES[engine];
  const within = sizes.gzip <= budget;
  const verdict = `budget: gzip ${(budget / MB).toFixed(2)} MB${within ? '' : ', exceeded'}`;
  console.log(`engine ${engine}: ${textOf(sizes)} (${verdict})`);
  return within;
}
