/** Remarks of the engine as sentences. */
import type { Note } from 'driftscope';
import type { Messages } from './en';
import type { Format } from './format';

/** A time as the engine writes it. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/**
 * The sentence of a note, with numbers as the locale writes them and times in `zone`; a code that the catalogue does not
 * know is shown with its values rather than hidden.
 */
export function noteText(note: Note, t: Messages, format: Format, zone = 'UTC'): string {
  const written = (value: string | number): string => {
    if (typeof value === 'number') return format.decimal(value, 3);
    return TIME.test(value) ? format.moment(Date.parse(value) / 1000, zone) : value;
  };
  const values = Object.fromEntries(Object.entries(note.values).map(([key, value]) => [key, written(value)]));
  const sentence = t.codes.notes[note.code];
  if (sentence) return sentence(values);
  const list = Object.entries(values).map(([key, value]) => `${key}: ${value}`);
  return list.length > 0 ? `${note.code} (${list.join(', ')})` : note.code;
}
