/** Tables in memory as pieces of a feed: columns, Arrow tables, rows. */
import { failure } from '../error.js';
import type { ArrowTable, Column, Columns, DictionaryColumn } from '../types.js';
import type { FeedPiece, Opened } from './given.js';

/** Rows of one piece: so few that making it does not hold the page up. */
const PIECE_ROWS = 4096;
/** Rows by which the columns of a table of rows are found. */
const FIRST_ROWS = 16_384;
/** Numbers of the types of Arrow whose values are milliseconds since 1970: `Date`, `Timestamp`. */
const ARROW_TIMES = [8, 10];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isArrayLike = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);

const isDictionary = (value: unknown): value is DictionaryColumn =>
  isObject(value) &&
  isArrayLike((value as DictionaryColumn).indices) &&
  isArrayLike((value as DictionaryColumn).dictionary);

/** Whether a value looks like an Arrow table or record batch. */
export function isArrow(value: unknown): value is ArrowTable {
  if (!isObject(value)) return false;
  const { numRows, schema, getChildAt } = value as Partial<ArrowTable>;
  return typeof numRows === 'number' && Array.isArray(schema?.fields) && typeof getChildAt === 'function';
}

/** Whether a value is an object of columns. */
export function isColumns(value: unknown): value is Columns {
  if (!isObject(value) || Symbol.iterator in value || ArrayBuffer.isView(value)) return false;
  const columns = Object.values(value);
  return columns.length > 0 && columns.every((column) => isArrayLike(column) || isDictionary(column));
}

/** A value as it crosses to the worker. */
function cell(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return null;
  if (!isObject(value) || value instanceof Date) return value;
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
}

function lengthOf(column: Column): number {
  return isDictionary(column) ? column.indices.length : column.length;
}

/** Rows `from` to `to` of a column. */
function cut(column: Column, from: number, to: number): ArrayLike<unknown> {
  if (isDictionary(column)) {
    const { indices, dictionary } = column;
    return Array.from({ length: to - from }, (_, row) => cell(dictionary[indices[from + row] ?? -1]));
  }
  // A part of a typed array would be sent with the whole of its buffer.
  if (ArrayBuffer.isView(column)) return (column as unknown as Float64Array).slice(from, to);
  return Array.from({ length: to - from }, (_, row) => cell(column[from + row]));
}

/** Columns, piece by piece. Fails with `parameter` where their lengths differ. */
export function openColumns(name: string, columns: Columns): Opened {
  const names = Object.keys(columns);
  const parts = Object.values(columns);
  const size = Math.max(...parts.map(lengthOf));
  const short = parts.findIndex((column) => lengthOf(column) !== size);
  if (short >= 0) {
    const [own, most] = [names[short], names[parts.findIndex((column) => lengthOf(column) === size)]];
    const said = `column ${own} has ${lengthOf(parts[short] as Column)} values, but ${most} has ${size}`;
    throw failure('parameter', `${name}: ${said}`);
  }
  return {
    head: { unit: 'rows', size, names },
    pieces: pieces(size, (from, to) => parts.map((column) => cut(column, from, to))),
  };
}

/** An Arrow table or record batch, piece by piece. */
export function openArrow(table: ArrowTable): Opened {
  const { fields } = table.schema;
  const columns = fields.map(({ type }, at) => ({ type, vector: table.getChildAt(at) }));
  const cells = (from: number, to: number): unknown[][] =>
    columns.map(({ type, vector }) => {
      const isTime = ARROW_TIMES.includes((type as { typeId?: number } | undefined)?.typeId ?? NaN);
      return Array.from({ length: to - from }, (_, row) => {
        const value = vector?.get(from + row);
        return isTime && typeof value === 'number' ? new Date(value) : cell(value);
      });
    });
  const names = fields.map(({ name }) => name);
  return { head: { unit: 'rows', size: table.numRows, names }, pieces: pieces(table.numRows, cells) };
}

async function* pieces(
  size: number,
  cells: (from: number, to: number) => ArrayLike<unknown>[],
): AsyncGenerator<FeedPiece, void> {
  for (let from = 0; from < size; from += PIECE_ROWS) {
    const to = Math.min(from + PIECE_ROWS, size);
    yield { cells: cells(from, to), rows: to - from };
  }
}

/** The rows of an array, piece by piece. */
export function openRowArray(name: string, rows: readonly object[]): Opened {
  const names = keysOf(rows.slice(0, FIRST_ROWS));
  const cells = (from: number, to: number): unknown[][] => {
    const part = rows.slice(from, to);
    const stranger = part.find((row) => !isObject(row));
    if (stranger !== undefined)
      throw failure('parameter', `${name}: among rows, which are objects, is ${String(stranger)}`);
    return cellsOf(part, names);
  };
  return { head: { unit: 'rows', size: rows.length, names }, pieces: pieces(rows.length, cells) };
}

function keysOf(rows: readonly object[]): string[] {
  const keys = new Set<string>();
  for (const row of rows) for (const key of Object.keys(row ?? {})) keys.add(key);
  return [...keys];
}

const cellsOf = (rows: readonly object[], names: readonly string[]): unknown[][] =>
  names.map((key) => rows.map((row) => (Object.hasOwn(row, key) ? cell((row as Record<string, unknown>)[key]) : null)));

/**
 * Rows or record batches as they come. The columns are those of the first piece; `first` was read before and is the first
 * of them.
 */
export async function openRows(
  name: string,
  first: object,
  rest: AsyncIterator<unknown, unknown>,
  size: number | null,
): Promise<Opened> {
  if (isArrow(first)) {
    const names = first.schema.fields.map((field) => field.name);
    return { head: { unit: 'rows', size, names }, pieces: batches(name, first, rest) };
  }
  const read = async (rows: object[], length: number): Promise<object[]> => {
    while (rows.length < length) {
      const { done, value } = await rest.next();
      if (done) break;
      if (!isObject(value)) throw failure('parameter', `${name}: among rows, which are objects, is ${String(value)}`);
      rows.push(value);
    }
    return rows;
  };
  let rows = await read([first], FIRST_ROWS);
  const names = keysOf(rows);
  async function* all(): AsyncGenerator<FeedPiece, void> {
    for (; rows.length > 0; rows = await read([], PIECE_ROWS)) yield { cells: cellsOf(rows, names), rows: rows.length };
  }
  return { head: { unit: 'rows', size, names }, pieces: all() };
}

async function* batches(
  name: string,
  first: ArrowTable,
  rest: AsyncIterator<unknown, unknown>,
): AsyncGenerator<FeedPiece, void> {
  for (let batch: unknown = first; ;) {
    if (!isArrow(batch)) throw failure('parameter', `${name}: among Arrow record batches is something else`);
    const { pieces } = openArrow(batch);
    for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) yield piece.value;
    const { done, value } = await rest.next();
    if (done) return;
    batch = value;
  }
}
