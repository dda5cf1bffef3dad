import { describe, expect, it } from 'vitest';
import { en } from './en';
import { zh } from './zh';

type Leaf = string | ((...args: never[]) => string);

/** Marks every value that a note asks for. */
const VALUES = new Proxy({}, { get: (_, key) => `«${String(key)}»` });

/** Every sentence by its path; functions are called with marked arguments. */
function sentences(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node === 'function') {
    // A note takes its values as an object.
    if (path.startsWith('codes.notes.')) return [[path, (node as (values: object) => string)(VALUES)]];
    const args = Array.from({ length: node.length }, (_, index) => `«${index}»`);
    return [[path, (node as (...args: string[]) => string)(...args)]];
  }
  return Object.entries(node as Record<string, Leaf>).flatMap(([key, value]) =>
    sentences(value, path ? `${path}.${key}` : key),
  );
}

const marks = (text: string): string[] => [...new Set(text.match(/«\w+»/g) ?? [])].sort();

describe('the catalogues', () => {
  const english = new Map(sentences(en));
  const chinese = new Map(sentences(zh));

  it('have the same keys and no empty sentence', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [path, text] of [...english, ...chinese]) expect(text.trim(), path).not.toBe('');
  });

  it('put the same parts into the same sentences', () => {
    for (const [path, text] of english) {
      expect(marks(chinese.get(path) ?? ''), path).toEqual(marks(text));
    }
  });

  it('write Chinese with Chinese punctuation', () => {
    for (const [path, text] of chinese) expect(text, path).not.toMatch(/\p{Script=Han}[,:;?!]|[,:;?!]\p{Script=Han}/u);
  });

  it('leave no English sentence untranslated', () => {
    for (const [path, text] of english)
      if (/^[A-Z][a-z]+ \S+ \S+/.test(text) && !path.startsWith('codes.presets'))
        expect(chinese.get(path), path).not.toBe(text);
  });

  it('tell one from many in English', () => {
    expect(en.interest.drift.changes(1, '1')).toBe('1 turning point');
    expect(en.interest.drift.changes(2, '2')).toBe('2 turning points');
  });
});
