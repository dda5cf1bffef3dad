/** Reading the package's own files, from wherever they lie. */
import { builtin, type FileSystem } from './builtin.js';
import { cancelled, DriftscopeError, failure } from './error.js';
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
  try {
    return await (await read(url, options)).text();
  } catch (thrown) {
    throw broken(url.pathname, thrown, options);
  }
}

/** What a failure in the middle of reading means: cancelled, or an answer that broke off. */
export function broken(what: string, thrown: unknown, { signal }: CallOptions): DriftscopeError {
  if (signal?.aborted) return cancelled();
  if (thrown instanceof DriftscopeError) return thrown;
  return failure('network', `${what} broke off: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}
