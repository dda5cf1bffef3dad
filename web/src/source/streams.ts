/** Streams and iterables, whatever they yield: bytes, text, rows, record batches. */
import { failure } from '../error.js';
import type { FeedPiece, Opened } from './given.js';
import { openRows } from './tables.js';

/** Bytes of one piece at most. */
const PIECE_BYTES = 1024 * 1024;

/** The items of a stream, also where streams cannot be iterated; `stop` ends a read that is under way. */
export async function* itemsOf<T>(stream: ReadableStream<T>, stop: AbortSignal): AsyncGenerator<T, void> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  stop.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    stop.removeEventListener('abort', cancel);
    cancel();
  }
}

/** Opens what yields `items`; their first one shows what they are. `size`: in bytes or rows, where it is known. */
export async function openItems(
  name: string,
  items: AsyncIterator<unknown, unknown>,
  size: number | null,
): Promise<Opened> {
  const first = await items.next();
  if (first.done) return { head: { unit: 'bytes', size: 0 }, pieces: bytePieces(name, null, items) };
  if (bytesOf(first.value)) return { head: { unit: 'bytes', size }, pieces: bytePieces(name, first.value, items) };
  if (typeof first.value !== 'object' || first.value === null)
    throw failure('parameter', `${name}: it yields ${String(first.value)}, which is neither bytes nor text nor a row`);
  return openRows(name, first.value, items, size);
}

async function* bytePieces(
  name: string,
  first: unknown,
  rest: AsyncIterator<unknown, unknown>,
): AsyncGenerator<FeedPiece, void> {
  if (first === null) return;
  for (let item: unknown = first; ;) {
    const bytes = bytesOf(item);
    if (!bytes) throw failure('parameter', `${name}: among bytes or text is ${String(item)}`);
    // Copies, since whoever made the stream may still use its chunks, and the copy is handed over.
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield { bytes: bytes.slice(at, at + PIECE_BYTES) };
    const { done, value } = await rest.next();
    if (done) return;
    item = value;
  }
}

function bytesOf(item: unknown): Uint8Array | null {
  if (typeof item === 'string') return new TextEncoder().encode(item);
  if (item instanceof ArrayBuffer) return new Uint8Array(item);
  // A `Buffer` of Node would not copy when it is cut.
  if (ArrayBuffer.isView(item)) return new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
  return null;
}
