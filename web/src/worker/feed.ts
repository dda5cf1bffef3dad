/** The worker's end of a source that the page reads and hands on piece by piece. */
import { Connection } from '../connection.js';
import { csvRows } from '../reader/csv.js';
import type { Piece } from '../reader/requests.js';
import { workerBehind } from '../source/feed.js';
import type { FeedHead, FeedRequests } from '../source/given.js';
import type { Call } from './serve.js';

/** Bytes of text that come once; what was looked at before comes again first. Rows become CSV with a header. */
export class Feed {
  private readonly encoder = new TextEncoder();
  private readonly seen: Piece[] = [];
  private used = 0;
  private ended = false;

  private constructor(
    private readonly connection: Connection<FeedRequests>,
    private readonly about: FeedHead,
  ) {
    if (about.unit === 'rows') this.seen.push({ bytes: this.encoder.encode(csvLine(about.names)), used: 0 });
  }

  /** Opens the feed behind a port. */
  static async open(port: MessagePort): Promise<Feed> {
    const connection = new Connection<FeedRequests>(workerBehind(port));
    return new Feed(connection, await connection.request('open', null));
  }

  /** What `size` and `Piece.used` count. */
  get unit(): 'bytes' | 'rows' {
    return this.about.unit;
  }

  /** How much there is; null where it is not known. */
  get size(): number | null {
    return this.about.size;
  }

  /** The first bytes, at least `length` of them where there are so many. */
  async start(length: number): Promise<Uint8Array> {
    const count = (): number => this.seen.reduce((sum, { bytes }) => sum + bytes.length, 0);
    while (count() < length) {
      const piece = await this.next();
      if (!piece) break;
      this.seen.push(piece);
    }
    return joined(this.seen.map(({ bytes }) => bytes));
  }

  /** At most so many of the first bytes, and whether they are all there is. */
  async head(length: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
    const bytes = await this.start(length + 1);
    return { bytes: bytes.subarray(0, length), whole: this.ended && bytes.length <= length };
  }

  /** All pieces, those that were looked at first. Asks for one piece ahead. */
  async *pieces(): AsyncGenerator<Piece> {
    let next = this.next();
    next.catch(() => undefined);
    for (let piece = this.seen.shift(); piece; piece = this.seen.shift()) yield piece;
    for (;;) {
      const piece = await next;
      if (!piece) return;
      next = this.next();
      // Its failure shows when it is awaited; until then it must not count as unhandled.
      next.catch(() => undefined);
      yield piece;
    }
  }

  /** Everything as a blob, which the browser may keep on disk. */
  async collect(call: Call): Promise<Blob> {
    const parts: BlobPart[] = [];
    for await (const { bytes, used } of this.pieces()) {
      parts.push(new Blob([bytes as Uint8Array<ArrayBuffer>]));
      call.progress({ stage: 'read', done: used, total: this.size ?? 0, unit: 'bytes' });
      await call.breathe();
    }
    return new Blob(parts);
  }

  private async next(): Promise<Piece | null> {
    if (this.ended) return null;
    const piece = await this.connection.request('next', null);
    if (!piece) {
      this.ended = true;
      return null;
    }
    if ('bytes' in piece) {
      this.used += piece.bytes.length;
      return { bytes: piece.bytes, used: this.used };
    }
    this.used += piece.rows;
    return { bytes: this.encoder.encode(csvRows(piece.cells, 0, piece.rows)), used: this.used };
  }
}

const csvLine = (cells: string[]): string =>
  csvRows(
    cells.map((value) => [value]),
    0,
    1,
  );

/** Parts as one array. */
export function joined(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
