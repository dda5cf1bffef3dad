/** Tells what was given to be loaded. */
import { failure } from '../error.js';
import type { LogSources, Row } from '../types.js';
import { addressSource, responseSource } from './addresses.js';
import type { FeedSource, Given } from './given.js';
import { itemsOf, openItems } from './streams.js';
import { isArrow, isColumns, openArrow, openColumns, openRowArray } from './tables.js';

/** The sources that were given; fails with `parameter` where one is of no known kind. */
export function sourcesOf(given: LogSources): Given[] {
  if (!Array.isArray(given)) return [sourceOf(given)];
  // An array of something that is no source of its own is a table of rows.
  return given.some((part) => isSource(part)) ? given.map((part) => sourceOf(part)) : [sourceOf(given)];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isNamed = (value: Record<string, unknown>): boolean => typeof value['name'] === 'string';
const isBytes = (value: unknown): boolean => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

/** Whether a part of an array is a source, and not a row or a chunk of bytes. */
function isSource(part: unknown): boolean {
  if (typeof part === 'string') return true;
  if (!isObject(part) || isBytes(part)) return false;
  return (
    part instanceof Blob ||
    part instanceof URL ||
    part instanceof Response ||
    part instanceof ReadableStream ||
    (isNamed(part) && (part['blob'] instanceof Blob || isObject(part['data']))) ||
    Array.isArray(part) ||
    isArrow(part) ||
    isColumns(part)
  );
}

function sourceOf(source: unknown, name?: string): Given {
  if (typeof source === 'string' || source instanceof URL) return addressSource(source, name);
  if (source instanceof Blob) {
    const own = (source as Partial<File>).name;
    return blobSource(name ?? own ?? 'blob', source);
  }
  if (source instanceof Response) return responseSource(source, name);
  if (source instanceof ReadableStream)
    return once(name ?? 'stream', (stop) => itemsOf(source as ReadableStream<unknown>, stop));
  if (isBytes(source)) return { name: name ?? 'bytes', blob: new Blob([source as BlobPart]) };
  if (Array.isArray(source)) return rowsSource(source as Row[], name ?? 'rows');
  if (isArrow(source)) return memory(name ?? 'table', () => openArrow(source));
  if (isObject(source)) {
    if (isNamed(source) && name === undefined) {
      const { name: own, blob, data } = source as { name: string; blob?: unknown; data?: unknown };
      if (blob instanceof Blob) return blobSource(own, blob);
      if (isObject(data)) return sourceOf(data, own);
    }
    if (Symbol.asyncIterator in source)
      return once(name ?? 'stream', () => (source as unknown as AsyncIterable<unknown>)[Symbol.asyncIterator]());
    if (Symbol.iterator in source)
      return once(name ?? 'rows', () => asynchronous(source as unknown as Iterable<unknown>));
    if (isColumns(source)) return memory(name ?? 'columns', () => openColumns(name ?? 'columns', source));
  }
  throw failure('parameter', `a log can't be loaded from ${describe(source)}: see LogSource for what it can`);
}

/** A blob as it is; but in Node one that stands for a file (`openAsBlob`) cannot go to a thread, and is fed to it. */
function blobSource(name: string, blob: Blob): Given {
  if (typeof Worker !== 'undefined' || isCloneable(blob)) return { name, blob };
  return { name, repeatable: true, open: (stop) => openItems(name, itemsOf(blob.stream(), stop), blob.size) };
}

function isCloneable(blob: Blob): boolean {
  try {
    structuredClone(blob);
    return true;
  } catch {
    return false;
  }
}

/** Rows, which are read as they are at that time: they must not change while they are loaded. */
function rowsSource(rows: Row[], name: string): FeedSource {
  const [first] = rows;
  if (isObject(first) && !isBytes(first)) return memory(name, () => openRowArray(name, rows));
  return { name, repeatable: true, open: () => openItems(name, asynchronous(rows), null) };
}

/** A table in memory. */
function memory(name: string, open: () => ReturnType<typeof openColumns>): FeedSource {
  return { name, repeatable: true, open: async () => open() };
}

/** What can be read only once. */
function once(name: string, items: (stop: AbortSignal) => AsyncIterator<unknown, unknown>): FeedSource {
  let used = false;
  const open: FeedSource['open'] = async (stop) => {
    if (used) throw failure('parameter', `${name}: it was read before, and can be read only once`);
    used = true;
    return openItems(name, items(stop), null);
  };
  return { name, repeatable: false, open };
}

async function* asynchronous(items: Iterable<unknown>): AsyncGenerator<unknown, void> {
  yield* items;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const { constructor } = value;
  return typeof value === 'object' ? `this ${constructor?.name || 'object'}` : `a ${typeof value}`;
}
