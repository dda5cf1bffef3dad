import type { UserRow } from 'driftscope';
import { describe, expect, it } from 'vitest';
import { changed, FIRST_VIEW, fromQuery, highlightOf, toQuery, transferWindows, type View } from './view';

const user = { id: 4, name: 'ann', events: 9 } as UserRow;

describe('a view as a link', () => {
  const views: Partial<View>[] = [
    {},
    { length: 'days28', timeZone: 'Asia/Shanghai', halfLife: 4, weighKinds: false },
    { length: 14 * 86_400, shape: 'stream', measure: 'events', log: true, order: 'similar', top: 80, find: 'tea & co' },
    { domain: '咖啡=?&#', window: 3 },
    { domain: '' },
    { flow: { from: 'a b', to: '<c>' }, between: { from: 2, to: 9 }, flowTop: 60, flowLeast: 0.01 },
  ];

  it('is read as it was written', () => {
    for (const view of views) {
      const whole = { ...FIRST_VIEW, ...view };
      expect({ ...FIRST_VIEW, ...fromQuery(toQuery(whole)) }).toEqual(whole);
    }
  });

  it('never names a user', () => {
    const query = toQuery({ ...FIRST_VIEW, user, domain: 'tea' });
    expect(query).not.toMatch(/ann|user/);
    expect(fromQuery(`${query}&user=4`)).not.toHaveProperty('user');
  });

  it('leaves out what cannot be', () => {
    expect(fromQuery('w=year&tz=Nowhere&hl=3&m=colour&n=7&x=-1&xx=9-2&fl=2&o=size()&ft=1e9&q=')).toEqual({});
    expect(fromQuery('w=0')).toEqual({});
    expect(fromQuery('%%%&w=day')).toEqual({ length: 'day' });
  });
});

describe('a change of the view', () => {
  it('selects a domain or a flow, a window or two', () => {
    const flow = changed({ ...FIRST_VIEW, domain: 'a' }, { flow: { from: 'a', to: 'b' } });
    expect([flow.domain, highlightOf(flow).domains]).toEqual([null, ['a', 'b']]);
    expect(changed(flow, { domain: 'c' }).flow).toBeNull();
    const pair = changed({ ...FIRST_VIEW, window: 1 }, { between: { from: 0, to: 4 } });
    expect([pair.window, highlightOf(pair).windows]).toEqual([null, [0, 4]]);
    expect(changed(pair, { window: 2 }).between).toBeNull();
    expect(changed(pair, { domain: 'a' }).between).toEqual({ from: 0, to: 4 });
  });

  it('lets go of windows when they are numbered anew', () => {
    const view = { ...FIRST_VIEW, window: 3, domain: 'a' };
    expect(changed(view, { length: 'day' })).toMatchObject({ window: null, domain: 'a' });
    expect(changed(view, { timeZone: 'Asia/Tokyo' }).window).toBeNull();
    expect(changed(view, { length: 'day', window: 5 }).window).toBe(5);
    expect(changed(view, { measure: 'events' }).window).toBe(3);
  });

  it('shows what moved into the window that is selected', () => {
    expect(transferWindows({ ...FIRST_VIEW, window: 3 })).toEqual({ from: 2, to: 3 });
    expect(transferWindows({ ...FIRST_VIEW, window: 0 })).toBeNull();
    expect(transferWindows({ ...FIRST_VIEW, between: { from: 1, to: 5 } })).toEqual({ from: 1, to: 5 });
  });
});
