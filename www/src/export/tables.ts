/** Tables as files: CSV for spreadsheets, JSON for programs. */
import type { ChartTable } from '../charts/frame';

/** Cells that some spreadsheet would run, the full-width forms included (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** Text that is only a number is harmless, and stays one. */
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
/** What tells Excel that a file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

function cell(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as CSV (RFC 4180), numbers unrounded. Cells that a spreadsheet would take for a formula get an apostrophe. */
export function toCsv(table: ChartTable, { excel = false } = {}): string {
  const lines = [table.columns.map((column) => cell(column.name)), ...table.raw.map((row) => row.map(cell))];
  return `${excel ? BYTE_ORDER_MARK : ''}${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

/** A table as JSON: names of the columns, and the rows as arrays in that order. A number that is missing is null. */
export function toJson(table: ChartTable): string {
  const rows = table.raw.map((row) => row.map((value) => (Number.isNaN(value) ? null : value)));
  return `${JSON.stringify({ columns: table.columns.map(({ name }) => name), rows }, null, 1)}\n`;
}
