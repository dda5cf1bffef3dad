/** What a browser has to fetch for each engine. */
import { ENGINES, engineSizes } from '../../scripts/engines.mjs';

/** @returns {Promise<import('./run.mjs').Result[]>} */
export async function engineSize() {
  return Object.keys(ENGINES).flatMap((engine) => {
    const sizes = Object.entries(engineSizes(engine));
    return sizes.map(([name, bytes]) => ({
      work: 'engine-size',
      subject: `${engine} ${name}`,
      median: bytes,
      unit: 'bytes',
      rounds: 1,
      checked: bytes <= ENGINES[engine].budget || name === 'raw',
    }));
  });
}
