import { describe, expect, it } from 'vitest';
import { inspection, plan } from '../fixtures/results';
import { byWords, columnState, kindsOf, obstacles, sourcesOf, withChange, withRole } from './plans';

describe('withChange', () => {
  it('adds to what was changed before', () => {
    expect(withChange({ hasHeader: true }, { timeFormat: 'text' })).toEqual({ hasHeader: true, timeFormat: 'text' });
  });

  it('forgets the roles when the file falls into other columns', () => {
    expect(withChange({ columns: plan().columns }, { delimiter: ';' })).toEqual({ delimiter: ';' });
    expect(withChange({ columns: plan().columns }, { timeZone: 'UTC' })).toHaveProperty('columns');
  });
});

describe('withRole', () => {
  it('moves a role, so that one column holds it', () => {
    expect(withRole(plan(), 1, 'user').map((column) => column.role)).toEqual(['ignore', 'user', 'time']);
  });

  it('lets many columns be unread', () => {
    const once = withRole(plan(), 0, 'ignore');
    expect(withRole(plan({ columns: once }), 1, 'ignore').map((column) => column.role)).toEqual([
      'ignore',
      'ignore',
      'time',
    ]);
  });
});

describe('obstacles', () => {
  const without = (role: string): ReturnType<typeof inspection> =>
    inspection({ columns: plan().columns.filter((column) => column.role !== role) });

  it('are none for a plan that suffices', () => {
    expect(obstacles([inspection()])).toEqual([]);
  });

  it('name what is missing', () => {
    expect(obstacles([without('user')])).toEqual([{ code: 'needUser', file: 0 }]);
    expect(obstacles([without('time')])).toEqual([{ code: 'needTime', file: 0 }]);
    expect(obstacles([without('item')])).toEqual([{ code: 'needThing', file: 0 }]);
    expect(obstacles([inspection({ table: 'items' })])).toEqual([{ code: 'needEvents' }]);
  });

  it('are told once where several files have the same', () => {
    const both = [without('user'), without('user')];
    const told = byWords(obstacles(both), both, (obstacle) => obstacle.code);
    expect(told).toEqual([['needUser', both.map(({ plan: { name } }) => name)]]);
  });

  it('stop a log whose times do not parse', () => {
    expect(obstacles([inspection({}, 0)])).toEqual([{ code: 'badTimes', file: 0, parsed: 0, seen: 200 }]);
    expect(obstacles([inspection({}, 150)])).toEqual([]);
  });
});

describe('sourcesOf', () => {
  it('finds the file of each table, entries of an archive included', () => {
    const files = ['a.csv', 'b.zip', 'a.csv'].map((name) => ({ name }));
    const named = ['a.csv', 'b.zip/x.csv', 'b.zip/y.csv', 'a.csv'].map((name) => inspection({ name }));
    expect(sourcesOf(files, named)).toEqual([0, 1, 1, 2]);
    expect(
      sourcesOf([{ name: 'a.csv' }, { name: 'a.csv' }], [inspection({ name: 'a.csv' }), inspection({ name: 'a.csv' })]),
    ).toEqual([0, 1]);
  });
});

describe('columnState', () => {
  it('judges by how many cells parse', () => {
    const stats = (parsed: number): { parsed: number; empty: number } => ({ parsed, empty: 0 });
    expect(columnState('time', stats(200), 200)).toBe('good');
    expect(columnState('time', stats(150), 200)).toBe('warn');
    expect(columnState('time', stats(0), 200)).toBe('bad');
    expect(columnState('ignore', stats(0), 200)).toBe('unused');
  });
});

describe('kindsOf', () => {
  it('adds up the parts of a log, most frequent first', () => {
    const part = (count: number): ReturnType<typeof inspection> => ({
      ...inspection(),
      kinds: [
        { word: 'buy', kind: 'purchase', count: 3 },
        { word: 'pv', kind: 'view', count },
      ],
    });
    expect(kindsOf([part(10), part(20)])).toEqual([
      { word: 'pv', kind: 'view', count: 30 },
      { word: 'buy', kind: 'purchase', count: 6 },
    ]);
  });
});
