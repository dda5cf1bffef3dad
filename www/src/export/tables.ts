/** Tables as files: CSV for spreadsheets, JSON for programs. Large ones are written row by row, with room for the page between. */
import type { TableView } from '../charts/frame';

/** Cells that some spreadsheet would run, the full-width forms included (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
/** Text that is only a number is harmless, and stays one. */
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
/** What tells Excel that a file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';
/** Milliseconds of work before the page may answer again. */
const SLICE = 30;

function cell(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The raw rows of a table, one after the other. */
function* rawRows({ raw }: TableView): Generator<(string | number)[]> {
  for (let index = 0; index < raw.length; index += 1) yield* raw.slice(index, index + 1);
}

/** A table as CSV (RFC 4180), numbers unrounded. Cells that a spreadsheet would take for a formula get an apostrophe. */
export function* csvParts(table: TableView, { excel = false } = {}): Generator<string> {
  const line = (cells: (string | number)[]): string => `${cells.map(cell).join(',')}\r\n`;
  yield `${excel ? BYTE_ORDER_MARK : ''}${line(table.columns.map(({ name }) => name))}`;
  for (const row of rawRows(table)) yield line(row);
}

/** A table as JSON: names of the columns, and the rows as arrays in that order. A number that is missing is null. */
export function* jsonParts(table: TableView): Generator<string> {
  yield `{"columns":${JSON.stringify(table.columns.map(({ name }) => name))},"rows":[`;
  let before = '\n';
  for (const row of rawRows(table)) {
    yield `${before}${JSON.stringify(row.map((value) => (Number.isNaN(value) ? null : value)))}`;
    before = ',\n';
  }
  yield '\n]}\n';
}

/** The parts as one file, written in slices of time. */
export async function fileOf(parts: Iterable<string>, type: string): Promise<Blob> {
  const pieces: Blob[] = [];
  let text = '';
  let since = performance.now();
  for (const part of parts) {
    text += part;
    if (performance.now() - since < SLICE) continue;
    pieces.push(new Blob([text]));
    text = '';
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
  return new Blob([...pieces, text], { type: `${type};charset=utf-8` });
}
