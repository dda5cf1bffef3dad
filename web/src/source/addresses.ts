/** Logs by their address, and answers of servers. */
import { builtin } from '../builtin.js';
import { failure } from '../error.js';
import { isSealed } from '../seal.js';
import type { FeedSource, Opened } from './given.js';
import { itemsOf, openItems } from './streams.js';

/** The part of `node:fs` that is used. */
interface FileStreams {
  createReadStream(path: URL): AsyncIterable<Uint8Array>;
  statSync(path: URL): { size: number };
}

/** The last part of an address, by which its log is called. */
function nameOf(address: string): string {
  const path = address.split(/[?#]/, 1)[0] ?? '';
  return decode(path.split('/').pop() ?? '') || 'response';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A log at an address: fetched by the page when it is read, in Node also a file. */
export function addressSource(address: string | URL, given?: string): FeedSource {
  const url = absolute(address);
  const name = given ?? nameOf(url.pathname);
  const open = async (stop: AbortSignal): Promise<Opened> => {
    const files = url.protocol === 'file:' ? builtin<FileStreams>('node:fs') : null;
    if (files) {
      const { size } = files.statSync(url);
      return openItems(name, files.createReadStream(url)[Symbol.asyncIterator](), size);
    }
    if (isSealed())
      throw failure(
        'state',
        `${name}: this page is sealed and fetches nothing: fetch it before, and load the response`,
      );
    const response = await fetch(url, { signal: stop }).catch((thrown: unknown) => {
      throw failure('network', `${name} could not be fetched: ${String(thrown)}`);
    });
    return openResponse(name, response, stop);
  };
  return { name, repeatable: true, open };
}

/** What a server answered. */
export function responseSource(response: Response, given?: string): FeedSource {
  const name = given ?? nameOf(response.url);
  return { name, repeatable: false, open: (stop) => openResponse(name, response, stop) };
}

async function openResponse(name: string, response: Response, stop: AbortSignal): Promise<Opened> {
  if (!response.ok) throw failure('network', `${name}: the server answered with status ${response.status}`);
  if (response.bodyUsed) throw failure('parameter', `${name}: the body of this response was read before`);
  const { headers, body } = response;
  // Of a body that was packed on its way, the length is that of the packed one.
  const length = headers.get('content-encoding') === null ? Number(headers.get('content-length') ?? NaN) : NaN;
  const size = Number.isInteger(length) ? length : null;
  return openItems(name, itemsOf(body ?? new Blob().stream(), stop), size);
}

function absolute(address: string | URL): URL {
  try {
    return new URL(address, (globalThis.document as Document | undefined)?.baseURI);
  } catch {
    throw failure('parameter', `${String(address)} is not an address; of a file, its content or a file: address loads`);
  }
}
