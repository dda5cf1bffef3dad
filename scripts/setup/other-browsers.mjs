// Firefox and WebKitGTK, in which the main path is tested, too. Where one cannot be installed its tests are skipped.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../paths.mjs';
import { answer, Failure, run } from '../run.mjs';
import { aptInstall } from './apt.mjs';
import { given, onPath } from './find.mjs';
import { say } from './say.mjs';

const WHY = 'the main path is tested in it, too';
const GECKODRIVER = '0.37.1';
const LIBRARIES = '/usr/lib';

/**
 * geckodriver as `cargo install` leaves it in the cache; null where it is not there.
 *
 * @returns {string | null}
 */
function builtGeckodriver() {
  const path = join(cacheFolder('tools'), 'bin', 'geckodriver');
  return answer(path, ['--version'])?.startsWith(`geckodriver ${GECKODRIVER}`) ? path : null;
}

/**
 * WebKitGTK's plain browser, which lies beside the library; null where it is not there.
 *
 * @returns {string | null}
 */
function miniBrowser() {
  const folders = existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : [];
  const paths = folders.flatMap((folder) =>
    ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((name) => join(LIBRARIES, folder, name, 'MiniBrowser')),
  );
  return paths.find((path) => existsSync(path)) ?? null;
}

/**
 * The programs of each browser that are there, null for those that are not. WebKitGTK has no mode without a display, hence
 * `display`, the X server in memory.
 */
export const programs = {
  firefox: () => ({
    browser: given('FIREFOX') ?? onPath(['firefox-esr', 'firefox']),
    driver: given('GECKODRIVER') ?? onPath(['geckodriver']) ?? builtGeckodriver(),
  }),
  webkit: () => ({
    browser: given('WEBKIT_BROWSER') ?? miniBrowser(),
    driver: given('WEBKIT_DRIVER') ?? onPath(['WebKitWebDriver']),
    display: given('XVFB') ?? onPath(['Xvfb']),
  }),
};

async function installGeckodriver() {
  say(`cargo install geckodriver ${GECKODRIVER}`, 'drives Firefox; some 3 minutes, once');
  const root = ['--root', cacheFolder('tools'), '--force'];
  const args = ['install', 'geckodriver', '--version', GECKODRIVER, '--locked', ...root];
  const { code, output } = await run('cargo', args, { quiet: true });
  if (code !== 0) throw new Failure(`cargo install geckodriver failed: ${output.trim().split('\n').pop()}`);
}

const installers = {
  firefox: async ({ browser, driver }) => {
    if (!browser) await aptInstall(['firefox-esr'], WHY);
    if (!driver) await installGeckodriver();
  },
  webkit: () => aptInstall(['webkit2gtk-driver', 'xvfb'], WHY),
};

const missing = (found) => Object.keys(found).filter((name) => found[name] === null);

/** Installs what a browser lacks; resolves to why that cannot be, null where all is there. */
async function obstacle(name) {
  try {
    const found = programs[name]();
    if (missing(found).length > 0) await installers[name](found);
    const still = missing(programs[name]());
    return still.length > 0 ? `${name}: no ${still.join(', no ')} after the installation` : null;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return `${name}: ${thrown.message}`;
  }
}

/** Finds or installs the other browsers: what stands in the way of using each, null where nothing does. */
export async function otherBrowsers() {
  return { firefox: await obstacle('firefox'), webkit: await obstacle('webkit') };
}
