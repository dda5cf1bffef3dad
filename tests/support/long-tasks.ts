/** How long the page could not answer: long tasks, as the browser itself observes them. */
import { availableParallelism, loadavg } from 'node:os';
import type { Page } from 'playwright-core';

/** What the interface may take to answer, in milliseconds. */
export const ANSWERS_WITHIN = 100;

/** The same on this machine now: one that does much else besides interrupts every task. */
export function allowance(): number {
  return ANSWERS_WITHIN * ((loadavg()[0] ?? 0) > 1.5 * availableParallelism() ? 3 : 1);
}

/** Begins to note long tasks (of more than 50 ms) in the page. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noted: number[] = [];
    new PerformanceObserver((list) => noted.push(...list.getEntries().map(({ duration }) => duration))).observe({
      entryTypes: ['longtask'],
    });
    Object.assign(globalThis, { longTasks: noted });
  });
}

/** Durations of the long tasks since the last call, in milliseconds, longest first. */
export async function longTasks(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    // Entries arrive after the task that they are about.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { longTasks: noted } = globalThis as unknown as { longTasks: number[] };
    return noted.splice(0).sort((a, b) => b - a);
  });
}

/** Seconds of processor time that the page's own thread has used: what else the machine does is not in it. */
export async function threadClock(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  };
}
