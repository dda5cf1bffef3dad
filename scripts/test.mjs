// `npm test`: sets up, builds, then runs every test and lint. The last line counts them; any failure makes the exit code 1.
// `npm test -- --only rust,eslint` runs only these stages.
import { Failure, main } from './run.mjs';
import { bindgenTools } from './setup/bindgen.mjs';
import { browser } from './setup/chromium.mjs';
import { nodeModules } from './setup/node-modules.mjs';
import { otherBrowsers } from './setup/other-browsers.mjs';
import { wasmToolchain } from './setup/wasm-toolchain.mjs';
import { lastLine, single, sum } from './test/counts.mjs';
import { STAGES } from './test/stages.mjs';

function stagesAsked(args) {
  const at = args.indexOf('--only');
  if (at < 0) return STAGES;
  const names = (args[at + 1] ?? '').split(',');
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) throw new Failure(`--only takes some of ${STAGES.map((stage) => stage.name).join(',')}`);
  return STAGES.filter((stage) => names.includes(stage.name));
}

/** Runs one stage; whatever it throws is printed and counts as one failed test. */
async function counted(stage, context) {
  try {
    return await stage.run(context);
  } catch (thrown) {
    console.error(thrown instanceof Failure ? `driftscope: ${thrown.message}` : thrown);
    return single(false);
  }
}

const setUp = {
  name: 'set-up',
  run: async (context) => {
    context.toolchain = await wasmToolchain();
    await nodeModules();
    context.tools = await bindgenTools();
    context.browser = await browser();
    context.others = await otherBrowsers();
    return sum([]);
  },
};

await main(async (args) => {
  const context = {};
  const lines = [];
  const all = [];
  const failed = new Set();
  for (const stage of [setUp, ...stagesAsked(args)]) {
    console.log(`\n=== ${stage.name}`);
    const start = performance.now();
    const missing = [setUp.name, ...(stage.needs ?? [])].find((name) => failed.has(name));
    if (missing) console.log(`skipped: needs ${missing}, which failed or was skipped`);
    const counts = missing ? { passed: 0, failed: 0, skipped: 1 } : await counted(stage, context);
    if (missing || counts.failed > 0) failed.add(stage.name);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    lines.push(`${stage.name.padEnd(14)} ${seconds.padStart(7)} s   ${lastLine(counts)}`);
    all.push(counts);
  }
  const total = sum(all);
  console.log(`\n${lines.join('\n')}\n\n${lastLine(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
});
