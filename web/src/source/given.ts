/** What was given to be loaded, in the two forms that the worker reads: a blob, or a feed of pieces. */
import type { FileSource } from '../types.js';

/** A piece of a feed: bytes of text or of a packed file, or the cells of some rows by column. */
export type FeedPiece = { bytes: Uint8Array } | { cells: ArrayLike<unknown>[]; rows: number };

/** What a feed holds. `size`: bytes, or rows; null where it is not known before the end. `names`: of the columns. */
export type FeedHead = { unit: 'bytes'; size: number | null } | { unit: 'rows'; size: number | null; names: string[] };

/** A feed that was opened. */
export interface Opened {
  head: FeedHead;
  pieces: AsyncIterator<FeedPiece, void>;
}

/** A source that the page reads and hands on piece by piece. */
export interface FeedSource {
  name: string;
  /** Whether it can be opened again and holds the same then. */
  repeatable: boolean;
  /** Starts to read; `stop` ends whatever is waited for. */
  open(stop: AbortSignal): Promise<Opened>;
}

/** One source, as the client keeps it. */
export type Given = FileSource | FeedSource;

/** Whether a source is read by the page. */
export function isFeed(given: Given): given is FeedSource {
  return 'open' in given;
}

/** Whether a source can be read again. */
export function isRepeatable(given: Given): boolean {
  return !isFeed(given) || given.repeatable;
}

/** What a worker asks of a feed. Both are asked in turn, `open` first. */
export type FeedRequests = {
  open: { args: null; result: FeedHead };
  /** The next piece; null at the end. */
  next: { args: null; result: FeedPiece | null };
};

/** A source as it crosses to the worker. */
export type WireSource = FileSource | { name: string; port: MessagePort };
