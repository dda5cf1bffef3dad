/**
 * The seal: a page forbids itself every connection. A second Content-Security-Policy is added to the document; policies only
 * ever add up, so that nothing in the page can take it back, and workers started from `blob:` inherit it.
 */
import { failure } from './error.js';

/**
 * What a sealed page may still do: run WebAssembly, start workers from text that it holds, show images that it made. There is
 * no `'self'`: a script, style or image of the own host could carry data in its address as well as any other.
 */
export const SEAL_POLICY = [
  "default-src 'none'",
  "script-src 'wasm-unsafe-eval'",
  'worker-src blob:',
  "connect-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  "frame-src 'none'",
  "object-src 'none'",
  "manifest-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

const MARK = 'driftscope-seal';

/** Constructors of WebRTC, which a Content-Security-Policy does not cover: a sealed page goes without them. */
const UNCOVERED = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCIceTransport'];

/**
 * Seals the page: from here on neither it nor any worker that it starts can load or send anything. Workers that run already
 * are not covered. It cannot be undone but by loading the page again. Fetch what is needed before: see `preload`.
 */
export function seal(): void {
  const page = globalThis.document as Document | undefined;
  if (!page) throw failure('unsupported', 'only a page can be sealed: there is no document here');
  if (isSealed()) return;
  const meta = page.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = SEAL_POLICY;
  meta.dataset['by'] = MARK;
  // A policy counts only where it stands in the head.
  page.head.append(meta);
  for (const name of UNCOVERED) Reflect.deleteProperty(globalThis, name);
}

/** Whether this page was sealed. `tryToLeak` shows whether that holds. */
export function isSealed(): boolean {
  const page = globalThis.document as Document | undefined;
  return page?.head.querySelector(`meta[data-by="${MARK}"]`) != null;
}
