import { BlobReader, configure, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';

import { DriftscopeError, failure } from '../error.js';
import type { Piece, ZipEntry } from './requests.js';

// Already in a worker, and the browser's own inflate is the fastest at hand.
configure({ useWebWorkers: false, useCompressionStream: true });

/** An archive of more files than this is not a log. */
const MAX_ENTRIES = 1000;
/** Logs compress 5 to 50 times; an entry that goes beyond this, once it has passed `FREE_BYTES`, is a zip bomb. */
const MAX_RATIO = 500;
const FREE_BYTES = 64 * 1024 * 1024;

/** The files in an archive that may be logs; folders and what operating systems add are left out. */
export async function zipEntries(name: string, blob: Blob): Promise<ZipEntry[]> {
  const files = await readDirectory(name, blob);
  if (files.some((file) => file.filename === '[Content_Types].xml')) {
    throw unreadable(name, 'this is an office document; save its table as CSV');
  }
  const kept = files.filter(({ filename }) => !/(^|\/)(__MACOSX\/|\.)/.test(filename));
  if (kept.length === 0) throw failure('empty', `${name}: the archive holds no files`, { place: place(name) });
  if (kept.length > MAX_ENTRIES) {
    throw failure('too_large', `${name}: ${kept.length} files exceed the limit of ${MAX_ENTRIES}`, {
      place: place(name),
    });
  }
  for (const { encrypted, filename } of kept) {
    if (encrypted) throw unreadable(`${name}/${filename}`, 'it is encrypted; unpack it first');
  }
  return kept.map((file) => ({ path: file.filename, size: file.uncompressedSize }));
}

/** The content of one file of an archive, checked against its checksum. */
export async function* zipPieces(name: string, blob: Blob, path: string): AsyncGenerator<Piece> {
  const full = `${name}/${path}`;
  const entry = (await readDirectory(name, blob)).find((file) => file.filename === path);
  if (!entry) throw failure('columns', `${full}: the archive holds no such file`, { place: place(full) });
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const stop = new AbortController();
  const inflating = entry.getData(writable, { checkSignature: true, signal: stop.signal });
  // Some kinds of damage end the inflating without ending the stream.
  const failing = new Promise<never>((_, reject) => void inflating.catch(reject));
  failing.catch(() => undefined);
  const reader = readable.getReader();
  let out = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), failing]);
      if (done) break;
      out += value.length;
      if (out > FREE_BYTES && out > entry.compressedSize * MAX_RATIO) {
        throw failure(
          'too_large',
          `${full}: it expands to more than ${MAX_RATIO} times its size: this looks like a zip bomb`,
          { place: place(full) },
        );
      }
      const share = entry.uncompressedSize > 0 ? Math.min(1, out / entry.uncompressedSize) : 1;
      yield { bytes: value, used: Math.round(share * entry.compressedSize) };
    }
    await inflating;
  } catch (thrown) {
    throw thrown instanceof DriftscopeError ? thrown : damaged(full, thrown);
  } finally {
    stop.abort();
    await reader.cancel().catch(() => undefined);
  }
}

async function readDirectory(name: string, blob: Blob): Promise<FileEntry[]> {
  try {
    const entries = await new ZipReader(new BlobReader(blob)).getEntries();
    return entries.filter((entry): entry is FileEntry => !entry.directory);
  } catch (thrown) {
    throw damaged(name, thrown);
  }
}

function place(file: string): { file: string; line: null; column: null } {
  return { file, line: null, column: null };
}

function damaged(file: string, cause: unknown): DriftscopeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return failure('damaged', `${file}: the archive is damaged or cut off: ${reason}`, { place: place(file) });
}

function unreadable(file: string, hint: string): DriftscopeError {
  return failure('unreadable', `${file}: this cannot be read as a log: ${hint}`, { place: place(file), hint });
}
