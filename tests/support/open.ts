/** The page, opened for the tests of one file or group. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { UserPage } from './page';
import { serve, type StaticServer } from './server';
import { sharedBrowser } from './shared-browser';

/**
 * Opens the page before the first test and closes it after the last. `use` gets the page and the server that it came from;
 * `base`: path under which it is served.
 */
export function openPage(use: (user: UserPage, server: StaticServer) => void, base?: string): void {
  let server: StaticServer | undefined;
  let browser: Browser | undefined;
  let user: UserPage | undefined;
  beforeAll(async () => {
    server = await serve(undefined, base);
    browser = await sharedBrowser();
    user = await UserPage.open(browser, server.address);
    use(user, server);
  });
  afterAll(async () => {
    await user?.close();
    await browser?.close();
    await server?.close();
  });
}
