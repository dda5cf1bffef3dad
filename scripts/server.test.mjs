import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileFor, serve } from './server.mjs';

describe('the file that a path means', () => {
  const root = join(sep, 'site', 'dist');
  const at = (path, base = '/') => fileFor(root, base, path);

  it('lies under the root; a folder means its index.html', () => {
    expect(at('/')).toBe(join(root, 'index.html'));
    expect(at('/assets/')).toBe(join(root, 'assets', 'index.html'));
    expect(at('/cpu/engine.wasm?v=1#top')).toBe(join(root, 'cpu', 'engine.wasm'));
    expect(at('/a%20b/%E7%94%A8.csv')).toBe(join(root, 'a b', '用.csv'));
  });

  it.each([
    '/../secret',
    '/a/../../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/../dist-of-another/index.html',
    '/a/../..',
  ])('%s leaves the root: none', (path) => expect(at(path)).toBeNull());

  it('may go up as long as it stays inside', () => {
    expect(at('/a/../index.html')).toBe(join(root, 'index.html'));
  });

  it.each(['/%', '/%zz', '/%E7%94', '/a%00.html'])('%s is malformed: none', (path) => expect(at(path)).toBeNull());

  it('outside the base there is none', () => {
    expect(at('/app/main.js', '/app/')).toBe(join(root, 'main.js'));
    expect(at('/app/', '/app/')).toBe(join(root, 'index.html'));
    expect(at('/main.js', '/app/')).toBeNull();
    expect(at('/application/main.js', '/app/')).toBeNull();
    expect(at('/app/../main.js', '/app/')).toBeNull();
  });
});

describe('the server', () => {
  let folder;
  let server;
  const seen = [];

  /** The path is sent as it stands: `fetch` would tidy it up first. */
  const get = (path, method = 'GET') =>
    new Promise((resolve, reject) => {
      const { port } = new URL(server.address);
      request({ host: '127.0.0.1', port, path, method }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() });
        });
      })
        .on('error', reject)
        .end();
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'driftscope-server-'));
    mkdirSync(join(folder, 'site', 'empty'), { recursive: true });
    writeFileSync(join(folder, 'site', 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'site', 'engine.wasm'), 'wasm');
    writeFileSync(join(folder, 'secret'), 'secret');
    server = await serve(join(folder, 'site') + sep, { base: '/app/', seen: ({ url }) => seen.push(url) });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('listens on a free port and says where', async () => {
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/app\/$/);
    expect(await (await fetch(server.address)).text()).toBe('<!doctype html>');
  });

  it('gives files their types: a browser compiles wasm as it arrives only with the right one', async () => {
    const { status, headers, body } = await get('/app/engine.wasm');
    expect([status, body]).toEqual([200, 'wasm']);
    expect(headers).toMatchObject({ 'content-type': 'application/wasm', 'content-length': '4' });
  });

  it('answers what is not there, a folder, and what leaves the site with 404', async () => {
    for (const path of [
      '/app/none.js',
      '/app/empty',
      '/app/empty/',
      '/app/../secret',
      '/app/%2e%2e/secret',
      '/app/%',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  it('sends no body for HEAD and refuses what would change something', async () => {
    expect(await get('/app/engine.wasm', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect((await get('/app/engine.wasm', 'POST')).status).toBe(405);
  });

  it('tells each request as it came', async () => {
    await get('/app/..%2fsecret');
    expect(seen).toContain('/app/..%2fsecret');
  });

  it('says when its port is taken', async () => {
    const port = Number(new URL(server.address).port);
    await expect(serve(folder, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
