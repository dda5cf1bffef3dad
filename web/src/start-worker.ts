import type { ScriptSource } from './protocol.js';

/**
 * Starts a self-contained classic worker. Text, and scripts of another origin (a CDN), start from a `blob:` address; a
 * script of the own origin starts from its address, which a policy without `blob:` allows too.
 */
export async function startWorker(source: ScriptSource, name: string): Promise<Worker> {
  if ('url' in source) {
    const url = new URL(source.url);
    if (url.origin === globalThis.location.origin) return new Worker(url, { name });
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url.pathname} could not be fetched: status ${response.status}`);
    return startText(await response.text(), name);
  }
  return startText(source.text, name);
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
