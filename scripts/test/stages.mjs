// What `npm test` runs, in this order. A stage resolves to its counts; `needs` names stages without which it makes no
// sense, and which must not have failed or been left out for that reason.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackages } from '../assemble.mjs';
import { buildEngine, buildProbe, engineEnvironment, ENGINES, isWithinBudget } from '../engines.mjs';
import { isFirstLoadWithinBudget } from '../first-load.mjs';
import { arePartsWithinBudget } from '../package-sizes.mjs';
import { targetFolder } from '../paths.mjs';
import { run } from '../run.mjs';
import { cargoCounts, single, sum, vitestCounts } from './counts.mjs';

const native = () => ({ env: { CARGO_TARGET_DIR: targetFolder('native') } });

/** A stage that is one program, right when it ends with 0. */
const check = (name, program, args, { options = () => ({}), ...rest } = {}) => ({
  name,
  ...rest,
  run: async () => single((await run(program, args, options())).code === 0),
});

/** A stage that is one workspace's vitest, with further arguments; `other` names a browser that it needs besides Chromium. */
const vitest = (name, folder, { args: more = [], other = null, ...rest } = {}) => ({
  name,
  ...rest,
  run: async ({ browser, others }) => {
    if (other && others[other]) {
      console.log(`skipped: ${others[other]}`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    const scratch = mkdtempSync(join(tmpdir(), 'driftscope-test-'));
    const report = join(scratch, 'report.json');
    const args = [
      'vitest',
      'run',
      '--root',
      folder,
      ...more,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ];
    const env = { CHROMIUM: browser.chromium, CARGO_TARGET_DIR: targetFolder('native') };
    const { code } = await run('npx', ['--no-install', ...args], { env });
    const counts = vitestCounts(report, code);
    rmSync(scratch, { recursive: true });
    return counts;
  },
});

const rustTests = {
  name: 'rust',
  run: async () => {
    const args = ['test', '--workspace', '--locked', '--no-fail-fast', '--', '--show-output'];
    const { code, output } = await run('cargo', args, native());
    return cargoCounts(output, code);
  },
};

const engines = Object.keys(ENGINES).map((engine) => ({
  name: `engine-${engine}`,
  run: async ({ toolchain, tools }) => {
    await buildEngine(engine, toolchain, tools);
    return single(true);
  },
}));

const probes = Object.keys(ENGINES).map((engine) => ({
  name: `probe-${engine}`,
  needs: [`engine-${engine}`],
  run: async ({ toolchain, tools }) => {
    await buildProbe(engine, toolchain, tools);
    return single(true);
  },
}));

const wasmTests = {
  name: 'wasm',
  needs: ['engine-cpu'],
  run: async ({ toolchain, tools, browser }) => {
    const env = {
      ...engineEnvironment('cpu', toolchain),
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: tools.testRunner,
      CHROMEDRIVER: browser.chromedriver,
    };
    // Not the examples in docs: rustdoc may be of another version than this compiler.
    const args = ['test', '-p', 'driftscope-web', '--tests', '--profile', ENGINES.cpu.profile, '--locked'];
    const { code, output } = await run(toolchain.cargo, [...args, ...toolchain.args], { env });
    return cargoCounts(output, code);
  },
};

/** What dependencies may be. Advisories are looked up by those who have the network: `cargo deny check advisories`. */
const deny = {
  name: 'cargo-deny',
  run: async () => {
    if ((await run('cargo', ['deny', '--version'], {})).code !== 0) {
      console.log('skipped: cargo-deny is not installed (cargo install cargo-deny)');
      return { passed: 0, failed: 0, skipped: 1 };
    }
    const args = ['deny', '--locked', 'check', 'bans', 'licenses', 'sources'];
    return single((await run('cargo', args, {})).code === 0);
  },
};

export const STAGES = [
  check('rustfmt', 'cargo', ['fmt', '--all', '--check']),
  check('clippy', 'cargo', ['clippy', '--workspace', '--all-targets', '--locked', '--', '-D', 'warnings'], {
    options: native,
  }),
  rustTests,
  deny,
  ...engines,
  {
    name: 'sizes',
    needs: ['engine-cpu', 'engine-webgpu'],
    run: async () => sum(Object.keys(ENGINES).map((engine) => single(isWithinBudget(engine)))),
  },
  {
    name: 'packages',
    needs: ['engine-cpu'],
    run: async () => {
      await buildPackages();
      return single(true);
    },
  },
  // Whether the package that npm packs resolves, and with types, for every kind of importer.
  check('package-lint', 'npm', ['run', 'lint:package', '-w', 'web'], { needs: ['packages', 'engine-webgpu'] }),
  {
    name: 'package-sizes',
    needs: ['packages', 'engine-webgpu'],
    run: async () => single(await arePartsWithinBudget()),
  },
  {
    name: 'first-load',
    needs: ['packages', 'engine-webgpu'],
    run: async () => single(isFirstLoadWithinBudget()),
  },
  // The reference is made from the types each time and not kept, so that it cannot be outdated; what is public and not
  // documented, or a link that leads nowhere, fails.
  check('api-reference', 'npm', ['run', 'docs']),
  check('types-web', 'npm', ['run', 'typecheck', '-w', 'web']),
  check('types-www', 'npm', ['run', 'check', '-w', 'www'], { needs: ['packages'] }),
  check('types-tests', 'npm', ['run', 'typecheck', '-w', 'tests'], { needs: ['packages'] }),
  check('eslint', 'npx', ['--no-install', 'eslint', '.', '--max-warnings', '0'], { needs: ['packages'] }),
  check('prettier', 'npx', ['--no-install', 'prettier', '--check', '--log-level', 'warn', '.']),
  vitest('unit-scripts', 'scripts'),
  vitest('unit-web', 'web'),
  vitest('unit-www', 'www', { needs: ['packages'] }),
  wasmTests,
  // What the tests compare the engines with. Compiled on its own, since alone it has other features than the workspace, which
  // from nothing takes longer than a test may.
  check('native-peer', 'cargo', ['build', '--locked', '-p', 'driftscope', '--bin', 'evaluate'], { options: native }),
  // What the tests of single operations run on the engines.
  ...probes,
  vitest('end-to-end', 'tests', {
    args: ['--exclude', 'browsers/**'],
    needs: ['packages', 'engine-webgpu', 'native-peer', 'probe-cpu', 'probe-webgpu'],
  }),
  ...['firefox', 'webkit'].map((other) =>
    vitest(other, 'tests', { args: [`browsers/${other}`], other, needs: ['packages'] }),
  ),
];
