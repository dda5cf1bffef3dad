/** The sparse product and its gradient, natively and in the CPU engine, against burn's scattering and the memory's speed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { engineEnvironment, ENGINES } from '../../scripts/engines.mjs';
import { must } from '../../scripts/run.mjs';
import { serve } from '../../scripts/server.mjs';
import { bindgenTools } from '../../scripts/setup/bindgen.mjs';
import { browser as system } from '../../scripts/setup/chromium.mjs';
import { wasmToolchain } from '../../scripts/setup/wasm-toolchain.mjs';
import { FLAGS } from '../support/flags.mjs';
import { nativeSide } from './native.mjs';
import { alternate } from './rounds.mjs';

const SUBJECTS = {
  '': 'product',
  ", burn's select and scatter": 'scatter',
  ', its bytes through a STREAM triad': 'memory',
};

/** Builds the module of the CPU engine that holds nothing but this work, as JavaScript in `folder`. @param {string} folder */
async function buildModule(folder) {
  const toolchain = await wasmToolchain();
  const { bindgen } = await bindgenTools();
  const env = engineEnvironment('cpu', toolchain);
  const { profile } = ENGINES.cpu;
  const args = ['build', '-p', 'driftscope-web', '--example', 'product', '--profile', profile, '--locked'];
  await must('building the product', toolchain.cargo, [...args, ...toolchain.args], { env, quiet: true });
  const wasm = join(env.CARGO_TARGET_DIR, 'wasm32-unknown-unknown', profile, 'examples', 'product.wasm');
  await must('wasm-bindgen on the product', bindgen, ['--target', 'web', '--out-dir', folder, wasm], { quiet: true });
}

/** @param {number} rounds */
export async function product(rounds) {
  const native = await nativeSide();
  const scratch = mkdtempSync(join(tmpdir(), 'driftscope-bench-'));
  await buildModule(scratch);
  const server = await serve(scratch);
  const browser = await chromium.launch({ executablePath: (await system()).chromium, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}product.js`);
    const inBrowser = (/** @type {string} */ subject) =>
      page.evaluate(async (name) => {
        const module = await import(new URL('product.js', document.baseURI).href);
        await module.default();
        return await module.measure(name);
      }, subject);
    /** @type {Record<string, () => Promise<{ value: number, right: boolean }>>} */
    const subjects = {};
    for (const [name, subject] of Object.entries(SUBJECTS)) {
      subjects[`native${name}`] = async () => {
        const { milliseconds, right } = native('product', subject);
        return { value: milliseconds, right };
      };
      subjects[`cpu${name}`] = async () => {
        const value = await inBrowser(subject);
        return { value, right: value > 0 };
      };
    }
    return await alternate({ work: 'spmm', unit: 'ms', rounds }, subjects);
  } finally {
    await browser.close();
    await server.close();
    rmSync(scratch, { recursive: true });
  }
}
