/** Reading the package's own files, from wherever they lie. */
import { builtin, type FileSystem } from './builtin.js';
import { cancelled, failure } from './error.js';
import type { CallOptions } from './types.js';

/** The file at an address: fetched, or in Node read from the disk. */
export async function read(url: URL, { signal }: CallOptions = {}): Promise<Response> {
  const files = url.protocol === 'file:' ? builtin<FileSystem>('node:fs/promises') : null;
  let response: Response;
  try {
    response = files ? new Response(await files.readFile(url)) : await fetch(url, { signal });
  } catch (thrown) {
    if (signal?.aborted) throw cancelled();
    throw failure('network', `${url.pathname} could not be read: ${String(thrown)}`);
  }
  if (!response.ok) throw failure('network', `${url.pathname} could not be fetched: status ${response.status}`);
  return response;
}

/** The text at an address. */
export async function readText(url: URL, options: CallOptions = {}): Promise<string> {
  return (await read(url, options)).text();
}
