/** Numbers, dates, sizes and durations as a locale writes them. */

export type Locale = 'en' | 'zh';

/** BCP 47 tag by catalogue. */
const TAGS: Record<Locale, string> = { en: 'en-GB', zh: 'zh-CN' };

const DAY = 86_400;

export interface Format {
  /** A whole number with group separators. */
  integer(value: number): string;
  /** A number with at most `digits` decimals. */
  decimal(value: number, digits?: number): string;
  /** A number with exactly `digits` decimals, as in a table of scores. */
  fixed(value: number, digits: number): string;
  /** As `fixed`, always with its sign. */
  signed(value: number, digits: number): string;
  /** A share 0..1 as per cent, with exactly `digits` decimals. */
  percent(value: number, digits?: number): string;
  /** A large number in short: 1.2M. */
  compact(value: number): string;
  /** Bytes with a unit. */
  bytes(value: number): string;
  /** Seconds as a rough span of time. */
  duration(seconds: number): string;
  /** Unix seconds as a calendar day in `zone`. */
  day(seconds: number, zone: string): string;
  /** The same without the year. */
  shortDay(seconds: number, zone: string): string;
  /** Unix seconds as month and year. */
  month(seconds: number, zone: string): string;
  /** Unix seconds as day and time; without a zone in that of the person. */
  moment(seconds: number, zone: string | undefined): string;
  /** Several things in a row. */
  list(items: readonly string[]): string;
  /** First and last day of a window; `end` is its first second outside. */
  span(start: number, end: number, zone: string): string;
}

/** The formats of one locale. A value that is not finite is written as a dash. */
export function createFormat(locale: Locale): Format {
  const tag = TAGS[locale];
  const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
  const lists = new Intl.ListFormat(tag, { type: 'conjunction' });
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    const known = cache.get(key) as Intl.NumberFormat | undefined;
    if (known) return known;
    const made = new Intl.NumberFormat(tag, options);
    cache.set(key, made);
    return made;
  };
  const date = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const key = `d${JSON.stringify(options)}`;
    const known = cache.get(key) as Intl.DateTimeFormat | undefined;
    if (known) return known;
    const made = new Intl.DateTimeFormat(tag, options);
    cache.set(key, made);
    return made;
  };
  const write = (value: number, options: Intl.NumberFormatOptions): string =>
    Number.isFinite(value) ? number(options).format(value) : '–';
  const when = (seconds: number, options: Intl.DateTimeFormatOptions): string =>
    Number.isFinite(seconds) ? date(options).format(new Date(seconds * 1000)) : '–';

  const unit = (
    value: number,
    name: string,
    digits: number,
    unitDisplay: 'short' | 'narrow' | 'long' = 'short',
  ): string => write(value, { style: 'unit', unit: name, unitDisplay, maximumFractionDigits: digits });

  const format: Format = {
    integer: (value) => write(value, { maximumFractionDigits: 0 }),
    decimal: (value, digits = 2) => write(value, { maximumFractionDigits: digits }),
    fixed: (value, digits) => write(value, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    signed: (value, digits) =>
      write(value, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'exceptZero' }),
    percent: (value, digits = 1) =>
      write(value, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }),
    compact: (value) => write(value, { notation: 'compact', maximumFractionDigits: 1 }),
    bytes(value) {
      if (value < 1000) return unit(value, 'byte', 0, 'long');
      if (value < 1e6) return unit(value / 1e3, 'kilobyte', 0);
      if (value < 1e9) return unit(value / 1e6, 'megabyte', 1);
      return unit(value / 1e9, 'gigabyte', 2);
    },
    duration(seconds) {
      if (seconds < 1) return unit(Math.max(0, seconds), 'second', 1, 'narrow');
      if (seconds < 90) return unit(Math.round(seconds), 'second', 0, 'narrow');
      if (seconds < 5400) return unit(Math.round(seconds / 60), 'minute', 0);
      if (seconds < 2 * DAY) return unit(seconds / 3600, 'hour', 1);
      return unit(Math.round(seconds / DAY), 'day', 0);
    },
    day: (seconds, zone) => when(seconds, { timeZone: zone, year: 'numeric', month: 'short', day: 'numeric' }),
    shortDay: (seconds, zone) => when(seconds, { timeZone: zone, month: 'short', day: 'numeric' }),
    month: (seconds, zone) => when(seconds, { timeZone: zone, year: 'numeric', month: 'short' }),
    moment: (seconds, zone) => when(seconds, { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' }),
    list: (items) => lists.format(items),
    span(start, end, zone) {
      if (!Number.isFinite(start) || !Number.isFinite(end)) return '–';
      const last = Math.max(start, end - 1);
      return date({ timeZone: zone, year: 'numeric', month: 'short', day: 'numeric' }).formatRange(
        new Date(start * 1000),
        new Date(last * 1000),
      );
    },
  };
  return format;
}
