import type { CleaningOptions, ModelReport, QualityReport, TrainingReport } from 'driftscope';
import { describe, expect, it } from 'vitest';
import { compareReports, copyCleaning, countChanges } from './cleaning';
import { toFailure } from './failure';
import { keepPreferences, readPreferences } from './preferences';
import { Task } from './task.svelte';
import { verdictOf } from './verdict';

const cleaning = {
  rules: { exact_duplicate: true, bot_rate: true },
  timeRange: null,
  maxEventsPerMinute: 60,
  minEventsPerUser: 1,
  minEventsPerItem: 1,
  missingDomain: 'auto',
  kindWeights: { view: 1 },
} as unknown as CleaningOptions;

describe('cleaning', () => {
  it('counts every setting that differs', () => {
    const draft = copyCleaning(cleaning);
    expect(countChanges(cleaning, draft)).toBe(0);
    draft.rules.bot_rate = false;
    draft.kindWeights.view = 2;
    draft.timeRange = [0, 10];
    expect(countChanges(cleaning, draft)).toBe(3);
    expect(cleaning.rules.bot_rate).toBe(true);
  });

  it('compares two reports number by number', () => {
    const report = (events: number): QualityReport =>
      ({
        rowsAccepted: events,
        rowsRejected: 100 - events,
        summary: { events, users: 2, items: 3, domains: 4 },
      }) as QualityReport;
    const rows = compareReports(report(60), report(70));
    expect(rows.find((row) => row.measure === 'rejected')).toEqual({ measure: 'rejected', before: 40, after: 30 });
    expect(rows.find((row) => row.measure === 'users')).toEqual({ measure: 'users', before: 2, after: 2 });
  });
});

describe('toFailure', () => {
  it('keeps an error of the package, and takes anything else for a crash with its own words', () => {
    const place = { file: 'a.csv', line: 3, column: null };
    expect(toFailure(Object.assign(new Error('m'), { code: 'damaged', detail: { place } }))).toEqual({
      code: 'damaged',
      message: 'm',
      detail: { place },
    });
    expect(toFailure(new TypeError('boom'))).toEqual({ code: 'crashed', message: 'boom', detail: {} });
    expect(toFailure({ code: 'no such code' }).code).toBe('crashed');
    expect(toFailure(new DOMException('', 'AbortError')).code).toBe('cancelled');
  });
});

describe('Task', () => {
  it('hands back the value and is ready for the next', async () => {
    const task = new Task();
    expect(await task.run(() => Promise.resolve(7))).toBe(7);
    expect(task.running).toBe(false);
  });

  it('keeps a failure, and tells a cancel from a failure', async () => {
    const task = new Task();
    await task.run(() => Promise.reject(Object.assign(new Error(), { code: 'empty', detail: {} })));
    expect(task.failure?.code).toBe('empty');
    const running = task.run(
      ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(Object.assign(new Error(), { code: 'cancelled', detail: {} }))),
        ),
    );
    task.cancel();
    await running;
    expect([task.failure, task.cancelled, task.running]).toEqual([null, true, false]);
  });

  it('runs one call at a time', async () => {
    const task = new Task();
    const first = task.run(() => Promise.resolve(1));
    expect(await task.run(() => Promise.resolve(2))).toBeUndefined();
    expect(await first).toBe(1);
  });
});

describe('preferences', () => {
  const storage = (): {
    kept: string | null;
    getItem: () => string | null;
    setItem: (key: string, value: string) => void;
  } => ({
    kept: null,
    getItem() {
      return this.kept;
    },
    setItem(_key, value) {
      this.kept = value;
    },
  });

  it('follow the browser until something is chosen', () => {
    expect(readPreferences(null, ['fr', 'zh-TW', 'en'])).toEqual({ locale: 'zh', theme: 'system' });
    expect(readPreferences(null, ['fr'])).toEqual({ locale: 'en', theme: 'system' });
  });

  it('are remembered, and survive a storage that holds something else', () => {
    const own = storage();
    keepPreferences(own, { locale: 'zh', theme: 'dark' });
    expect(readPreferences(own, ['en'])).toEqual({ locale: 'zh', theme: 'dark' });
    own.kept = '{"locale":"xx","theme":7';
    expect(readPreferences(own, ['en'])).toEqual({ locale: 'en', theme: 'system' });
  });
});

describe('verdictOf', () => {
  const report = (low: number, high: number): TrainingReport =>
    ({
      best: 'dnn',
      models: [
        { model: 'decay_prior', trained: false, gain: null },
        { model: 'dnn', trained: true, gain: { difference: (low + high) / 2, low, high, baseline: 'decay_prior' } },
      ] as ModelReport[],
    }) as TrainingReport;

  it('is yes, no or a tie, as the interval lies', () => {
    expect(verdictOf(report(0.01, 0.03)).kind).toBe('yes');
    expect(verdictOf(report(-0.03, -0.01)).kind).toBe('no');
    expect(verdictOf(report(-0.01, 0.03)).kind).toBe('tie');
  });

  it('says so when nothing was trained', () => {
    const untrained = { ...report(0, 0), models: report(0, 0).models.slice(0, 1) };
    expect(verdictOf(untrained)).toEqual({ kind: 'none', baseline: 'decay_prior' });
  });
});
