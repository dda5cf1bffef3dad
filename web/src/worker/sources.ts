/** Files as streams of bytes of text, whatever they come packed in. */
import { DriftscopeError, failure } from '../error.js';
import type { OpenArgs, Piece } from '../reader/requests.js';
import type { FilePlan, FileSource } from '../types.js';
import type { Containers } from './containers.js';

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
  /** Bytes on disk. */
  size: number;
  blob: Blob;
  /** Path inside the archive. */
  path?: string;
}

const ZIP_MAGICS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];
const PARQUET_MAGIC = [0x50, 0x41, 0x52, 0x31];

/** The tables in the given files, in order: archives become their entries. */
export async function expand(files: FileSource[], containers: Containers): Promise<Source[]> {
  const sources: Source[] = [];
  for (const { name, blob } of files) {
    const start = await readable(name, () => blob.slice(0, 4).arrayBuffer()).then((bytes) => new Uint8Array(bytes));
    const starts = (magic: number[]): boolean => magic.every((byte, index) => start[index] === byte);
    if (ZIP_MAGICS.some(starts)) {
      const entries = await containers.zipEntries(name, blob);
      for (const { path, size } of entries)
        sources.push({ name: `${name}/${path}`, compression: 'zip', size, blob, path });
    } else {
      sources.push({ name, compression: starts(PARQUET_MAGIC) ? 'parquet' : 'none', size: blob.size, blob });
    }
  }
  return sources;
}

/** The first bytes of a source, and whether they are all there is. */
export async function head(source: Source, containers: Containers): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let whole = true;
  for await (const { bytes } of pieces(source, containers, { columns: null, rows: HEAD_ROWS })) {
    parts.push(bytes);
    length += bytes.length;
    if (length >= HEAD_BYTES) {
      whole = false;
      break;
    }
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return { bytes: whole ? out : out.subarray(0, HEAD_BYTES), whole };
}

/** The bytes of a source, as many at a time as the container gives. */
export async function* pieces(
  source: Source,
  containers: Containers,
  parquet: { columns: number[] | null; rows: number | null },
): AsyncGenerator<Piece> {
  if (source.compression === 'none' || source.compression === 'gzip') {
    yield* blobPieces(source);
    return;
  }
  const { name, blob, path = '' } = source;
  const args: OpenArgs =
    source.compression === 'zip'
      ? { container: 'zip', name: `${name}`.slice(0, -path.length - 1), blob, path }
      : { container: 'parquet', name, blob, ...parquet };
  yield* containers.open(args);
}

async function* blobPieces({ name, blob }: Source): AsyncGenerator<Piece> {
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
