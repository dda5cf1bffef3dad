// The whole build: engines and package into web/dist, the page into www/dist.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildEngine, ENGINES, isWithinBudget } from './engines.mjs';
import { ROOT } from './paths.mjs';
import { must } from './run.mjs';
import { bindgenTools } from './setup/bindgen.mjs';
import { nodeModules } from './setup/node-modules.mjs';
import { wasmToolchain } from './setup/wasm-toolchain.mjs';

/**
 * Sets up what is missing, then builds the engines that are named, the package and the page. Engines that are not named are
 * taken out of the package, since they may come from other sources.
 */
export async function assemble(engines) {
  const toolchain = await wasmToolchain();
  await nodeModules();
  const tools = await bindgenTools();
  for (const engine of Object.keys(ENGINES)) {
    if (!engines.includes(engine)) rmSync(join(ROOT, 'web', 'dist', engine), { recursive: true, force: true });
  }
  for (const engine of engines) await buildEngine(engine, toolchain, tools);
  await buildPackages();
  engines.forEach(isWithinBudget);
}

/** The JavaScript around the engines: the package, then the page on it. */
export async function buildPackages() {
  await must('building the package', 'npm', ['run', 'build', '-w', 'web']);
  await must('building the page', 'npm', ['run', 'build', '-w', 'www']);
}
