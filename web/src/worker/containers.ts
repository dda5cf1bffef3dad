import { Connection, type WorkerLike } from '../connection.js';
import type { ScriptSource } from '../protocol.js';
import type { OpenArgs, Piece, ReaderRequests, ZipEntry } from '../reader/requests.js';
import { startWorker } from '../start-worker.js';

/** Opens `.zip` and Parquet files in a worker of its own, which is started when the first such file comes. */
export class Containers {
  private reader: Promise<Connection<ReaderRequests>> | null = null;

  constructor(
    private readonly source: ScriptSource,
    private readonly start: (source: ScriptSource, name: string) => Promise<WorkerLike> = startWorker,
  ) {}

  /** The files in an archive. */
  async zipEntries(name: string, blob: Blob): Promise<ZipEntry[]> {
    return (await this.connection()).request('zipEntries', { name, blob });
  }

  /** The content, one piece ahead of the asker. */
  async *open(args: OpenArgs): AsyncGenerator<Piece> {
    const connection = await this.connection();
    const stream = await connection.request('open', args);
    try {
      let next = connection.request('next', { stream });
      for (;;) {
        const piece = await next;
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

  private async connection(): Promise<Connection<ReaderRequests>> {
    const present = await this.reader?.catch(() => null);
    if (present && !present.lost) return present;
    this.reader = this.start(this.source, 'driftscope-reader').then((worker) => new Connection<ReaderRequests>(worker));
    return this.reader;
  }
}
