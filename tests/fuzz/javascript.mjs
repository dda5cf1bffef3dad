/**
 * What takes bytes or messages from outside in JavaScript: archives, project files, the worker protocol. Not Parquet:
 * docs/ROBUSTNESS.md says why. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { files, json, parsed } from './corpus.mjs';
import { sources } from './sources.mjs';

/** Where the name of a project lies in its header (docs/PROJECT_FORMAT.md), and the length of its hash. */
const NAME = { length: 84, start: 86 };
const HASH = 32;

async function drained(pieces) {
  let length = 0;
  for await (const { bytes } of pieces) length += bytes.length;
  return length;
}

async function zipOf(entries, options = {}) {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, ...options });
  for (const [path, bytes] of Object.entries(entries)) await writer.add(path, new Uint8ArrayReader(bytes));
  return writer.close();
}

/** Archives: deflated, stored, of several entries. Which checks the checksums does not matter: refusing is right, too. */
async function zip({ zipEntries, zipPieces }) {
  const [one, two] = files('text');
  return {
    seeds: [
      await zipOf({ 'a.csv': one }),
      await zipOf({ 'a.csv': one, 'b/ü.csv': two }, { level: 0 }),
      await zipOf({ 'a.csv': two, '__MACOSX/x': one }, { zip64: true }),
    ],
    read: async (bytes) => {
      const blob = new Blob([bytes]);
      const entries = await zipEntries('log.zip', blob);
      for (const { path } of entries) await drained(zipPieces('log.zip', blob, path));
    },
  };
}

/** The file with the hash that belongs to its header, so that mutations of the header get past it. */
function withHash(bytes) {
  if (bytes.length < NAME.start) return bytes;
  const end = NAME.start + new DataView(bytes.buffer, bytes.byteOffset).getUint16(NAME.length, true);
  if (bytes.length < end + HASH) return bytes;
  const out = bytes.slice();
  out.set(createHash('sha256').update(bytes.subarray(0, end)).digest(), end);
  return out;
}

async function projects({ newKey, pack, readHeader, seal, unpack, unseal }) {
  const key = await newKey('correct horse');
  const state = { name: '夏天 <b>', steps: [{ kind: 'quality', half: 0.5, none: NaN }], __proto__: { odd: true } };
  const packed = await pack(state, files('text')[0]);
  const sealed = await seal({ kind: 'project', name: '夏天 <b>', savedAt: 1_700_000_000_000 }, packed, key);
  return {
    // As a file that was chosen: by its header, then whole.
    'project-files': {
      seeds: [sealed],
      read: async (bytes) => {
        await readHeader(bytes);
        await unpack(await unseal(bytes, key));
      },
    },
    'project-headers': {
      seeds: [sealed.slice(0, sealed.length - packed.length)],
      read: (bytes) => readHeader(withHash(bytes)),
    },
    // As someone who knows the passphrase could have written it.
    'project-contents': {
      seeds: [new Uint8Array(gunzipSync(packed))],
      read: (bytes) => unpack(new Uint8Array(gzipSync(bytes, { level: 1 }))),
    },
    'project-packed': { seeds: [packed], read: unpack },
  };
}

/** A connection and the worker that serves it, in this process: what one posts arrives at the other at once. */
function messages({ Connection, serve, DriftscopeError, failure }) {
  const handlers = {
    echo: ({ value }) => value,
    fail: () => {
      throw failure('damaged', 'cut off', { place: { file: 'a.csv', line: 3, column: null } });
    },
  };
  // A worker answers whatever arrives, and the requests that are understood are still answered afterwards.
  const toWorker = async (bytes) => {
    const posted = [];
    const port = { onmessage: null, postMessage: (message) => void posted.push(structuredClone(message)) };
    serve(port, handlers);
    const message = parsed(bytes);
    port.onmessage({ data: message });
    port.onmessage({ data: { type: 'request', id: -1, kind: 'echo', args: { value: 7 } } });
    await null;
    await null;
    await null;
    if (!posted.some(({ type, id, value }) => type === 'result' && id === -1 && value === 7))
      throw new Error(`the worker no longer answers after ${JSON.stringify(message)}`);
    if (posted.some(({ type }) => type === 'crashed')) throw new Error('a message crashed the worker');
    if (posted.length !== 2) throw failure('parameter', 'no request');
  };
  // A page goes on, too; a message that says so ends the connection.
  const toPage = async (bytes) => {
    const worker = { onmessage: null, onerror: null, postMessage: () => undefined, terminate: () => undefined };
    const connection = new Connection(worker);
    const settled = connection.request('echo', { value: 7 }).catch((thrown) => {
      if (!(thrown instanceof DriftscopeError)) throw thrown;
    });
    worker.onmessage({ data: parsed(bytes) });
    if (!connection.lost) worker.onmessage({ data: { type: 'result', id: 1, value: 7 } });
    await settled;
  };
  return {
    'messages-to-worker': {
      seeds: [
        { type: 'request', id: 1, kind: 'echo', args: { value: [1, 'x', null] } },
        { type: 'request', id: 2, kind: '__proto__', args: null },
        { type: 'request', id: 2, kind: 'fail', args: {} },
        { type: 'cancel', id: 1 },
      ].map(json),
      read: toWorker,
    },
    'messages-to-page': {
      seeds: [
        { type: 'result', id: 1, value: { a: [1, 2] } },
        { type: 'failed', id: 1, error: { code: 'damaged', message: 'cut off', detail: {} } },
        { type: 'progress', id: 1, progress: { stage: 'read', done: 1, total: 2, unit: 'bytes' } },
        { type: 'checkpoint', id: 1, bytes: [1, 2, 3] },
        { type: 'crashed', message: 'unreachable' },
      ].map(json),
      read: toPage,
    },
  };
}

/** By name, as `targets` of the engine. */
export async function javascriptTargets() {
  const modules = await sources();
  return {
    zip: await zip(modules),
    ...(await projects(modules)),
    ...messages(modules),
  };
}
