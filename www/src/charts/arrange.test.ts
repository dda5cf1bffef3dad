import { describe, expect, it } from 'vitest';
import { evolution } from '../fixtures/results';
import { arrangeDomains, centre, movers, ranksOf, slope } from './arrange';

const names = (rows: { name: string }[]): string[] => rows.map((row) => row.name);

describe('arrangeDomains', () => {
  it('orders by size, by trend and by the time of the peak', () => {
    expect(names(arrangeDomains(evolution(), 3, 'size', 'Others'))).toEqual(['Falling', 'Rising', 'Peaking']);
    expect(names(arrangeDomains(evolution(), 3, 'trend', 'Others'))).toEqual(['Rising', 'Peaking', 'Falling']);
    expect(names(arrangeDomains(evolution(), 3, 'peak', 'Others'))).toEqual(['Falling', 'Peaking', 'Rising']);
  });

  it('sums up the rest, so that the shares of every window still make 1', () => {
    const rows = arrangeDomains(evolution(), 1, 'size', 'Others');
    expect(names(rows)).toEqual(['Falling', 'Others']);
    expect(rows[1]?.id).toBeNull();
    expect([...(rows[1]?.weights ?? [])]).toEqual([10, 50, 40, 50]);
    for (let window = 0; window < 4; window += 1) {
      expect(rows.reduce((sum, row) => sum + (row.shares[window] ?? 0), 0)).toBeCloseTo(1, 12);
    }
  });

  it('keeps the others last in every order and leaves them out where there are none', () => {
    for (const order of ['size', 'trend', 'peak'] as const) {
      expect(names(arrangeDomains(evolution(), 2, order, 'Others')).at(-1)).toBe('Others');
      expect(names(arrangeDomains(evolution(), 9, order, 'Others'))).not.toContain('Others');
    }
  });

  it('keeps the rank by size, which decides the colour', () => {
    const rising = arrangeDomains(evolution(), 3, 'trend', 'Others')[0];
    expect(rising?.rank).toBe(1);
    expect(ranksOf(evolution()).get(3)).toBe(1);
    expect(ranksOf(null).size).toBe(0);
  });
});

describe('the choice of domains', () => {
  it('takes those with a part of the name, in either case, and sums up the rest', () => {
    const rows = arrangeDomains(evolution(), 9, 'size', 'Others', { find: ' ING' });
    expect(names(rows)).toEqual(['Falling', 'Rising', 'Peaking']);
    expect(names(arrangeDomains(evolution(), 9, 'size', 'Others', { find: 'ris' }))).toEqual(['Rising', 'Others']);
    expect(names(arrangeDomains(evolution(), 9, 'size', 'Others', { find: 'none' }))).toEqual(['Others']);
  });

  it('keeps what is selected, however small', () => {
    const rows = arrangeDomains(evolution(), 1, 'size', 'Others', { keep: ['Peaking', 'unknown'] });
    expect(names(rows)).toEqual(['Falling', 'Peaking', 'Others']);
  });
});

describe('movers', () => {
  it('finds what rises and what falls most', () => {
    expect(movers(evolution())).toEqual({ rising: 'Rising', falling: 'Falling' });
  });

  it('leaves out a last window that the log does not fill', () => {
    const last = evolution();
    const windows = last.windows.bounds.length - 1;
    // One day in which all turned to what had been falling.
    last.domains.forEach(
      ({ name }, index) => (last.shares[index * windows + windows - 1] = name === 'Falling' ? 1 : 0),
    );
    expect(movers({ ...last, windows: { ...last.windows, lastPartial: false } }).rising).toBe('Falling');
    expect(movers({ ...last, windows: { ...last.windows, lastPartial: true } })).toEqual({
      rising: 'Rising',
      falling: 'Falling',
    });
  });

  it('finds nothing in a single window', () => {
    const single = {
      ...evolution(),
      windows: { bounds: Float64Array.from([0, 1]), lastPartial: false },
      shares: Float64Array.from([0.5, 0.3, 0.2]),
    };
    expect(movers(single)).toEqual({ rising: null, falling: null });
  });
});

describe('slope and centre', () => {
  it('recover a straight line and its middle', () => {
    expect(slope([1, 3, 5, 7])).toBeCloseTo(2, 12);
    expect(slope([4])).toBe(0);
    expect(centre([0, 0, 1])).toBe(2);
  });
});
