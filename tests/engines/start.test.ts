/** How the package starts and ends in Node: where the engine comes from, what is told of it, and who ends it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { create, DriftscopeError, preload, type CreateOptions, type Progress } from 'driftscope';
import { create as createInlined } from 'driftscope/inline';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { serve } from '../support/server';

const DIST = join(ROOT, 'web', 'dist');
const WASM = join(DIST, 'cpu', 'driftscope_web_bg.wasm');
const SAMPLE = { users: 20, days: 20, seed: 1 };

async function works(options: CreateOptions): Promise<void> {
  const driftscope = await create({ engines: ['cpu'], ...options });
  expect((await driftscope.loadSample(SAMPLE)).summary.users).toBe(20);
  driftscope.dispose();
}

describe('the engine', () => {
  const bytes = readFileSync(WASM);
  it('may be handed over as bytes, as a module, or as one that is on its way', async () => {
    await works({ wasmModule: { cpu: bytes } });
    await works({ wasmModule: { cpu: new WebAssembly.Module(bytes) } });
    await works({ wasmModule: { cpu: WebAssembly.compile(bytes) } });
  });

  it('may lie elsewhere, and its scripts may be handed over as text', async () => {
    const text = (name: string): string => readFileSync(join(DIST, name), 'utf8');
    const wasmUrl = { cpu: pathToFileURL(WASM) };
    await works({ wasmUrl, workerUrl: { cpu: pathToFileURL(join(DIST, 'cpu', 'worker.js')) } });
    await works({ wasmUrl, workerSource: { cpu: text('cpu/worker.js'), reader: text('reader.js') } });
    await works(await preload());
  });

  it('may lie in the module', async () => {
    const driftscope = await createInlined();
    expect((await driftscope.loadSample(SAMPLE)).summary.users).toBe(20);
    driftscope.dispose();
  });

  it('arrives with progress, and can be cancelled on its way', async () => {
    const server = await serve(DIST);
    const wasmUrl = { cpu: `${server.address}cpu/driftscope_web_bg.wasm` };
    const seen: Progress[] = [];
    await works({ wasmUrl, onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ stage: 'engine', unit: 'bytes', done: bytes.length });
    const stop = new AbortController();
    const started = create({ wasmUrl, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    await server.close();
  });

  it('that breaks off on its way is told, and so is that it was cancelled there', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/wasm', 'content-length': bytes.length });
      response.write(bytes.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 100));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const wasmUrl = { cpu: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
    for (const start of [create, preload]) {
      await expect(start({ wasmUrl })).rejects.toMatchObject({ name: 'DriftscopeError', code: 'network' });
      const stop = new AbortController();
      const stopped = start({ wasmUrl, signal: stop.signal, onProgress: () => stop.abort() });
      await expect(stopped).rejects.toMatchObject({ name: 'DriftscopeError', code: 'cancelled' });
    }
    server.close();
  });

  it('that is none is told by the one class of errors', async () => {
    for (const options of [
      { wasmModule: { cpu: new Uint8Array([1, 2, 3]) } },
      { wasmUrl: { cpu: pathToFileURL(join(DIST, 'absent.wasm')) } },
      { wasmUrl: { cpu: 'http://' } },
      { workerUrl: { cpu: pathToFileURL(join(DIST, 'absent.js')) } },
      { workerSource: { cpu: 'throw new Error("no")' } },
    ]) {
      const error: unknown = await create(options).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DriftscopeError);
      expect((error as DriftscopeError).code).toMatch(/unsupported|network|parameter|crashed/);
    }
  });
});

describe('a handle that nobody holds any more', () => {
  it('ends its thread when it is collected, so that the process can end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'driftscope-forgotten-'));
    const script = join(folder, 'script.mjs');
    writeFileSync(
      script,
      `import { create } from ${JSON.stringify(pathToFileURL(join(DIST, 'index.js')).href)};
      const use = async () => {
        const driftscope = await create();
        if (process.argv[2] === 'keep') globalThis.kept = driftscope;
        return (await driftscope.loadSample(${JSON.stringify(SAMPLE)})).summary.users;
      };
      console.log(await use());
      for (let round = 0; round < 20; round++) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }`,
    );
    const run = (what: string) =>
      promisify(execFile)(process.execPath, ['--expose-gc', script, what], { timeout: 10_000 });
    await expect(run('forget')).resolves.toMatchObject({ stdout: '20\n' });
    // The control: as long as somebody holds it, the thread keeps the process.
    await expect(run('keep')).rejects.toMatchObject({ killed: true, stdout: '20\n' });
    rmSync(folder, { recursive: true });
  });
});
