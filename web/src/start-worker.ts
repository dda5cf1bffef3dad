import { builtin, type Threads } from './builtin.js';
import type { WorkerLike } from './connection.js';
import { readText } from './read.js';
import type { ScriptSource } from './protocol.js';

/**
 * Starts a self-contained classic worker. In a browser text, and scripts of another origin (a CDN), start from a `blob:`
 * address; a script of the own origin starts from its address, which a policy without `blob:` allows too. In Node it is a
 * thread.
 */
export async function startWorker(source: ScriptSource, name: string): Promise<WorkerLike> {
  const threads = typeof Worker === 'undefined' ? builtin<Threads>('node:worker_threads') : null;
  if ('text' in source) return threads ? startThread(threads, source.text, name) : startText(source.text, name);
  const url = new URL(source.url);
  if (threads) return startThread(threads, await readText(url), name);
  if (url.origin === globalThis.location.origin) return new Worker(url, { name });
  return startText(await readText(url), name);
}

function startText(text: string, name: string): Worker {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return new Worker(address, { name });
  } finally {
    // The fetch of the script has begun by now only in some engines; give the others time.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}

/** What a browser's worker has and a thread has not: its port as global functions. */
const GLOBALS = `{
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  globalThis.self = globalThis;
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  parentPort.on('message', (data) => globalThis.onmessage?.({ data }));
}
`;

function startThread({ Worker: Thread }: Threads, text: string, name: string): WorkerLike {
  const thread = new Thread(GLOBALS + text, { eval: true, name });
  const worker: WorkerLike = {
    postMessage: (message, transfer) => thread.postMessage(message, transfer),
    terminate: () => void thread.terminate(),
    onmessage: null,
    onerror: null,
  };
  thread.on('message', (data) => worker.onmessage?.({ data } as MessageEvent));
  thread.on('error', (error) => worker.onerror?.({ message: error.message } as ErrorEvent));
  return worker;
}
