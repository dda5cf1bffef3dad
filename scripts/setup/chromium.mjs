// The browser that most tests drive.
import { aptInstall } from './apt.mjs';
import { given, onPath } from './find.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const WHY = 'the tests run in a real browser; CHROMIUM and CHROMEDRIVER name others';

/** Paths of Chromium and of chromedriver: from the environment, found, or installed from Debian. */
export async function browser() {
  const find = () => ({
    chromium: given('CHROMIUM') ?? onPath(BROWSERS),
    chromedriver: given('CHROMEDRIVER') ?? onPath(['chromedriver']),
  });
  const found = find();
  if (found.chromium && found.chromedriver) return found;
  await aptInstall(['chromium', 'chromium-driver'], WHY);
  return find();
}
