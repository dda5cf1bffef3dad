/** Where the browser keeps projects: files of this page alone (the origin-private file system), written by choice only. */
import { LONGEST_HEADER, readHeader, type Header } from './envelope';
import { ProjectProblem } from './problem';

/** A project as the list shows it. */
export interface StoredProject {
  id: string;
  /** Null: the file is damaged, but it may be deleted. */
  header: Header | null;
  bytes: number;
  /** Whether a training run under way lies beside it. */
  hasRun: boolean;
}

const FOLDER = 'driftscope-projects';
const ENDINGS = { project: '.driftscope', run: '.run' } as const;
type Part = keyof typeof ENDINGS;

/** Whether this browser can keep projects at all. */
export const canStore = (): boolean =>
  typeof navigator.storage?.getDirectory === 'function' &&
  typeof FileSystemFileHandle !== 'undefined' &&
  'createWritable' in FileSystemFileHandle.prototype;

/** Whether projects can be packed and encrypted here at all, be it into a file. */
export const canPack = (): boolean =>
  typeof CompressionStream === 'function' && (crypto as Partial<Crypto>).subtle !== undefined;

/** What the file system's errors mean here. */
function problem(thrown: unknown): unknown {
  if (!(thrown instanceof DOMException)) return thrown;
  if (thrown.name === 'QuotaExceededError') return new ProjectProblem('full');
  if (thrown.name === 'NotFoundError') return new ProjectProblem('gone');
  if (thrown.name === 'SecurityError') return new ProjectProblem('unsupported');
  return thrown;
}

async function within<T>(work: (folder: FileSystemDirectoryHandle) => Promise<T>): Promise<T> {
  if (!canStore()) throw new ProjectProblem('unsupported');
  try {
    const root = await navigator.storage.getDirectory();
    return await work(await root.getDirectoryHandle(FOLDER, { create: true }));
  } catch (thrown) {
    throw problem(thrown);
  }
}

/** Writes a file whole: until the last byte is there, what was there before stays. */
export function write(id: string, part: Part, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  return within(async (folder) => {
    const file = await folder.getFileHandle(id + ENDINGS[part], { create: true });
    const stream = await file.createWritable();
    try {
      await stream.write(bytes);
      await stream.close();
    } catch (thrown) {
      await stream.abort().catch(() => undefined);
      // A first try that failed leaves an empty file behind.
      if ((await file.getFile()).size === 0) await folder.removeEntry(file.name).catch(() => undefined);
      throw thrown;
    }
  });
}

/** All bytes of a file. */
export function read(id: string, part: Part): Promise<Uint8Array<ArrayBuffer>> {
  return within(async (folder) => {
    const handle = await folder.getFileHandle(id + ENDINGS[part]);
    return new Uint8Array(await (await handle.getFile()).arrayBuffer());
  });
}

/** Deletes a file; one that is not there is no problem. */
export function remove(id: string, part: Part): Promise<void> {
  return within(async (folder) => {
    try {
      await folder.removeEntry(id + ENDINGS[part]);
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'NotFoundError')) throw thrown;
    }
  });
}

/** All projects, the latest first. */
export async function list(): Promise<StoredProject[]> {
  if (!canStore()) return [];
  return within(async (folder) => {
    const files = new Map<string, FileSystemFileHandle>();
    for await (const handle of folder.values())
      if (handle instanceof FileSystemFileHandle) files.set(handle.name, handle);
    const projects: StoredProject[] = [];
    for (const [name, handle] of files) {
      if (!name.endsWith(ENDINGS.project)) continue;
      const file = await handle.getFile();
      const start = new Uint8Array(await file.slice(0, LONGEST_HEADER).arrayBuffer());
      const id = name.slice(0, -ENDINGS.project.length);
      const header = await readHeader(start).catch(() => null);
      projects.push({ id, header, bytes: file.size, hasRun: files.has(id + ENDINGS.run) });
    }
    return projects.sort((a, b) => (b.header?.savedAt ?? 0) - (a.header?.savedAt ?? 0));
  });
}

/** Deletes everything that was ever kept. */
export async function wipe(): Promise<void> {
  if (!canStore()) return;
  await within(async () => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(FOLDER, { recursive: true });
  });
}

/** Holds a project for this tab until `release`; null where another tab holds it. */
export async function hold(id: string): Promise<(() => void) | null> {
  if (!navigator.locks) return () => undefined;
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`${FOLDER}/${id}`, { ifAvailable: true }, async (lock) => {
        if (!lock) {
          resolve(null);
          return;
        }
        await new Promise<void>((release) => resolve(() => release()));
      })
      .catch(reject);
  });
}
