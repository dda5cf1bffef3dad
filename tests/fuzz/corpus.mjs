/** What fuzzing starts from. What once failed lies in `corpus/`, too, and is read in every run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CORPUS = join(import.meta.dirname, 'corpus');

/** The files whose names begin with `kind`, in order. */
export const files = (kind) =>
  readdirSync(CORPUS)
    .filter((name) => name.startsWith(kind))
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(CORPUS, name))));

export const json = (value) => new TextEncoder().encode(JSON.stringify(value));

/** What JSON makes of the bytes; null where they are none. */
export function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
