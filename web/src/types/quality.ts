/** How a log is cleaned, and the report of it. */
import type { Note } from './call.js';
import type { WindowLength } from './interest.js';
import type { TableKind } from './log.js';

/** How the log is cleaned. Definitions of the rules: docs/LOG_FORMATS.md. */
export interface CleaningOptions {
  /** Rules switched on or off. The first five cannot be switched off: such a row cannot become an event. */
  rules: Record<RuleName, boolean>;
  /** Inclusive range of plausible times; null: found from the data. */
  timeRange: [number, number] | null;
  /**
   * A user with more events than this in some minute is a bot, and all of their events go. Events of one second, such as the
   * lines of a basket, count for no more than a tenth of the limit.
   */
  maxEventsPerMinute: number;
  /** Users with fewer events go out. */
  minEventsPerUser: number;
  /** Items with fewer events go out. */
  minEventsPerItem: number;
  /**
   * What becomes of items without a domain: filed under `unknown`, left to be derived, or their events taken out; `auto`
   * derives where no item has one, and else files them under `unknown`.
   */
  missingDomain: 'auto' | 'unknown' | 'derive' | 'reject';
  /** Weight by kind name; kinds not named keep their default. */
  kindWeights: Record<string, number>;
}

/** A rule of cleaning. */
export type RuleName =
  | 'malformed_row'
  | 'missing_user'
  | 'missing_item'
  | 'missing_time'
  | 'bad_time'
  | 'time_out_of_range'
  | 'exact_duplicate'
  | 'bot_rate'
  | 'unknown_kind'
  | 'missing_domain'
  | 'sparse_user'
  | 'sparse_item';

/** What was read and what the cleaning did: accepted + rejected = read. */
export interface QualityReport {
  /** By table, in the order in which they were read. */
  files: {
    name: string;
    table: TableKind;
    bytes: number;
    rowsRead: number;
    rowsAccepted: number;
    rowsRejected: number;
    problems: Note[];
  }[];
  /** Rows of all tables. */
  rowsRead: number;
  /** Those that were kept. */
  rowsAccepted: number;
  /** Those that were not. */
  rowsRejected: number;
  /** What each rule did. */
  rules: RuleReport[];
  /** What the log holds now. */
  summary: LogSummary;
  /** Everything else worth knowing, for example items that lie in several domains. */
  notes: Note[];
}

/** What one rule did. */
export interface RuleReport {
  /** Which. */
  rule: RuleName;
  /** Whether it was on. */
  enabled: boolean;
  /** Whether the rule can be switched off (a row that has no user cannot become an event). */
  switchable: boolean;
  /** `reject` rules take rows out, `repair` rules change them. */
  effect: 'reject' | 'repair';
  /** Rows that it took out or changed. */
  touched: number;
  /** Up to five rows. */
  examples: { file: string; line: number; column: number | null; text: string }[];
}

/** What a log holds. */
export interface LogSummary {
  /** Number of events. */
  events: number;
  /** Number of users. */
  users: number;
  /** Number of items. */
  items: number;
  /** Number of domains. */
  domains: number;
  /** Number of social edges. */
  edges: number;
  /** Kinds of events with their weights and numbers. */
  kinds: { name: string; weight: number; events: number }[];
  /** Platforms with their numbers of events; the empty name where the log says none. */
  platforms: { name: string; events: number }[];
  /** Time of the first event, Unix seconds. */
  firstTime: number;
  /** Time of the last event, Unix seconds. */
  lastTime: number;
  /** Whether domains were derived from what is looked at together. */
  domainsDerived: boolean;
  /** The window length that suits the span: see `WindowOptions.length`. */
  suggestedWindow: WindowLength;
  /** Memory that the log takes in the engine, bytes. */
  bytesInMemory: number;
}
