/** What a log can be loaded from. */
import type { CallOptions } from './call.js';
import type { FilePlan } from './log.js';
import type { CleaningOptions } from './quality.js';

/** A file or blob with a name. A `File` is one. */
export interface FileSource {
  /** As `FilePlan.name` and every message call it. */
  name: string;
  /** The content: text, gzip, `.zip` or Parquet. */
  blob: Blob;
}

/** Anything else with a name; without one, sources are called by their kind or by the last part of their address. */
export interface NamedSource {
  /** As `FilePlan.name` and every message call it. */
  name: string;
  /** The source itself. */
  data: Exclude<LogSource, string | FileSource | NamedSource>;
}

/** One value of a table in memory. Dates become times; anything else that is an object becomes JSON. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** A column whose values stand in a dictionary, as in Arrow: row `i` holds `dictionary[indices[i]]`. */
export interface DictionaryColumn {
  /** Places in `dictionary`; null or negative where there is no value. */
  indices: ArrayLike<number | null>;
  /** The distinct values. */
  dictionary: ArrayLike<Cell>;
}

/** An array, a typed array (64-bit integers, too) or a dictionary column. */
export type Column = ArrayLike<Cell> | DictionaryColumn;

/**
 * A table by its columns, of equal length. The names are found as a file's are: `user`, `item`, `domain`, `kind`, `time`,
 * `platform`, or what logs usually call them. Times are `Date`s, text, or Unix seconds, milliseconds or microseconds.
 */
export interface Columns {
  /** A column by its name. */
  [name: string]: Column;
}

/** The part of an Apache Arrow `Vector` that is used. */
export interface ArrowVector {
  /** The value of a row, decoded. */
  get(row: number): unknown;
}

/** The part of an Apache Arrow `Table` or `RecordBatch` that is used; the package does not depend on Arrow. */
export interface ArrowTable {
  /** Number of rows. */
  readonly numRows: number;
  /** Names and types of the columns. */
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type?: unknown }[] };
  /** The column at a position. */
  getChildAt(index: number): ArrowVector | null;
}

/** One event as an object, its keys being the names of columns. */
export type Row = object;

/**
 * What one table (or a `.zip` of several) can come from:
 *
 * - `File`, `Blob`, or either with a name (`FileSource`);
 * - an address, which is fetched by the page (a sealed page refuses it), in Node a `file:` address, too; or a `Response`;
 * - a `ReadableStream`, iterable or async iterable of bytes, of text, of rows, or of Arrow record batches;
 * - an array of rows;
 * - columns, or an Arrow table.
 *
 * Streams are read as they come and never held whole, but for `.zip` and Parquet, whose content starts at their end: these
 * are collected as a `Blob` first. A table of rows has the columns that its first 16,384 rows have.
 */
export type LogSource =
  | File
  | Blob
  | FileSource
  | NamedSource
  | Response
  | string
  | URL
  | ReadableStream<Uint8Array | string | Row>
  | Iterable<Uint8Array | Row>
  | AsyncIterable<Uint8Array | string | Row>
  | Columns
  | ArrowTable;

/** One source, or several that are joined: parts of a log, a table of items, social edges. An array of objects is rows. */
export type LogSources = LogSource | LogSource[];

/** How a log is read. */
export interface LoadOptions extends CallOptions {
  /** How each table is read, by name; default: as `inspect` would find it. A table without a plan is left out. */
  plans?: FilePlan[];
  /** How it is cleaned, where not by default. */
  cleaning?: Partial<CleaningOptions>;
}

/** What `inspect` takes as given. */
export interface InspectOptions extends CallOptions {
  /** By position in the result. */
  changed?: (Partial<FilePlan> | null)[];
}
