/** Runs in the browser: engines in workers, asked by the package's own worker protocol. */
import { Connection } from '../../web/src/connection';
import type { RequestKind, Requests } from '../../web/src/protocol';
import { startWorker } from '../../web/src/start-worker';
import type { EngineName, FilePlan, FileSource, Progress } from '../../web/src/types';

const connections = new Map<EngineName, Connection>();
const files: FileSource[] = [];

/** Starts an engine from the files beside this page. */
async function start(engine: EngineName): Promise<void> {
  const at = (path: string): string => new URL(path, document.baseURI).href;
  const module = await WebAssembly.compileStreaming(fetch(at(`${engine}/driftscope_web_bg.wasm`)));
  const connection = new Connection(await startWorker({ url: at(`${engine}/worker.js`) }, engine));
  await connection.request('start', { module, reader: { url: at('reader.js') } });
  connections.set(engine, connection);
}

function connectionOf(engine: EngineName): Connection {
  const connection = connections.get(engine);
  if (!connection) throw new Error(`the ${engine} engine was not started`);
  return connection;
}

function request<K extends RequestKind>(
  engine: EngineName,
  kind: K,
  args: Requests[K]['args'],
): Promise<Requests[K]['result']> {
  return connectionOf(engine).request(kind, args);
}

/** Takes the files of an input element. */
function take(input: HTMLInputElement): void {
  files.splice(0, Infinity, ...[...(input.files ?? [])].map((file) => ({ name: file.name, blob: file })));
}

/** How the engine would read the taken files. */
async function plans(engine: EngineName): Promise<FilePlan[]> {
  const inspections = await connectionOf(engine).request('inspect', { files, changed: [] });
  return inspections.map((inspection) => inspection.plan);
}

/** Reads the taken files; the seconds until reading and joining end. */
async function read(engine: EngineName): Promise<{ seconds: number; rows: number }> {
  const asked = { files, plans: await plans(engine), cleaning: {} };
  const begin = performance.now();
  let end = NaN;
  const onProgress = ({ stage }: Progress): void => {
    if (stage === 'clean' && Number.isNaN(end)) end = performance.now();
  };
  const report = await connectionOf(engine).request('load', asked, { onProgress });
  const rows = report.files.reduce((sum, file) => sum + file.rowsRead, 0);
  return { seconds: (end - begin) / 1000, rows };
}

export const bench = { start, request, take, plans, read };
declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
