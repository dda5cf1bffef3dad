import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { en } from './en';
import { createFormat } from './format';
import { noteText } from './notes';
import { zh } from './zh';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Every code that the sources of the engine and the package give to a note. */
function codesIn(folder: string, ending: string, pattern: RegExp): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith(ending),
  );
  return files.flatMap((file) =>
    [...readFileSync(join(ROOT, folder, file), 'utf8').matchAll(pattern)].map((match) => match[1] ?? ''),
  );
}

describe('notes', () => {
  const codes = [
    ...codesIn('crate/src', '.rs', /Note::new\(\s*"([\w.]+)"/g),
    ...codesIn('web/src', '.ts', /note(?::| =) \{ code: '([\w.]+)'/g),
  ];

  it('have a sentence in both languages for every code that the engine and the package use', () => {
    expect(codes).toContain('engine.measured');
    expect(codes.filter((code) => !(code in en.codes.notes && code in zh.codes.notes))).toEqual([]);
  });

  it('format their numbers', () => {
    const note = { code: 'engine.measured', values: { cpu: 1234.5678, webgpu: 2 } };
    expect(noteText(note, en, createFormat('en'))).toContain('1,234.568 ms on the CPU');
  });

  it('tell times in the zone of the log', () => {
    const note = { code: 'times.range', values: { from: '2017-11-24T16:00:00Z', to: '2017-12-03T15:59:59Z' } };
    expect(noteText(note, en, createFormat('en'), 'Asia/Shanghai')).toContain(
      '25 Nov 2017, 00:00 to 3 Dec 2017, 23:59',
    );
  });

  it('show an unknown code with its values rather than hiding it', () => {
    const note = { code: 'something_new', values: { rows: 1200, file: 'a.csv' } };
    expect(noteText(note, en, createFormat('en'))).toBe('something_new (rows: 1,200, file: a.csv)');
  });
});
