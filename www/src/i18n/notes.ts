/** Remarks of the engine as sentences. */
import type { Note } from 'driftscope';
import type { Messages } from './en';
import type { Format } from './format';

/** The sentence of a note; a code that the catalogue does not know is shown with its values rather than hidden. */
export function noteText(note: Note, t: Messages, format: Format): string {
  const values = Object.fromEntries(
    Object.entries(note.values).map(([key, value]) => [
      key,
      typeof value === 'number' ? format.decimal(value, 3) : value,
    ]),
  );
  const sentence = t.codes.notes[note.code];
  if (sentence) return sentence(values);
  const list = Object.entries(values).map(([key, value]) => `${key}: ${value}`);
  return list.length > 0 ? `${note.code} (${list.join(', ')})` : note.code;
}
