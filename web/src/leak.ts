/**
 * Planted attempts to send something out, for people and tests that want to see the seal hold. Each asks for an address of
 * the page's own host that says nothing but the way it was tried. Runs in pages and in workers.
 */
import type { LeakAttempt, LeakWay } from './types.js';

/** How long an attempt may take until it counts as having failed, in milliseconds. */
const PATIENCE = 1500;

type Scope = 'page' | 'worker';
type Attempt = (address: URL) => unknown;

/** Settles when the element has loaded or failed; takes it out of the page again. */
function loaded(element: HTMLElement, parent: ParentNode = document.body): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    element.onload = () => resolve();
    element.onerror = () => reject(new Error('the element failed to load'));
    parent.append(element);
  }).finally(() => element.remove());
}

function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), properties);
}

/** Settles with the first of two events of a connection; closes it. */
function opened(target: EventTarget & { close(): void }): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    target.addEventListener('open', () => resolve());
    target.addEventListener('error', () => reject(new Error('the connection failed')));
  }).finally(() => target.close());
}

function workerAnswers(worker: Worker): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = () => reject(new Error('the worker failed to start'));
  }).finally(() => worker.terminate());
}

const EVERYWHERE: Partial<Record<LeakWay, Attempt>> = {
  fetch: (address) => fetch(address),
  xhr: (address) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onload = resolve;
      request.onerror = reject;
      request.open('GET', address);
      request.send();
    }),
  websocket: (address) => opened(new WebSocket(address.href.replace(/^http/, 'ws'))),
  eventsource: (address) => opened(new EventSource(address)),
  import: (address) => import(/* @vite-ignore */ /* webpackIgnore: true */ address.href),
  worker: (address) => workerAnswers(new Worker(address)),
};

const PAGE: Partial<Record<LeakWay, Attempt>> = {
  ...EVERYWHERE,
  beacon: (address) => {
    if (!navigator.sendBeacon(address)) throw new Error('the beacon was refused');
  },
  image: (address) => loaded(made('img', { src: address.href })),
  media: (address) =>
    new Promise((resolve, reject) => {
      const video = made('video', { onloadeddata: resolve, onerror: reject, src: address.href });
      video.load();
    }),
  script: (address) => loaded(made('script', { src: address.href })),
  style: (address) => loaded(made('link', { rel: 'stylesheet', href: address.href }), document.head),
  font: (address) => new FontFace('driftscope-leak', `url(${JSON.stringify(address.href)})`).load(),
  prefetch: (address) => loaded(made('link', { rel: 'prefetch', href: address.href }), document.head),
  iframe: (address) => loaded(made('iframe', { src: address.href, hidden: true })),
  object: (address) => loaded(made('object', { data: address.href })),
  form: async (address) => {
    // The answer goes to a frame that is empty, so that the page stays.
    const name = `leak-${Math.trunc(performance.now())}`;
    const frame = made('iframe', { name, hidden: true });
    const form = made('form', { method: 'post', action: address.href, target: name, hidden: true });
    document.body.append(frame, form);
    const answered = new Promise((resolve) => (frame.onload = resolve));
    form.submit();
    await answered.finally(() => (frame.remove(), form.remove()));
  },
  webrtc: async (address) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${address.hostname}:${address.port || 3478}` }] });
    peer.createDataChannel('leak');
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((resolve) => setTimeout(resolve, PATIENCE / 2));
    peer.close();
  },
};

const WORKER: Partial<Record<LeakWay, Attempt>> = {
  ...EVERYWHERE,
  importscripts: (address) => {
    (globalThis as unknown as { importScripts(address: string): void }).importScripts(address.href);
  },
};

/** Tries every way out, one after the other, and says what became of each. */
export async function attempts(scope: Scope, base: URL): Promise<LeakAttempt[]> {
  const found: LeakAttempt[] = [];
  for (const [way, attempt] of Object.entries(scope === 'page' ? PAGE : WORKER) as [LeakWay, Attempt][]) {
    const address = new URL(base);
    address.searchParams.set('leak', `${scope}-${way}`);
    found.push({ from: scope, way, outcome: await outcomeOf(attempt, address) });
  }
  return found;
}

/**
 * `blocked` where the browser says that a policy forbade it or where there is no such way here; `passed` where the host
 * answered; `failed` where nothing came of it and the browser does not say why.
 */
async function outcomeOf(attempt: Attempt, address: URL): Promise<LeakAttempt['outcome']> {
  const watched: EventTarget = (globalThis as { document?: Document }).document ?? globalThis;
  let blocked = false;
  const see = (event: Event): void => {
    const uri = (event as SecurityPolicyViolationEvent).blockedURI;
    if (address.href.startsWith(uri) || uri.includes(address.searchParams.get('leak') ?? '')) blocked = true;
  };
  watched.addEventListener('securitypolicyviolation', see);
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no answer')), PATIENCE));
  let passed = false;
  let absent = false;
  try {
    await Promise.race([Promise.resolve().then(() => attempt(address)), late]);
    passed = true;
  } catch (thrown) {
    // The constructor is not there, or was taken away by the seal.
    absent = thrown instanceof ReferenceError;
  }
  // A violation is reported in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 30));
  watched.removeEventListener('securitypolicyviolation', see);
  if (blocked || absent) return 'blocked';
  return passed ? 'passed' : 'failed';
}
