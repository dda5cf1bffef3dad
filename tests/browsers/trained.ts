/** One small training on the sample, run wherever the package runs, so that its results can be compared. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The body of `trained`: resolves to the trained network and its forecast as text. */
const TRAINED = `async () => {
  const driftscope = await create({ engines: ['cpu'] });
  await driftscope.loadSample({ users: 60, days: 40, seed: 7 });
  const window = { length: 'week', timeZone: 'UTC' };
  await driftscope.train({ window, models: ['dnn'], seed: 1, epochs: 1, engine: 'cpu' });
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await driftscope.saveModels()));
  const forecast = await driftscope.forecast({ kind: 'everyone' }, 'dnn');
  driftscope.dispose();
  return JSON.stringify({ hash: [...hash], forecast });
}`;

/** A page beside a copy of the package in `driftscope/`, with the global function `trained`. */
export const TRAINED_IN_PAGE = `<!doctype html><title>trained</title><script type="module">
  import { create } from './driftscope/index.js';
  globalThis.trained = ${TRAINED};
</script>`;

/** The same in Node, with the package's module at `path`. */
export async function trainedBy(path: string): Promise<string> {
  const script = `import { create } from ${JSON.stringify(path)}; process.stdout.write(await (${TRAINED})());`;
  const args = ['--input-type=module', '--eval', script];
  return (await promisify(execFile)(process.execPath, args, { timeout: 60_000, maxBuffer: 1e8 })).stdout;
}
