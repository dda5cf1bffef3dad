/** Streams files through the engine's readers. */
import { failure } from '../error.js';
import { csvRows } from '../reader/csv.js';
import type { Piece } from '../reader/requests.js';
import type { ColumnInput, FileInspection, FilePlan, FileSource, Role } from '../types.js';
import type { Session } from './binding.js';
import type { Containers } from './containers.js';
import type { Call } from './serve.js';
import { expand, head, pieces, type Source } from './sources.js';

/** The engine gets at most this many bytes at a time, so that messages get in between. */
const PUSH_BYTES = 256 * 1024;
/** Rows of `loadColumns` that become one piece of text. */
const PIECE_ROWS = 16_384;

/** One table to read: its plan, its size on disk and its bytes. */
export interface Table {
  plan: FilePlan;
  size: number;
  pieces: () => AsyncIterable<Piece>;
}

/** Says of every table in the files how it would be read. */
export async function inspect(
  session: Session,
  containers: Containers,
  files: FileSource[],
  changed: (Partial<FilePlan> | null)[],
  call: Call,
): Promise<FileInspection[]> {
  const sources = await expand(files, containers);
  const inspections: FileInspection[] = [];
  for (const [index, source] of sources.entries()) {
    const { bytes, whole } = await head(source, containers);
    inspections.push(session.inspect(source.name, source.compression, bytes, whole, changed[index] ?? null));
    await call.breathe();
  }
  return inspections;
}

/** The tables of the files that the plans name; what is to be ignored is left out. */
export async function tablesOf(containers: Containers, files: FileSource[], plans: FilePlan[]): Promise<Table[]> {
  const left = [...plans];
  const tables: Table[] = [];
  for (const source of await expand(files, containers)) {
    const at = left.findIndex((plan) => plan.name === source.name);
    const plan = at < 0 ? undefined : left.splice(at, 1)[0];
    if (plan && plan.table !== 'ignore') {
      tables.push({
        plan,
        size: source.size,
        pieces: () => pieces(source, containers, { columns: wanted(plan, source), rows: null }),
      });
    }
  }
  const [stray] = left;
  if (stray && stray.table !== 'ignore')
    throw failure('parameter', `there is a plan for ${stray.name}, but no such file`);
  if (tables.length === 0) throw failure('parameter', 'no file has a plan: pass the plans that inspect gave');
  return tables;
}

/** Columns of a Parquet file that have a role; the others are not decoded. */
function wanted(plan: FilePlan, source: Source): number[] | null {
  if (source.compression !== 'parquet') return null;
  return plan.columns.flatMap(({ role }, index) => (role === 'ignore' ? [] : [index]));
}

/** Reads the tables one after the other into the session. */
export async function readTables(session: Session, tables: Table[], call: Call): Promise<void> {
  const total = tables.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  let rows = 0;
  session.beginLoad();
  try {
    for (const table of tables) {
      session.beginFile(table.plan);
      for await (const { bytes, used } of table.pieces()) {
        for (let at = 0; at < bytes.length; at += PUSH_BYTES) {
          rows = session.push(bytes.subarray(at, at + PUSH_BYTES));
          await call.breathe();
        }
        call.progress({ stage: 'read', done: before + used, total, unit: 'bytes', rows });
      }
      session.endFile();
      before += table.size;
    }
    call.progress({ stage: 'read', done: total, total, unit: 'bytes', rows });
  } catch (thrown) {
    session.abortLoad();
    throw thrown;
  }
}

/**
 * The rejected rows as CSV: reads the tables again and collects the rows that were rejected the first time. A log that was
 * made has no tables, and its events stand in for rows.
 */
export async function rejectedRows(session: Session, tables: Table[], call: Call): Promise<Blob> {
  const total = tables.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  const parts: BlobPart[] = [];
  const keep = (bytes: Uint8Array): void => {
    if (bytes.length > 0) parts.push(bytes as Uint8Array<ArrayBuffer>);
  };
  keep(session.beginRejected());
  if (tables.length === 0) keep(session.rejectedEvents());
  for (const table of tables) {
    session.beginRejectedFile(table.plan);
    for await (const { bytes, used } of table.pieces()) {
      for (let at = 0; at < bytes.length; at += PUSH_BYTES) {
        keep(session.pushRejected(bytes.subarray(at, at + PUSH_BYTES)));
        await call.breathe();
      }
      call.progress({ stage: 'read', done: before + used, total, unit: 'bytes' });
    }
    keep(session.endRejectedFile());
    before += table.size;
  }
  return new Blob(parts, { type: 'text/csv' });
}

/** Columns in memory as a table that the readers take. */
export function tableOfColumns(columns: ColumnInput): Table {
  const roles: { role: Role; values: ArrayLike<string | number> }[] = [];
  for (const role of ['user', 'item', 'domain', 'kind', 'time', 'platform'] as const) {
    const values = columns[role];
    if (values) roles.push({ role, values });
  }
  const length = columns.time.length;
  for (const { role, values } of roles) {
    if (values.length !== length)
      throw failure('parameter', `column ${role} has ${values.length} values, but time has ${length}`);
  }
  const cells = roles.map(({ values }) => values);
  const encoder = new TextEncoder();
  async function* text(): AsyncGenerator<Piece> {
    for (let from = 0; from < length; from += PIECE_ROWS) {
      const to = Math.min(from + PIECE_ROWS, length);
      yield { bytes: encoder.encode(csvRows(cells, from, to)), used: to };
    }
  }
  const plan: FilePlan = {
    name: 'columns',
    table: 'events',
    format: 'delimited',
    compression: 'none',
    encoding: 'utf-8',
    delimiter: ',',
    hasHeader: false,
    preset: 'generic',
    columns: roles.map(({ role }) => ({ name: role, role })),
    timeFormat: 'seconds',
    timeZone: 'UTC',
    defaultKind: 'view',
  };
  return { plan, size: length, pieces: text };
}
