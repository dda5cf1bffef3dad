/**
 * `npm run screenshots`: pictures of every view of the built page into screenshots/<look>/, to be looked at. With `--docs`, the
 * pictures of README and docs/ as well. The sample is the same every time, so that pictures can be compared.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from '../../scripts/paths.mjs';
import { serve } from '../../scripts/server.mjs';
import { browser as paths } from '../../scripts/setup/chromium.mjs';
import { FLAGS } from '../support/flags.mjs';

/** Wide and narrow, light and dark, both languages. */
const LOOKS = {
  'wide-light-en': { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'en-GB' },
  'wide-dark-en': { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'en-GB' },
  'narrow-light-zh': { viewport: { width: 360, height: 740 }, colorScheme: 'light', locale: 'zh-CN' },
  'narrow-dark-zh': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'zh-CN' },
  'huge-light-zh': { viewport: { width: 2560, height: 1300 }, colorScheme: 'light', locale: 'zh-CN' },
};
const PATIENCE = 120_000;
/** A small log with something wrong in it, for the steps that the sample skips. */
const LOG = [
  'user,item,category,behavior,time',
  ...Array.from(
    { length: 90 },
    (_, n) => `u${n % 5},i${n},c${n % 4},${n % 9 ? 'pv' : 'buy'},${1_700_000_000 + n * 9000}`,
  ),
  'u1,i1,c1,pv,never',
  '',
].join('\n');

/** Goes through the page and calls `view` with the name of each view. */
async function walk(page, view) {
  const at = (testid) => page.locator(`[data-testid="${testid}"]`);
  const radio = (group, value) =>
    at(group)
      .locator('label', { has: page.locator(`input[value="${value}"]`) })
      .click();
  const step = (name) => page.locator(`main[data-step=${name}]`).waitFor();
  const drawn = async () => {
    for (const chart of ['evolution', 'transfer']) {
      await page.locator(`[data-testid="${chart}"][aria-busy=false]`).waitFor();
    }
  };
  await page.locator('main[data-engine=ready]').waitFor();
  await view('start');
  await at('file-input').setInputFiles({ name: 'log.csv', mimeType: 'text/csv', buffer: Buffer.from(LOG) });
  await step('columns');
  await view('columns');
  await at('read-log').click();
  await step('quality');
  await view('quality');
  await at('start-over').click();
  await at('start-over-confirm').click();
  await page.locator('main[data-step=start][data-engine=ready]').waitFor();
  await at('try-sample').click();
  await step('interest');
  await drawn();
  await view('interest');
  await radio('evolution-shape', 'stream');
  await view('streamgraph');
  await radio('evolution-shape', 'heat');
  await radio('evolution-view', 'table');
  await view('table');
  await at('evolution-table').locator('tbody button').first().click();
  await radio('evolution-view', 'chart');
  await at('evolution-help').locator('summary').first().click();
  await drawn();
  await view('selection');
  await at('clear-selection').click();
  await at('find-segments').click();
  await at('segment-list').waitFor();
  await view('segments');
  await at('publish').click();
  await radio('publish-method', 'noise');
  await view('publish');
  await page.keyboard.press('Escape');
  await at('user-find').click();
  await at('user-list').locator('button').first().waitFor();
  await view('search');
  await at('user-list').locator('button').nth(1).click();
  await at('near-table').waitFor();
  await at('person-ready').click();
  await at('person-forecast').locator('canvas').first().waitFor();
  await drawn();
  await view('user');
  await at('step-training').click();
  await at('estimate').locator('dl').waitFor();
  await view('models');
  await radio('train-engine', 'cpu');
  await at('train-epochs').fill('2');
  await at('train-epochs').blur();
  await at('train').click();
  await at('comparison').waitFor();
  await view('comparison');
  await at('go-forecast').click();
  await at('forecast-headline').waitFor();
  await view('forecast');
}

/** Calls `take` with each view of one look, once its charts stand still. */
async function look(chrome, address, options, take) {
  const context = await chrome.newContext({ ...options, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.goto(address);
  await walk(page, async (name) => {
    await page.evaluate(() => window.scrollTo(0, 0));
    // Two frames: one for the page, one for the charts.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await take(page, name);
  });
  await context.close();
}

/** What README and docs/ show of these. */
const PICTURES = [
  { file: 'interest.png', look: 'wide-light-en', view: 'interest' },
  { file: 'interest-dark.png', look: 'wide-dark-en', view: 'interest' },
  { file: 'selection.png', look: 'wide-light-en', view: 'selection' },
  { file: 'user.png', look: 'wide-light-en', view: 'user' },
];

/** @param {string[]} args */
export async function screenshots(args) {
  const { chromium: executablePath } = await paths();
  const { address, close } = await serve(join(ROOT, 'www', 'dist'), { port: 0 });
  const chrome = await chromium.launch({ executablePath, args: FLAGS });
  try {
    for (const [name, options] of Object.entries(LOOKS)) {
      const folder = join(ROOT, 'screenshots', name);
      mkdirSync(folder, { recursive: true });
      await look(chrome, address, options, async (page, view) => {
        await page.screenshot({ path: join(folder, `${view}.png`), fullPage: true });
        console.log(`screenshots/${name}/${view}.png`);
        const picture = PICTURES.find((one) => one.look === name && one.view === view);
        if (args.includes('--docs') && picture) {
          await page.screenshot({
            path: join(ROOT, 'docs', 'pictures', picture.file),
            fullPage: picture.view !== 'interest',
          });
        }
      });
    }
  } finally {
    await chrome.close();
    await close();
  }
}
