import { failure } from '../error.js';
import type { Handlers } from '../worker/serve.js';
import { parquetPieces } from './parquet.js';
import type { Piece, ReaderRequests } from './requests.js';
import { zipEntries, zipPieces } from './zip.js';

/** Opens containers and hands out their content piece by piece, as it is asked for. */
export function readerHandlers(): Handlers<ReaderRequests> {
  const streams = new Map<number, AsyncGenerator<Piece>>();
  let nextStream = 1;
  return {
    zipEntries: ({ name, blob }) => zipEntries(name, blob),
    open: (args) => {
      const stream = nextStream++;
      streams.set(stream, args.container === 'zip' ? zipPieces(args.name, args.blob, args.path) : parquetPieces(args));
      return stream;
    },
    next: async ({ stream }) => {
      const pieces = streams.get(stream);
      if (!pieces) throw failure('state', `stream ${stream} is not open`);
      const next = await pieces.next();
      return next.done ? null : next.value;
    },
    close: async ({ stream }) => {
      await streams.get(stream)?.return(undefined);
      streams.delete(stream);
      return null;
    },
  };
}
