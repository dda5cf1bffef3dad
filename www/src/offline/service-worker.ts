/**
 * Keeps the page and its engine after the first visit, so that it works with the network off. It answers only for the
 * files of this build and fetches nothing else. A new version waits until the page asks for it.
 */
import type { Build } from './build';

/** The part of a service worker's global scope that is used here; TypeScript's own types exclude those of a page. */
interface Scope {
  location: Location;
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: 'install' | 'activate',
    listener: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (event: { request: Request; respondWith(response: Promise<Response>): void }) => void,
  ): void;
}

/** Filled in by the build. */
declare const BUILD: Build;
const scope = self as unknown as Scope;
const PREFIX = 'driftscope-';
const CACHE = PREFIX + BUILD.version;
const address = (file: string): string => new URL(file, scope.registration.scope).href;
const kept = new Set(BUILD.files.map(address));
const later = new Set(BUILD.later.map(address));
const START = address('./');

/** Files with a hash in their name never change: they are taken from the cache before, or from the browser's. */
async function take(cache: Cache, url: string): Promise<void> {
  const hashed = url.includes('/assets/');
  const before = hashed ? await caches.match(url) : undefined;
  const response = before ?? (await fetch(url, { cache: hashed ? 'force-cache' : 'no-cache' }));
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  await cache.put(url, response);
}

scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([...kept].map((url) => take(cache, url)))));
});

scope.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    await scope.clients.claim();
  };
  event.waitUntil(tidy());
});

scope.addEventListener('message', (event) => {
  if (event.data === 'update') void scope.skipWaiting();
});

/** From the cache; from the network where the browser tidied the cache away, and for what is only kept once it was used. */
async function answer(url: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const known = await cache.match(url);
  if (known) return known;
  const response = await fetch(url);
  if (response.ok) await cache.put(url, response.clone());
  return response;
}

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  url.search = '';
  url.hash = '';
  const plain = url.href === address('index.html') ? START : url.href;
  if (kept.has(plain) || later.has(plain)) event.respondWith(answer(plain));
});
