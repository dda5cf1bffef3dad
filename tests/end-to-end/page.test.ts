/** What holds for every step: languages, appearance, keyboard, accessibility, narrow screens, and silence on the network. */
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserPage } from '../support/page';
import { serve, type StaticServer } from '../support/server';
import { sharedBrowser } from '../support/shared-browser';

let server: StaticServer;
let browser: Browser;

beforeAll(async () => {
  server = await serve();
  browser = await sharedBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Goes through all steps, with a file and with the sample, and calls `look` in each. */
async function walk(user: UserPage, look: (step: string) => Promise<void>): Promise<void> {
  await look('start');
  const rows = Array.from({ length: 60 }, (_, n) => `u${n % 5},i${n},c${n % 3},pv,${1_700_000_000 + n * 4000}`);
  const file = ['user,item,category,behavior,time', ...rows, 'u1,i1,c1,pv,never', ''].join('\n');
  await user.at('file-input').setInputFiles({ name: 'log.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await user.reached('columns');
  await look('columns');
  await user.click('read-log');
  await user.reached('quality');
  await look('quality of a file');
  await user.click('start-over');
  await look('start over');
  await user.click('start-over-confirm');
  await user.reached('start');
  await user.page.locator('main[data-engine=ready]').waitFor();
  await user.click('try-sample');
  await user.reached('interest');
  await user.settled('evolution');
  await look('interest');
  await user.choose('evolution-view', 'table');
  await user.choose('transfer-view', 'table');
  await look('interest as tables');
  await user.click('user-find');
  await user.at('user-list').waitFor();
  await look('search of a user');
  await user.page.keyboard.press('Escape');
  await user.click('step-quality');
  await user.reached('quality');
  await look('quality');
  await user.click('step-training');
  await user.reached('training');
  await user.at('estimate').locator('dl').waitFor();
  await look('training');
  await user.train(1);
  await look('comparison');
  await user.click('go-forecast');
  await user.at('forecast-headline').waitFor();
  await look('forecast');
}

describe('accessibility', () => {
  for (const [colorScheme, locale] of [
    ['light', 'en-GB'],
    ['dark', 'zh-CN'],
  ] as const) {
    it(`axe finds nothing in any step (${colorScheme}, ${locale})`, async () => {
      const user = await UserPage.open(browser, server.address, { colorScheme, locale, reducedMotion: 'reduce' });
      const found: string[] = [];
      await walk(user, async (step) => {
        const { violations } = await new AxeBuilder({ page: user.page }).analyze();
        for (const { id, nodes } of violations)
          found.push(`${step}: ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
      });
      expect(found).toEqual([]);
      await user.close();
    });
  }

  it('goes from the start to a user’s interest by keyboard alone', async () => {
    const user = await UserPage.open(browser, server.address);
    const { page } = user;
    const focused = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
    const tabTo = async (testid: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        if ((await focused()) === testid) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${testid} cannot be reached by Tab`);
    };
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('skip');
    await page.keyboard.press('Enter');
    await tabTo('try-sample');
    await page.keyboard.press('Enter');
    await user.reached('interest');
    // The new step's heading has the focus, so that Tab goes on from there.
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await tabTo('user-find');
    await page.keyboard.press('Enter');
    await user.at('user-list').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => user.at('user-dialog').isVisible()).toBe(false);
    expect(await focused()).toBe('user-find');
    // A group of radio buttons is one stop; arrows choose within it.
    await page.locator('input[name=evolution-view]:checked').focus();
    await page.keyboard.press('ArrowRight');
    await user.at('evolution-table').waitFor();
    await user.close();
  });
});

describe('languages and appearance', () => {
  it('follows the browser, can be switched, and remembers it', async () => {
    const user = await UserPage.open(browser, server.address, { locale: 'zh-CN' });
    const { page } = user;
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
    const chinese = await page.locator('h1').innerText();
    expect(chinese).toMatch(/\p{Script=Han}/u);
    await user.at('language').selectOption('en');
    const english = await page.locator('h1').innerText();
    expect(english).not.toMatch(/\p{Script=Han}/u);
    await page.reload();
    await page.locator('main[data-engine=ready]').waitFor();
    expect(await page.locator('h1').innerText()).toBe(english);
    await user.close();
  });

  it('leaves no English sentence in the Chinese page', async () => {
    const user = await UserPage.open(browser, server.address, { locale: 'zh-CN' });
    const found: string[] = [];
    await walk(user, async (step) => {
      const texts = await user.page.locator('main').evaluate((main) => {
        const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
        const own: string[] = [];
        while (walker.nextNode()) own.push((walker.currentNode.textContent ?? '').trim());
        return own;
      });
      // Names out of the log have up to two words; three in a row are a sentence that nobody translated.
      for (const text of texts) if (/[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}/.test(text)) found.push(`${step}: ${text}`);
    });
    expect(found).toEqual([]);
    await user.close();
  });

  it('is light or dark as the system is, or as chosen', async () => {
    const user = await UserPage.open(browser, server.address, { colorScheme: 'dark' });
    const brightness = (): Promise<number> =>
      user.page.evaluate(() => {
        const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        if (!canvas) throw new Error('no canvas');
        canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
        return (red + green + blue) / 3;
      });
    expect(await brightness()).toBeLessThan(60);
    await user.at('theme').selectOption('light');
    expect(await brightness()).toBeGreaterThan(200);
    await user.page.emulateMedia({ colorScheme: 'light' });
    await user.at('theme').selectOption('dark');
    expect(await brightness()).toBeLessThan(60);
    await user.close();
  });
});

describe('narrow screens', () => {
  for (const locale of ['en-GB', 'zh-CN']) {
    it(`have no horizontal scroll at 360 pixels in any step (${locale})`, async () => {
      const user = await UserPage.open(browser, server.address, { locale, viewport: { width: 360, height: 740 } });
      const wide: string[] = [];
      await walk(user, async (step) => {
        // Charts follow their boxes a frame or more after these change.
        const fits = (): boolean => document.documentElement.scrollWidth <= window.innerWidth;
        await user.page.waitForFunction(fits, undefined, { timeout: 3000 }).catch(() => undefined);
        const over = await user.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) wide.push(`${step}: ${over} px`);
      });
      expect(wide).toEqual([]);
      await user.close();
    });
  }
});

describe('the network', () => {
  it('is not used once the page is there', async () => {
    const user = await UserPage.open(browser, server.address);
    await user.page.waitForLoadState('networkidle');
    await user.page.locator('main[data-offline=ready]').waitFor();
    const asked: string[] = [];
    user.context.on('request', (request) => {
      if (/^(https?|wss?):/.test(request.url())) asked.push(request.url());
    });
    server.forget();
    await walk(user, () => Promise.resolve());
    expect(server.arrived).toEqual([]);
    expect(asked).toEqual([]);
    await user.close();
  });

  it('lets nothing through to another host', async () => {
    const other = await serve();
    /** Tries to send in three ways; what comes back says nothing, only what arrives counts. */
    const send = (address: string): Promise<void> =>
      new Promise((done) => {
        navigator.sendBeacon(`${address}beacon`, 'x');
        const image = new Image();
        image.onload = image.onerror = () => {
          void fetch(`${address}fetch`, { mode: 'no-cors' })
            .catch(() => undefined)
            .then(() => done());
        };
        image.src = `${address}image`;
      });
    const user = await UserPage.open(browser, server.address);
    await user.page.evaluate(send, other.address);
    expect(other.arrived).toEqual([]);
    // From a document of the same host that has no policy, the same arrives.
    const control = await user.context.newPage();
    await control.goto(`${server.address}licenses.md`);
    await control.evaluate(send, other.address);
    await expect.poll(() => [...other.arrived].sort()).toEqual(['GET /fetch', 'GET /image', 'POST /beacon']);
    await user.close();
    await other.close();
  });
});
