/** Rounds that alternate between the subjects, so that a machine that slows down slows all of them down. */

/** @typedef {import('./run.mjs').Result} Result */

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

/**
 * Measures all subjects once to warm up, then `rounds` times in turn.
 *
 * @param {{ work: string, unit: string, rounds: number }} what
 * @param {Record<string, () => Promise<{ value: number, right: boolean }>>} subjects By name; `right`: whether the result
 *   that was timed is correct.
 * @returns {Promise<Result[]>}
 */
export async function alternate({ work, unit, rounds }, subjects) {
  /** @type {Map<string, { value: number, right: boolean }[]>} */
  const measured = new Map(Object.keys(subjects).map((subject) => [subject, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [subject, once] of Object.entries(subjects)) {
      const one = await once();
      if (round > 0) measured.get(subject)?.push(one);
    }
  }
  return [...measured].map(([subject, all]) => ({
    work,
    subject,
    median: Number(median(all.map(({ value }) => value)).toPrecision(4)),
    unit,
    rounds,
    checked: all.every(({ right }) => right),
  }));
}
