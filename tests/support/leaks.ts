/** The planted attempts to get something out of the page, and what a server sees of them. */
import { createSocket, type Socket } from 'node:dgram';
import type { StaticServer } from './server';

/** Ways that reach the server as a request. WebRTC asks by UDP, see `stun`. */
export const PAGE_WAYS = [
  'fetch',
  'xhr',
  'beacon',
  'websocket',
  'eventsource',
  'image',
  'media',
  'script',
  'style',
  'font',
  'prefetch',
  'iframe',
  'object',
  'form',
  'import',
  'worker',
];
export const WORKER_WAYS = ['fetch', 'xhr', 'websocket', 'eventsource', 'importscripts', 'import', 'worker'];

/** All ways as `leaks` names them. */
export const ALL_WAYS = [...PAGE_WAYS.map((way) => `page-${way}`), ...WORKER_WAYS.map((way) => `worker-${way}`)];

/** A page without any policy, beside a copy of the package in `driftscope/`: `leak()` plants all attempts. */
export const UNSEALED_PAGE = `<!doctype html><title>control</title><script type="module">
  import { create } from './driftscope/index.js';
  globalThis.leak = async () => (await create({ engines: ['cpu'] })).tryToLeak();
</script>`;

/** Listens for STUN on the port of a server; counts the datagrams. */
export async function stun(server: StaticServer): Promise<{ count: () => number; close: () => void }> {
  const socket: Socket = createSocket('udp4');
  let count = 0;
  socket.on('message', () => (count += 1));
  await new Promise<void>((resolve) => socket.bind(Number(new URL(server.address).port), '127.0.0.1', resolve));
  return { count: () => count, close: () => socket.close() };
}

/** What arrived, as the names of the ways. */
export const leaks = (server: StaticServer): string[] => [
  ...new Set(server.arrived.map((line) => /[?&]leak=([\w-]+)/.exec(line)?.[1] ?? `other: ${line}`)),
];
