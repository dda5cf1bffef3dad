/** Firefox and WebKitGTK as the tests drive them: by WebDriver, with what the set-up found or installed. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { DriverService } from 'selenium-webdriver/remote';
import { programs } from '../../scripts/setup/other-browsers.mjs';

export type BrowserName = 'firefox' | 'webkit';

export interface DrivenBrowser {
  driver: WebDriver;
  close: () => Promise<void>;
}

/** What a browser's tests lack here, as a line that says so; null where all is there. */
export function lacking(name: BrowserName): string | null {
  const absent = Object.entries(programs[name]()).filter(([, path]) => path === null);
  return absent.length > 0 ? `skipped: ${name} has no ${absent.map(([what]) => what).join(', no ')} here` : null;
}

/** Starts an X server that draws into memory; resolves to its display. */
async function screen(program: string): Promise<{ display: string; close: () => void }> {
  const server = spawn(program, ['-displayfd', '3', '-screen', '0', '1500x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const chosen = server.stdio[3] as Readable;
  const number = await new Promise<string>((resolve, reject) => {
    chosen.once('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
    server.once('exit', () => reject(new Error(`${program} ended before it had a display`)));
  });
  return { display: `:${number}`, close: () => void server.kill() };
}

function capabilities(name: BrowserName, binary: string): Capabilities {
  if (name === 'webkit') {
    const options = { binary, args: ['--automation'] };
    return new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options });
  }
  const prefs = {
    // Nothing that a browser asks for on its own may be taken for what the page asked for.
    'app.update.enabled': false,
    'intl.accept_languages': 'en-GB',
    'network.captive-portal-service.enabled': false,
    // The tests' server is on this machine, where WebRTC does not look otherwise.
    'media.peerconnection.ice.loopback': true,
  };
  const options = { binary, args: ['-headless'], prefs };
  return new Capabilities({ browserName: 'firefox', 'moz:firefoxOptions': options });
}

/** Environment of WebKitGTK's driver. Its sandbox needs namespaces, which root in a container has not. */
const webkitEnvironment = (display: string): Record<string, string> => ({
  DISPLAY: display,
  LANG: 'en_GB.UTF-8',
  ...(process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' } : {}),
});

/** Starts a browser with an empty profile. */
export async function launch(name: BrowserName): Promise<DrivenBrowser> {
  const found: Record<string, string | null> = programs[name]();
  const { browser = null, driver: program = null, display: server = null } = found;
  if (browser === null || program === null) throw new Error(lacking(name) ?? '');
  const display = server ? await screen(server) : null;
  const environment = {
    ...(process.env as Record<string, string>),
    ...(display && webkitEnvironment(display.display)),
  };
  const service = new DriverService.Builder(program).setLoopback(true).setEnvironment(environment).build();
  try {
    const address = await service.start();
    const driver = await new Builder().usingServer(address).withCapabilities(capabilities(name, browser)).build();
    await driver.manage().window().setRect({ width: 1440, height: 950 });
    const close = async (): Promise<void> => {
      await driver.quit();
      await service.kill();
      display?.close();
    };
    return { driver, close };
  } catch (thrown) {
    await service.kill();
    display?.close();
    throw thrown;
  }
}
