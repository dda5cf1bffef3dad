/** Chromium as the tests drive it: the one of the system, found by `CHROMIUM` or on the path. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { FLAGS, WEBGPU_FLAGS } from './flags.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of the browser; an error that says what to do where there is none. */
export function chromiumPath(): string {
  const given = process.env.CHROMIUM;
  if (given) return given;
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  }
  throw new Error('no Chromium found: install it (Debian: apt install chromium) or name it with CHROMIUM');
}

export function launchOptions({ webgpu = false } = {}): LaunchOptions {
  return { executablePath: chromiumPath(), args: webgpu ? WEBGPU_FLAGS : FLAGS };
}

/** A browser of one's own, with WebGPU. */
export function launchWebgpu(): Promise<Browser> {
  return chromium.launch(launchOptions({ webgpu: true }));
}
