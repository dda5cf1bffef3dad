import { Connection, type WorkerLike } from '../connection.js';
import { cancelled, failure } from '../error.js';
import type { ScriptSource } from '../protocol.js';
import type { OpenArgs, Piece, ReaderRequests, ZipEntry } from '../reader/requests.js';
import { startWorker } from '../start-worker.js';
import type { Call } from './serve.js';

/** A reader that gives nothing for so long, in milliseconds, is lost in a damaged file: its libraries cannot be stopped. */
const PATIENCE = 120_000;

/** Opens `.zip` and Parquet files in a worker of its own, which is started when the first such file comes. */
export class Containers {
  private reader: Promise<Connection<ReaderRequests>> | null = null;

  constructor(
    private readonly source: ScriptSource,
    private readonly start: (source: ScriptSource, name: string) => Promise<WorkerLike> = startWorker,
    private readonly patience = PATIENCE,
  ) {}

  /** The files in an archive. */
  async zipEntries(name: string, blob: Blob, call: Call): Promise<ZipEntry[]> {
    const connection = await this.connection();
    return this.answer(connection, connection.request('zipEntries', { name, blob }), name, call);
  }

  /** The content, one piece ahead of the asker. */
  async *open(args: OpenArgs, call: Call): AsyncGenerator<Piece> {
    const connection = await this.connection();
    const stream = await connection.request('open', args);
    try {
      let next = connection.request('next', { stream });
      for (;;) {
        const piece = await this.answer(connection, next, args.name, call);
        if (!piece) return;
        next = connection.request('next', { stream });
        // Its failure shows when it is awaited; until then it must not count as unhandled.
        next.catch(() => undefined);
        yield piece;
      }
    } finally {
      await connection.request('close', { stream }).catch(() => undefined);
    }
  }

  /** Waits for the reader. Where the call is cancelled or patience ends, the worker is ended: the next call has another. */
  private async answer<T>(
    connection: Connection<ReaderRequests>,
    request: Promise<T>,
    name: string,
    call: Call,
  ): Promise<T> {
    const place = { file: name, line: null, column: null };
    const lost = failure('damaged', `${name}: nothing could be read of it for minutes: it is damaged`, { place });
    // It may also end while nobody waits for it.
    request.catch(() => undefined);
    const timer = setTimeout(() => connection.close(lost), this.patience);
    try {
      return await call.unlessCancelled(request);
    } catch (thrown) {
      if (call.isCancelled) connection.close(cancelled());
      throw thrown;
    } finally {
      clearTimeout(timer);
    }
  }

  private async connection(): Promise<Connection<ReaderRequests>> {
    const present = await this.reader?.catch(() => null);
    if (present && !present.lost) return present;
    this.reader = this.start(this.source, 'driftscope-reader').then((worker) => new Connection<ReaderRequests>(worker));
    return this.reader;
  }
}
