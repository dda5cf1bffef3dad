/** Hands sources that the page reads to a worker, which asks for one piece after the other through a port. */
import type { Connection, WorkerLike } from '../connection.js';
import { cancelled, DriftscopeError, failure } from '../error.js';
import type { RequestKind, Requests } from '../protocol.js';
import { type Handlers, serve } from '../worker/serve.js';
import type { TrainCallOptions } from '../types.js';
import { type FeedRequests, type FeedSource, type Given, isFeed, type Opened, type WireSource } from './given.js';

/** The other end of a port, as a `Connection` takes it. */
export function workerBehind(port: MessagePort): WorkerLike {
  const worker: WorkerLike = {
    postMessage: (message, transfer = []) => port.postMessage(message, transfer),
    terminate: () => port.close(),
    onmessage: null,
    onerror: null,
  };
  port.onmessage = (event) => worker.onmessage?.(event);
  return worker;
}

/** Sends a request with sources, and feeds the worker until it has answered or the call is cancelled. */
export async function requestWith<K extends RequestKind>(
  connection: Connection,
  kind: K,
  given: Given[],
  args: Omit<Requests[K]['args'] & object, 'files'>,
  options: TrainCallOptions,
): Promise<Requests[K]['result']> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  const ports: MessagePort[] = [];
  const own: MessagePort[] = [];
  const files = given.map((source): WireSource => {
    if (!isFeed(source)) return source;
    const { port1, port2 } = new MessageChannel();
    serve<FeedRequests>(port1, feeding(source, stop.signal));
    own.push(port1);
    ports.push(port2);
    return { name: source.name, port: port2 };
  });
  try {
    return await connection.request(kind, { ...args, files }, { ...options, transfer: ports });
  } finally {
    options.signal?.removeEventListener('abort', abort);
    stop.abort();
    for (const port of own) port.close();
  }
}

function feeding(source: FeedSource, stop: AbortSignal): Handlers<FeedRequests> {
  let opened: Opened | null = null;
  const stopped = new Promise<never>((_, reject) => {
    stop.addEventListener('abort', () => {
      reject(cancelled());
      // A generator that waits for its source ends only then; nobody waits for it.
      opened?.pieces.return?.()?.catch(() => undefined);
    });
  });
  stopped.catch(() => undefined);
  const orStopped = async <T>(what: Promise<T>): Promise<T> => {
    try {
      return await Promise.race([what, stopped]);
    } catch (thrown) {
      if (thrown instanceof DriftscopeError) throw thrown;
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      const place = { file: source.name, line: null, column: null };
      throw failure('unreadable', `${source.name}: it could not be read to its end: ${reason}`, { place });
    }
  };
  return {
    open: async () => {
      opened = await orStopped(source.open(stop));
      return opened.head;
    },
    next: async () => {
      if (!opened) throw failure('state', `${source.name} was not opened`);
      const { done, value } = await orStopped(opened.pieces.next());
      return done ? null : value;
    },
  };
}
