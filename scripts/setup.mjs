// `npm run setup`: installs what building and testing need. Does nothing where all is there.
import { CACHE } from './paths.mjs';
import { main } from './run.mjs';
import { bindgenTools } from './setup/bindgen.mjs';
import { browser } from './setup/chromium.mjs';
import { nodeModules } from './setup/node-modules.mjs';
import { otherBrowsers, programs } from './setup/other-browsers.mjs';
import { wasmToolchain } from './setup/wasm-toolchain.mjs';

await main(async (args) => {
  const toolchain = await wasmToolchain({ retry: args.includes('--retry') });
  await nodeModules();
  const { bindgen } = await bindgenTools();
  const { chromium, chromedriver } = await browser();
  console.log(`WebAssembly compiler  ${toolchain.name}`);
  console.log(`wasm-bindgen          ${bindgen}`);
  console.log(`Chromium              ${chromium}, ${chromedriver}`);
  for (const [name, obstacle] of Object.entries(await otherBrowsers())) {
    const found = obstacle ? `none: ${obstacle}` : Object.values(programs[name]()).join(', ');
    console.log(`${name.padEnd(22)}${found}`);
  }
  console.log(`cache                 ${CACHE}`);
});
