/** Starts one browser for all test files; they connect to it with `sharedBrowser`. */
import { chromium, type Browser } from 'playwright-core';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { launchOptions } from './browser';

declare module 'vitest' {
  interface ProvidedContext {
    browserAddress: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await chromium.launchServer(launchOptions());
  project.provide('browserAddress', server.wsEndpoint());
  return () => server.close();
}

/** The browser that all test files share. */
export function sharedBrowser(): Promise<Browser> {
  return chromium.connect(inject('browserAddress'));
}
