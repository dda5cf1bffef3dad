/** A static host for the built page that writes down what arrives. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { ROOT } from './data';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface StaticServer {
  /** Address of the folder, with a slash at its end. */
  address: string;
  /** Method and path of every request since the start or the last `forget`. */
  arrived: string[];
  forget: () => void;
  close: () => Promise<void>;
}

/** Serves `folder` (default: the built page) under the path `base`, which has a slash at both ends. */
export async function serve(folder = join(ROOT, 'www', 'dist'), base = '/'): Promise<StaticServer> {
  if (!existsSync(folder)) throw new Error(`${folder} is not built: run npm run build first`);
  const arrived: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    arrived.push(`${request.method} ${url}`);
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
    const inside = path.startsWith(base) ? path.slice(base.length) : null;
    const file = inside === null ? null : normalize(join(folder, inside || 'index.html'));
    if (!file?.startsWith(folder + sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${base}`,
    arrived,
    forget: () => void arrived.splice(0),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
