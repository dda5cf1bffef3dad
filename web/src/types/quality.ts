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
  minEventsPerUser: number;
  minEventsPerItem: number;
  /**
   * What becomes of items without a domain: filed under `unknown`, left to be derived, or their events taken out; `auto`
   * derives where no item has one, and else files them under `unknown`.
   */
  missingDomain: 'auto' | 'unknown' | 'derive' | 'reject';
  /** Weight by kind name; kinds not named keep their default. */
  kindWeights: Record<string, number>;
}

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

export interface QualityReport {
  files: {
    name: string;
    table: TableKind;
    bytes: number;
    rowsRead: number;
    rowsAccepted: number;
    rowsRejected: number;
    problems: Note[];
  }[];
  rowsRead: number;
  rowsAccepted: number;
  rowsRejected: number;
  rules: RuleReport[];
  summary: LogSummary;
  /** Everything else worth knowing, for example items that lie in several domains. */
  notes: Note[];
}

export interface RuleReport {
  rule: RuleName;
  enabled: boolean;
  /** Whether the rule can be switched off (a row that has no user cannot become an event). */
  switchable: boolean;
  /** `reject` rules take rows out, `repair` rules change them. */
  effect: 'reject' | 'repair';
  touched: number;
  /** Up to five rows. */
  examples: { file: string; line: number; column: number | null; text: string }[];
}

export interface LogSummary {
  events: number;
  users: number;
  items: number;
  domains: number;
  edges: number;
  kinds: { name: string; weight: number; events: number }[];
  platforms: { name: string; events: number }[];
  firstTime: number;
  lastTime: number;
  domainsDerived: boolean;
  /** The window length that suits the span: see `WindowOptions.length`. */
  suggestedWindow: WindowLength;
  bytesInMemory: number;
}
