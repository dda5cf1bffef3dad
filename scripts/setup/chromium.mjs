// The browser that the tests drive.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from '../run.mjs';
import { aptInstall } from './apt.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const WHY = 'the tests run in a real browser; CHROMIUM and CHROMEDRIVER name others';

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    if (found) return found;
  }
  return null;
}

function given(variable) {
  const path = process.env[variable];
  if (path && !existsSync(path)) throw new Failure(`${variable} names ${path}, which does not exist`);
  return path || null;
}

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
