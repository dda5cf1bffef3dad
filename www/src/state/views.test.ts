import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FIRST_VIEW } from './view';

/** A browser's history with an address, as far as the page uses it. */
class FakeHistory {
  entries: { state: unknown; address: string }[] = [{ state: null, address: '/' }];
  at = 0;
  listeners: ((event: { state: unknown }) => void)[] = [];

  pushState(state: unknown, _: string, address: string): void {
    this.entries = [...this.entries.slice(0, this.at + 1), { state, address }];
    this.at += 1;
  }
  replaceState(state: unknown, _: string, address: string): void {
    this.entries[this.at] = { state, address };
  }
  go(by: number): void {
    this.at = Math.max(0, Math.min(this.entries.length - 1, this.at + by));
    for (const listener of this.listeners) listener({ state: this.entries[this.at]?.state });
  }
  back(): void {
    this.go(-1);
  }
  get address(): string {
    return this.entries[this.at]?.address ?? '';
  }
}

/** The store and the history anew, with the steps of the page as they are gone through. */
async function setUp(hash = '') {
  vi.resetModules();
  const browser = new FakeHistory();
  const location = { pathname: '/', search: '', origin: 'https://host', hash };
  vi.stubGlobal('history', browser);
  vi.stubGlobal('location', location);
  vi.stubGlobal('window', {
    addEventListener: (_: string, listener: FakeHistory['listeners'][number]) => browser.listeners.push(listener),
  });
  const { views } = await import('./views.svelte');
  const { followHistory, pushStep } = await import('./history');
  const steps: string[] = [];
  views.open(location.hash);
  followHistory((target) => {
    steps.push(target.step);
    views.restore(target);
  });
  return { views, pushStep, browser, steps };
}

const first = { ...FIRST_VIEW, timeZone: 'Asia/Shanghai' };

describe('the views', () => {
  beforeEach(() => void vi.unstubAllGlobals());
  afterEach(() => void vi.unstubAllGlobals());

  it('are undone and redone step by step, and a new change ends the redoing', async () => {
    const { views, pushStep } = await setUp();
    pushStep('interest');
    views.begin(first, 1, false);
    views.change({ domain: 'tea' });
    views.change({ window: 3 });
    views.undo();
    expect([views.now.domain, views.now.window]).toEqual(['tea', null]);
    views.undo();
    expect([views.now.domain, views.canUndo, views.canRedo]).toEqual([null, false, true]);
    views.redo();
    views.redo();
    expect([views.now.domain, views.now.window, views.canRedo]).toEqual(['tea', 3, false]);
    views.undo();
    views.change({ log: true });
    expect([views.now.window, views.canRedo]).toEqual([null, false]);
  });

  it('are entries of the browser: back and forward move through them, and the address is a link', async () => {
    const { views, pushStep, browser } = await setUp();
    pushStep('interest');
    views.begin(first, 1, false);
    views.change({ domain: 'tea' });
    views.change({ domain: 'cups' });
    expect(browser.address).toContain('d=cups');
    browser.back();
    expect([views.now.domain, browser.address.includes('d=tea')]).toEqual(['tea', true]);
    browser.back();
    expect(views.now.domain).toBeNull();
    browser.go(2);
    expect(views.now.domain).toBe('cups');
  });

  it('undo goes back in the browser, too, so that its back button does not do it twice', async () => {
    const { views, pushStep, browser } = await setUp();
    pushStep('interest');
    views.begin(first, 1, false);
    views.change({ domain: 'tea' });
    const { at } = browser;
    views.undo();
    expect([browser.at, views.now.domain]).toEqual([at - 1, null]);
    views.redo();
    expect([browser.at, views.now.domain]).toEqual([at, 'tea']);
  });

  it('leave the steps of the page where they are', async () => {
    const { views, pushStep, browser, steps } = await setUp();
    pushStep('quality');
    pushStep('interest');
    views.begin(first, 1, false);
    views.change({ domain: 'tea' });
    pushStep('training');
    // A change elsewhere, such as of the window's length, is an own step of undoing, but not of the browser.
    views.change({ length: 'day' });
    expect(browser.address).toBe('#training');
    browser.back();
    browser.back();
    browser.back();
    expect(steps).toEqual(['interest', 'interest', 'quality']);
  });

  it('take typing in one field for one change', async () => {
    const { views } = await setUp();
    views.begin(first, 1, false);
    for (const find of ['t', 'te', 'tea']) views.change({ find }, 'find');
    views.change({ log: true });
    views.change({ find: 'teapot' }, 'find');
    views.undo();
    views.undo();
    expect(views.now.find).toBe('tea');
    views.undo();
    expect([views.now.find, views.canUndo]).toEqual(['', false]);
  });

  it('begin anew with another log: entries of the old one mean nothing', async () => {
    const { views, pushStep, browser } = await setUp();
    pushStep('interest');
    views.begin(first, 1, false);
    views.change({ domain: 'tea' });
    views.begin(first, 2, true);
    views.change({ domain: 'cups' });
    browser.go(-2);
    expect(views.now.domain).toBe('cups');
    expect(views.link).toMatch(/^https:\/\/host\/#interest\?sample&w=week&tz=Asia%2FShanghai&d=cups$/);
  });

  it('open as a link asked, once a log is there', async () => {
    const { views } = await setUp('#interest?sample&w=day&tz=UTC&d=tea&m=events');
    expect(views.linked?.sample).toBe(true);
    views.begin(first, 1, true);
    expect(views.now).toMatchObject({ length: 'day', timeZone: 'UTC', domain: 'tea', measure: 'events', user: null });
    expect([views.linked, views.canUndo]).toEqual([null, false]);
  });
});
