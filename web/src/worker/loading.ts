/** Streams files through the engine's readers. */
import { failure } from '../error.js';
import type { Piece } from '../reader/requests.js';
import type { WireSource } from '../source/given.js';
import type { FileInspection, FilePlan, Progress } from '../types.js';
import type { Session } from './binding.js';
import type { Containers } from './containers.js';
import type { Call } from './serve.js';
import { expand, head, pieces, type Source } from './sources.js';

/** The engine gets at most this many bytes at a time, so that messages get in between. */
const PUSH_BYTES = 256 * 1024;

/** What is known of a table of rows without looking at it: the text that they become. */
const ROWS: Partial<FilePlan> = { format: 'delimited', encoding: 'utf-8', delimiter: ',', hasHeader: true };

/** One table to read: its plan, its size (null: not known) and its bytes. */
export interface Table {
  plan: FilePlan;
  size: number | null;
  unit: Source['unit'];
  pieces: (call: Call) => AsyncIterable<Piece>;
}

/** Says of every table in the files how it would be read. */
export async function inspect(
  session: Session,
  containers: Containers,
  files: WireSource[],
  changed: (Partial<FilePlan> | null)[],
  call: Call,
): Promise<FileInspection[]> {
  const sources = await expand(files, containers, call);
  const inspections: FileInspection[] = [];
  for (const [index, source] of sources.entries()) {
    inspections.push(await inspectSource(session, containers, source, changed[index] ?? null, call));
    await call.breathe();
  }
  return inspections;
}

async function inspectSource(
  session: Session,
  containers: Containers,
  source: Source,
  changed: Partial<FilePlan> | null,
  call: Call,
): Promise<FileInspection> {
  const { bytes, whole } = await head(source, containers, call);
  const given = source.unit === 'rows' ? { ...ROWS, ...changed } : changed;
  return session.inspect(source.name, source.compression, bytes, whole, given);
}

/** The tables of the files that the plans name, or as they are detected; what is to be ignored is left out. */
export async function tablesOf(
  session: Session,
  containers: Containers,
  files: WireSource[],
  plans: FilePlan[] | null,
  call: Call,
): Promise<Table[]> {
  const sources = await expand(files, containers, call);
  const planned = plans ? matched(sources, plans) : await detected(session, containers, sources, call);
  return planned
    .filter(({ plan }) => plan.table !== 'ignore')
    .map(({ plan, source }) => ({
      plan,
      size: source.size,
      unit: source.unit,
      pieces: (call) => pieces(source, containers, { columns: wanted(plan, source), rows: null }, call),
    }));
}

interface Planned {
  source: Source;
  plan: FilePlan;
}

async function detected(session: Session, containers: Containers, sources: Source[], call: Call): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (const source of sources) {
    const { plan } = await inspectSource(session, containers, source, null, call);
    planned.push({ source, plan });
  }
  if (planned.some(({ plan }) => plan.table !== 'ignore')) return planned;
  const [first] = planned;
  const columns = first?.plan.columns.map(({ name }) => name).join(', ') ?? '';
  const hint = 'name the roles of the columns in plans, as inspect gives them';
  throw failure(
    'columns',
    `${first?.source.name}: none of its columns (${columns}) looks like those of a log: ${hint}`,
    {
      place: { file: first?.source.name ?? '', line: null, column: null },
      hint,
    },
  );
}

function matched(sources: Source[], plans: FilePlan[]): Planned[] {
  const left = [...plans];
  const planned: Planned[] = [];
  for (const source of sources) {
    const at = left.findIndex((plan) => plan.name === source.name);
    const plan = at < 0 ? undefined : left.splice(at, 1)[0];
    if (plan) planned.push({ source, plan });
  }
  const [stray] = left;
  if (stray && stray.table !== 'ignore')
    throw failure('parameter', `there is a plan for ${stray.name}, but no such file`);
  if (planned.every(({ plan }) => plan.table === 'ignore'))
    throw failure('parameter', 'no file has a plan: pass the plans that inspect gave');
  return planned;
}

/** Columns of a Parquet file that have a role; the others are not decoded. */
function wanted(plan: FilePlan, source: Source): number[] | null {
  if (source.compression !== 'parquet') return null;
  return plan.columns.flatMap(({ role }, index) => (role === 'ignore' ? [] : [index]));
}

/** Counts what was read of several tables, in rows where all are rows, else in bytes. */
class ReadProgress {
  private readonly unit: Progress['unit'];
  private readonly total: number;
  private readonly mixed: boolean;
  private before = 0;
  private used = 0;

  constructor(tables: Table[]) {
    const isRows = tables.every(({ unit }) => unit === 'rows');
    this.mixed = !isRows && tables.some(({ unit }) => unit === 'rows');
    this.unit = isRows ? 'events' : 'bytes';
    const known = !this.mixed && tables.every(({ size }) => size !== null);
    this.total = known ? tables.reduce((sum, { size }) => sum + (size ?? 0), 0) : 0;
  }

  /** A piece of the present table was read. */
  read({ bytes, used }: Piece): void {
    this.used = this.mixed ? this.used + bytes.length : used;
  }

  endTable(): void {
    this.before += this.used;
    this.used = 0;
  }

  now(rows?: number): Progress {
    const progress: Progress = { stage: 'read', done: this.before + this.used, total: this.total, unit: this.unit };
    return rows === undefined ? progress : { ...progress, rows };
  }
}

/** Reads the tables one after the other into the session. */
export async function readTables(session: Session, tables: Table[], call: Call): Promise<void> {
  const progress = new ReadProgress(tables);
  let rows = 0;
  session.beginLoad();
  try {
    for (const table of tables) {
      session.beginFile(table.plan);
      for await (const piece of table.pieces(call)) {
        const { bytes } = piece;
        for (let at = 0; at < bytes.length; at += PUSH_BYTES) {
          rows = session.push(bytes.subarray(at, at + PUSH_BYTES));
          await call.breathe();
        }
        progress.read(piece);
        call.progress(progress.now(rows));
      }
      session.endFile();
      progress.endTable();
    }
    const last = progress.now(rows);
    call.progress({ ...last, done: last.total || last.done, total: last.total || last.done });
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
  const progress = new ReadProgress(tables);
  const parts: BlobPart[] = [];
  const keep = (bytes: Uint8Array): void => {
    if (bytes.length > 0) parts.push(bytes as Uint8Array<ArrayBuffer>);
  };
  keep(session.beginRejected());
  if (tables.length === 0) keep(session.rejectedEvents());
  for (const table of tables) {
    session.beginRejectedFile(table.plan);
    for await (const piece of table.pieces(call)) {
      const { bytes } = piece;
      for (let at = 0; at < bytes.length; at += PUSH_BYTES) {
        keep(session.pushRejected(bytes.subarray(at, at + PUSH_BYTES)));
        await call.breathe();
      }
      progress.read(piece);
      call.progress(progress.now());
    }
    keep(session.endRejectedFile());
    progress.endTable();
  }
  return new Blob(parts, { type: 'text/csv' });
}
