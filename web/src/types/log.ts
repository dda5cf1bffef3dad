/** How files are read: what `inspect` finds out and `load` takes. */
import type { Note } from './call.js';

export type TableKind = 'events' | 'items' | 'edges' | 'ignore';

/** What a column is. `friend` is the second user of an edge; `property`/`value` are RetailRocket's item properties. */
export type Role =
  'user' | 'item' | 'domain' | 'kind' | 'time' | 'platform' | 'title' | 'friend' | 'property' | 'value' | 'ignore';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export type Preset =
  'taobao' | 'complete_journey' | 'rees46' | 'retailrocket' | 'ga4' | 'amazon_reviews' | 'movielens' | 'generic';

/** `compact_date` is YYYYMMDD; `text` is ISO 8601 or `YYYY-MM-DD HH:MM:SS`, with or without a zone. */
export type TimeFormat = 'seconds' | 'milliseconds' | 'microseconds' | 'compact_date' | 'text';

/** How one file is to be read. Comes filled in from `inspect`, may be changed by hand, goes back into `load`. */
export interface FilePlan {
  name: string;
  table: TableKind;
  format: 'delimited' | 'jsonl';
  compression: 'none' | 'gzip' | 'zip' | 'parquet';
  encoding: Encoding;
  /** `","`, `"\t"`, `"::"`, … ; empty for JSON Lines. */
  delimiter: string;
  hasHeader: boolean;
  preset: Preset;
  /** By position; JSON Lines: by the order of first appearance of the key. */
  columns: ColumnPlan[];
  timeFormat: TimeFormat;
  /** IANA zone for times that carry none of their own. */
  timeZone: string;
  /** Kind of every event of a file that has no kind column. */
  defaultKind: string;
}

export interface ColumnPlan {
  name: string;
  role: Role;
}

/** What `inspect` found out about a file from its first bytes. */
export interface FileInspection {
  plan: FilePlan;
  /** The first rows as raw cells, header left out. */
  preview: string[][];
  /** By column: how many of the `rowsSeen` rows parse as what the role says (times as times, …), and how many are empty. */
  columns: { parsed: number; empty: number; distinct: number }[];
  rowsSeen: number;
  /** The words found in the kind column, with what they were taken for (null: unknown). */
  kinds: { word: string; kind: string | null; count: number }[];
  /** Plain-language remarks, for example why a preset was chosen. */
  notes: Note[];
}

/** Parameters of the synthetic log. */
export interface SampleOptions {
  users: number;
  days: number;
  seed: number;
}
