/** Files as streams of bytes of text, whatever they come packed in. */
import { DriftscopeError, failure } from '../error.js';
import type { OpenArgs, Piece } from '../reader/requests.js';
import type { WireSource } from '../source/given.js';
import type { FilePlan } from '../types.js';
import type { Containers } from './containers.js';
import { Feed, joined } from './feed.js';
import type { Call } from './serve.js';

/** First bytes that `inspect` looks at. */
export const HEAD_BYTES = 512 * 1024;
/** Rows of a Parquet file that `inspect` looks at. */
const HEAD_ROWS = 2000;

/** Something that holds one table: a file, or a file inside an archive. */
export interface Source {
  /** As the person knows it; `archive.zip/entry.csv` inside an archive. */
  name: string;
  /** As far as the container shows it: `none` may still be gzip, which the engine finds out. */
  compression: FilePlan['compression'];
  /** Bytes on disk, or rows; null where that is not known before the end. */
  size: number | null;
  unit: 'bytes' | 'rows';
  /** A blob, which can be read any number of times, or what the page hands on. */
  from: Blob | Feed;
  /** Path inside the archive. */
  path?: string;
}

const ZIP_MAGICS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];
const PARQUET_MAGIC = [0x50, 0x41, 0x52, 0x31];

/** The kind of container that starts with these bytes, if it is one. */
function containerOf(start: Uint8Array): 'zip' | 'parquet' | null {
  const starts = (magic: number[]): boolean => magic.every((byte, index) => start[index] === byte);
  if (ZIP_MAGICS.some(starts)) return 'zip';
  return starts(PARQUET_MAGIC) ? 'parquet' : null;
}

/** The tables in the given files, in order: archives become their entries. */
export async function expand(files: WireSource[], containers: Containers, call: Call): Promise<Source[]> {
  const sources: Source[] = [];
  for (const file of files) {
    const { name } = file;
    let blob: Blob;
    let start: Uint8Array;
    if ('port' in file) {
      const feed = await Feed.open(file.port);
      start = await feed.start(4);
      if (feed.unit === 'rows' || !containerOf(start)) {
        sources.push({ name, compression: 'none', size: feed.size, unit: feed.unit, from: feed });
        continue;
      }
      // Both containers are read from their end.
      blob = await feed.collect(call);
    } else {
      blob = file.blob;
      start = await readable(name, () => blob.slice(0, 4).arrayBuffer()).then((bytes) => new Uint8Array(bytes));
    }
    const container = containerOf(start);
    if (container === 'zip') {
      const entries = await containers.zipEntries(name, blob, call);
      for (const { path, size } of entries)
        sources.push({ name: `${name}/${path}`, compression: 'zip', size, unit: 'bytes', from: blob, path });
    } else {
      sources.push({ name, compression: container ?? 'none', size: blob.size, unit: 'bytes', from: blob });
    }
  }
  return sources;
}

/** The first bytes of a source, and whether they are all there is. */
export async function head(
  source: Source,
  containers: Containers,
  call: Call,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  if (source.from instanceof Feed) return source.from.head(HEAD_BYTES);
  const parts: Uint8Array[] = [];
  let length = 0;
  let whole = true;
  for await (const { bytes } of pieces(source, containers, { columns: null, rows: HEAD_ROWS }, call)) {
    parts.push(bytes);
    length += bytes.length;
    if (length >= HEAD_BYTES) {
      whole = false;
      break;
    }
  }
  const out = joined(parts);
  return { bytes: whole ? out : out.subarray(0, HEAD_BYTES), whole };
}

/** The bytes of a source, as many at a time as the container gives. */
export async function* pieces(
  source: Source,
  containers: Containers,
  parquet: { columns: number[] | null; rows: number | null },
  call: Call,
): AsyncGenerator<Piece> {
  const { name, from, path = '' } = source;
  if (from instanceof Feed) {
    yield* from.pieces();
  } else if (source.compression === 'none' || source.compression === 'gzip') {
    yield* blobPieces(name, from);
  } else {
    const args: OpenArgs =
      source.compression === 'zip'
        ? { container: 'zip', name: `${name}`.slice(0, -path.length - 1), blob: from, path }
        : { container: 'parquet', name, blob: from, ...parquet };
    yield* containers.open(args, call);
  }
}

async function* blobPieces(name: string, blob: Blob): AsyncGenerator<Piece> {
  const reader = blob.stream().getReader();
  let used = 0;
  try {
    for (;;) {
      const { done, value } = await readable(name, () => reader.read());
      if (done) return;
      used += value.length;
      yield { bytes: value, used };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Says of a file that the browser can no longer read which one it is. */
async function readable<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof DriftscopeError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw failure(
      'unreadable',
      `${name}: the browser cannot read this file; it may have been moved or changed since it was chosen: ${reason}`,
      {
        place: { file: name, line: null, column: null },
      },
    );
  }
}
