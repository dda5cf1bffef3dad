/** One training step of the network on the page's sample: gradients, update, and the loss read back. */
import { engineSide } from './engine-side.mjs';
import { nativeSide } from './native.mjs';
import { alternate } from './rounds.mjs';

const SAMPLE = { users: 2000, days: 100, seed: 7 };

/** @param {number} rounds */
export async function trainStep(rounds) {
  const native = await nativeSide();
  const { page, close } = await engineSide(['cpu', 'webgpu']);
  /** @type {Record<string, number>} */
  const events = {};
  for (const engine of /** @type {const} */ (['cpu', 'webgpu'])) {
    const report = await page.evaluate(
      ([name, sample]) => window.bench.request(name, 'loadSample', { sample }),
      /** @type {const} */ ([engine, SAMPLE]),
    );
    events[engine] = report.summary.events;
  }
  /** @param {'cpu' | 'webgpu'} engine */
  const inBrowser = (engine) => async () => {
    const value = await page.evaluate(
      (name) =>
        window.bench.request(name, 'measure', {
          train: { window: { length: 'week', timeZone: 'UTC' }, models: ['dnn'], seed: 1, engine: name },
        }),
      engine,
    );
    return { value, right: value > 0 && events[engine] === events.native };
  };
  try {
    return await alternate(
      { work: 'train-step', unit: 'ms', rounds },
      {
        native: async () => {
          const { milliseconds, events: count } = native('train-step', ...Object.values(SAMPLE).map(String));
          events.native = count;
          return { value: milliseconds, right: milliseconds > 0 };
        },
        cpu: inBrowser('cpu'),
        webgpu: inBrowser('webgpu'),
      },
    );
  } finally {
    await close();
  }
}
