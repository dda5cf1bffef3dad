import { describe, expect, it } from 'vitest';
import { createFormat } from './format';

const english = createFormat('en');
const chinese = createFormat('zh');
const CHRISTMAS = Date.UTC(2024, 11, 25, 23, 30) / 1000;

describe('createFormat', () => {
  it('writes numbers as the locale does', () => {
    expect(english.integer(1_192_907)).toBe('1,192,907');
    expect(chinese.compact(24_000)).toBe('2.4万');
    expect(english.signed(0.0194, 3)).toBe('+0.019');
    expect(english.signed(0, 3)).toBe('0.000');
    expect(english.percent(0.4549)).toBe('45.5%');
  });

  it('writes a dash for what is not a number', () => {
    for (const text of [
      english.integer(NaN),
      english.fixed(Infinity, 2),
      english.day(NaN, 'UTC'),
      english.span(NaN, 0, 'UTC'),
    ])
      expect(text).toBe('–');
  });

  it('picks a unit that suits the size', () => {
    expect(english.bytes(802)).toBe('802 bytes');
    expect(english.bytes(4_200_000)).toBe('4.2 MB');
    expect(english.duration(14)).toBe('14s');
    expect(chinese.duration(14)).toBe('14秒');
  });

  it('counts days in the given time zone', () => {
    expect(english.day(CHRISTMAS, 'UTC')).toBe('25 Dec 2024');
    expect(english.day(CHRISTMAS, 'Asia/Shanghai')).toBe('26 Dec 2024');
    expect(chinese.day(CHRISTMAS, 'UTC')).toBe('2024年12月25日');
  });

  it('names a window by its first and last day, not by the day after', () => {
    const start = Date.UTC(2025, 2, 3) / 1000;
    expect(english.span(start, start + 7 * 86_400, 'UTC')).toMatch(/^3.+9 Mar 2025$/);
    expect(english.span(start, start + 86_400, 'UTC')).toBe('3 Mar 2025');
  });

  it('keeps the things of a list apart in either language', () => {
    expect(createFormat('en').list(['a', 'b', 'c'])).toBe('a, b and c');
    expect(createFormat('zh').list(['Coffee', 'Tea', 'Cups'])).toBe('Coffee、Tea和Cups');
  });
});
