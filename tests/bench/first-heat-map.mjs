/** From dropping the year of Complete Journey on the page to its heat map: what a person waits. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ROOT } from '../../scripts/paths.mjs';
import { serve } from '../../scripts/server.mjs';
import { browser as system } from '../../scripts/setup/chromium.mjs';
import { FLAGS } from '../support/flags.mjs';
import { completeJourney, ROWS } from './logs.mjs';
import { alternate } from './rounds.mjs';

/** @param {number} rounds */
export async function firstHeatMap(rounds) {
  const files = completeJourney();
  if (!files) return [];
  const { address, close } = await serve(join(ROOT, 'www', 'dist'));
  const { chromium: executablePath } = await system();
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const once = async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    await page.goto(address);
    await page.locator('main[data-engine=ready]').waitFor();
    const begin = performance.now();
    await page.locator('[data-testid=file-input]').setInputFiles(files);
    await page.locator('[data-testid=read-log]:enabled').click();
    await page.locator('main[data-step=quality]').waitFor({ timeout: 300_000 });
    const rows = await page.locator('[data-testid=rows-read]').innerText();
    await page.locator('[data-testid=go-interest]').click();
    await page.locator('[data-testid=evolution][aria-busy=false] canvas').first().waitFor();
    const value = (performance.now() - begin) / 1000;
    await page.close();
    return { value, right: rows.trim() === ROWS.toLocaleString('en-GB') };
  };
  try {
    return await alternate({ work: 'first-heat-map', unit: 's', rounds }, { page: once });
  } finally {
    await browser.close();
    await close();
  }
}
