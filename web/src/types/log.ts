/** How files are read: what `inspect` finds out and `load` takes. */
import type { Note } from './call.js';

/** What a table holds: one event, item or social edge a row, or nothing that is read. */
export type TableKind = 'events' | 'items' | 'edges' | 'ignore';

/** What a column is. `friend` is the second user of an edge; `property`/`value` are RetailRocket's item properties. */
export type Role =
  'user' | 'item' | 'domain' | 'kind' | 'time' | 'platform' | 'title' | 'friend' | 'property' | 'value' | 'ignore';

/** How text is encoded. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** A kind of log that is known by its shape; `generic` is any other. */
export type Preset =
  'taobao' | 'complete_journey' | 'rees46' | 'retailrocket' | 'ga4' | 'amazon_reviews' | 'movielens' | 'generic';

/** `compact_date` is YYYYMMDD; `text` is ISO 8601 or `YYYY-MM-DD HH:MM:SS`, with or without a zone. */
export type TimeFormat = 'seconds' | 'milliseconds' | 'microseconds' | 'compact_date' | 'text';

/** How one file is to be read. Comes filled in from `inspect`, may be changed by hand, goes back into `load`. */
export interface FilePlan {
  /** Name of the file; `archive.zip/entry.csv` in an archive. */
  name: string;
  /** What it holds. */
  table: TableKind;
  /** Cells between delimiters, or one JSON object a line. */
  format: 'delimited' | 'jsonl';
  /** What it is packed in. */
  compression: 'none' | 'gzip' | 'zip' | 'parquet';
  /** How its text is encoded. */
  encoding: Encoding;
  /** `","`, `"\t"`, `"::"`, … ; empty for JSON Lines. */
  delimiter: string;
  /** Whether the first row names the columns. */
  hasHeader: boolean;
  /** As what kind of log it was recognised. */
  preset: Preset;
  /** By position; JSON Lines: by the order of first appearance of the key. */
  columns: ColumnPlan[];
  /** How its times are written. */
  timeFormat: TimeFormat;
  /** IANA zone for times that carry none of their own. */
  timeZone: string;
  /** Kind of every event of a file that has no kind column. */
  defaultKind: string;
}

/** What one column is. */
export interface ColumnPlan {
  /** Its name; `column 1` and so on where there is no header. */
  name: string;
  /** What it holds. */
  role: Role;
}

/** What `inspect` found out about a file from its first bytes. */
export interface FileInspection {
  /** How the file would be read. */
  plan: FilePlan;
  /** The first rows as raw cells, header left out. */
  preview: string[][];
  /** By column: how many of the `rowsSeen` rows parse as what the role says (times as times, …), and how many are empty. */
  columns: { parsed: number; empty: number; distinct: number }[];
  /** Rows that were looked at. */
  rowsSeen: number;
  /** The words found in the kind column, with what they were taken for (null: unknown). */
  kinds: { word: string; kind: string | null; count: number }[];
  /** Plain-language remarks, for example why a preset was chosen. */
  notes: Note[];
}

/** Parameters of the synthetic log. */
export interface SampleOptions {
  /** Number of users, 1 or more. */
  users: number;
  /** Days that the log spans. */
  days: number;
  /** The same seed makes the same log. */
  seed: number;
}
