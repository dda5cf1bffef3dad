// A static file server for the built page, on this machine only.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The file under `root` that a request's path means; null where it is malformed, leaves `root` or lies outside `base`. */
export function fileFor(root, base, requestPath) {
  let path;
  try {
    path = decodeURIComponent(requestPath.split(/[?#]/, 1)[0]);
  } catch {
    return null;
  }
  if (!path.startsWith(base) || path.includes('\0')) return null;
  const inside = path.slice(base.length);
  const file = normalize(join(root, inside === '' || inside.endsWith('/') ? `${inside}index.html` : inside));
  return file.startsWith(root + sep) ? file : null;
}

async function found(file) {
  const info = file === null ? null : await stat(file).catch(() => null);
  return info?.isFile() ? { file, size: info.size } : null;
}

/**
 * Serves the folder `root` on 127.0.0.1 under the path `base` (with a slash at both ends). `seen` is told each request.
 * Port 0 picks a free one. Resolves to `{ address, close }` when it listens.
 *
 * @param {string} root
 * @param {{ port?: number, base?: string, seen?: (request: import('node:http').IncomingMessage) => void }} [options]
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export function serve(root, { port = 0, base = '/', seen = () => {} } = {}) {
  const folder = normalize(root).replace(/[\\/]+$/, '');
  const server = createServer(async (request, response) => {
    seen(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    const hit = await found(fileFor(folder, base, request.url));
    if (hit === null) return void response.writeHead(404, { 'content-type': TYPES['.txt'] }).end('not found\n');
    response.writeHead(200, {
      'content-type': TYPES[extname(hit.file)] ?? 'application/octet-stream',
      'content-length': hit.size,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    if (request.method === 'HEAD') return void response.end();
    createReadStream(hit.file)
      .on('error', () => response.destroy())
      .pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = `http://127.0.0.1:${server.address().port}${base}`;
      const close = () => new Promise((done) => server.close(done).closeAllConnections());
      resolve({ address, close });
    });
  });
}
