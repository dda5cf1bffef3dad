// The whole build: engines and package into web/dist, the page into www/dist.
import { buildEngine, checkBudget } from './engines.mjs';
import { must } from './run.mjs';
import { bindgenTools } from './setup/bindgen.mjs';
import { nodeModules } from './setup/node-modules.mjs';
import { wasmToolchain } from './setup/wasm-toolchain.mjs';

/** Sets up what is missing, then builds the engines that are named, the package and the page. */
export async function assemble(engines) {
  const toolchain = await wasmToolchain();
  await nodeModules();
  const tools = await bindgenTools();
  for (const engine of engines) await buildEngine(engine, toolchain, tools);
  await buildPackages();
  engines.forEach(checkBudget);
}

/** The JavaScript around the engines: the package, then the page on it. */
export async function buildPackages() {
  await must('building the package', 'npm', ['run', 'build', '-w', 'web']);
  await must('building the page', 'npm', ['run', 'build', '-w', 'www']);
}
