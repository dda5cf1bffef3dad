import { describe, expect, it } from 'vitest';
import type { ChartTable } from '../charts/frame';
import { csvParts, fileOf, jsonParts } from './tables';

const table = (...raw: (string | number)[][]): ChartTable => ({
  columns: raw[0]?.map((_, index) => ({ name: `c${index}`, numeric: false })) ?? [],
  rows: raw.map((row) => row.map(String)),
  raw,
});
const toCsv = (...args: Parameters<typeof csvParts>): string => [...csvParts(...args)].join('');
const toJson = (given: ChartTable): string => [...jsonParts(given)].join('');
const cells = (...values: (string | number)[]): string => toCsv(table(values)).split('\r\n')[1] ?? '';

describe('a table as CSV', () => {
  it('runs no formula, however it is written', () => {
    for (const start of ['=', '+', '-', '@', '＝', '＋', '－', '＠'])
      expect(cells(`${start}HYPERLINK(1)`)).toBe(`'${start}HYPERLINK(1)`);
    for (const start of ['\t', '\r', '\n']) expect(cells(`${start}=1`)).toBe(`"'${start}=1"`);
    expect(cells("=cmd|' /C calc'!A0")).toBe("'=cmd|' /C calc'!A0");
  });

  it('leaves numbers numbers', () => {
    expect(cells(-0.25, 1e-9, '-5', '+3.5', NaN, Infinity)).toBe('-0.25,1e-9,-5,+3.5,,');
  });

  it('keeps separators, quotes and line breaks inside their cell', () => {
    expect(cells('a,b', 'a;b', 'say "so"', 'two\nlines')).toBe('"a,b","a;b","say ""so""","two\nlines"');
  });

  it('tells Excel its encoding only when asked', () => {
    expect(toCsv(table(['领域']), { excel: true }).startsWith('\uFEFFc0')).toBe(true);
    expect(toCsv(table(['领域'])).startsWith('c0')).toBe(true);
  });
});

describe('a table as a file', () => {
  it('is the same in slices of time', async () => {
    const given = table(...Array.from({ length: 2000 }, (_, n) => [n, `row ${n}`]));
    expect(await (await fileOf(csvParts(given), 'text/csv')).text()).toBe(toCsv(given));
  });
});

describe('a table as JSON', () => {
  it('has columns and rows, nulls for missing numbers, and any name', () => {
    expect(JSON.parse(toJson(table(['__proto__', NaN, -0.5, '=1'])))).toEqual({
      columns: ['c0', 'c1', 'c2', 'c3'],
      rows: [['__proto__', null, -0.5, '=1']],
    });
  });
});
