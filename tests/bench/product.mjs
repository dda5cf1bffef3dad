/** The sparse product and its gradient, natively and in the CPU engine, against burn's scattering and the memory's speed. */
import { chromium } from 'playwright-core';
import { buildProbe, probeFolder } from '../../scripts/engines.mjs';
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

/** @param {number} rounds */
export async function product(rounds) {
  const native = await nativeSide();
  await buildProbe('cpu', await wasmToolchain(), await bindgenTools());
  const server = await serve(probeFolder('cpu'));
  const browser = await chromium.launch({ executablePath: (await system()).chromium, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}sparse.js`);
    const inBrowser = (/** @type {string} */ subject) =>
      page.evaluate(async (name) => {
        const module = await import(new URL('sparse.js', document.baseURI).href);
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
  }
}
