import { describe, expect, it } from 'vitest';
import { alternate, median } from './rounds.mjs';

describe('median', () => {
  it('is the middle value, or between the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe('alternate', () => {
  it('takes turns, leaves the warm-up out, and passes on what was not right', async () => {
    const turns: string[] = [];
    let rising = 0;
    const results = await alternate(
      { work: 'some', unit: 'ms', rounds: 3 },
      {
        a: () => Promise.resolve({ value: (turns.push('a'), (rising += 1)), right: true }),
        b: () => Promise.resolve({ value: (turns.push('b'), 7), right: turns.length !== 4 }),
      },
    );
    expect(turns.join('')).toBe('abababab');
    expect(results.map(({ subject, median: middle, checked }) => [subject, middle, checked])).toEqual([
      ['a', 3, true],
      ['b', 7, false],
    ]);
  });
});
