/** Files that arrive by drop, choice or paste: folders are opened, projects are told from logs. */
import type { FileSource } from 'driftscope';
import { project } from './project.svelte';
import { session } from './session.svelte';

const PROJECT = /\.driftscope$/i;
/** What systems leave in folders by themselves. */
const CLUTTER = /(^|\/)(\.|Thumbs\.db$|desktop\.ini$)/i;

/** Takes files, added to those that are there when `add`. A project file asks for its passphrase instead. */
export async function arrive(files: readonly FileSource[], add = false): Promise<void> {
  const [first] = files;
  if (files.length === 1 && first && PROJECT.test(first.name)) await project.offer(first.blob);
  else await session.take([...files], add);
}

/** The files of a list, folders' names in front. */
export function sourcesOf(files: Iterable<File>): FileSource[] {
  return [...files]
    .map((file) => ({ name: file.webkitRelativePath || file.name, blob: file }))
    .filter(({ name }) => !CLUTTER.test(name));
}

/** The files of a drop, those in dropped folders included. Must be called while the event lasts. */
export async function droppedFiles(transfer: DataTransfer): Promise<FileSource[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  // What is no file system's (such as a picture out of a page) has no entry.
  if (entries.every((entry) => entry === null || entry.isFile)) return sourcesOf(transfer.files);
  const found = await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : Promise.resolve([]))));
  return found.flat().filter(({ name }) => !CLUTTER.test(name));
}

async function filesIn(entry: FileSystemEntry): Promise<FileSource[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ''), blob: file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  // Comes in portions; an empty one is the end.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) break;
    inside.push(...portion);
  }
  const files = await Promise.all(inside.map(filesIn));
  return files.flat().sort((a, b) => a.name.localeCompare(b.name));
}
