/** Every public type of the package says what it is, and so does every member of it; every error has its row in the docs. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { ROOT } from '../support/data';

const TYPES = join(ROOT, 'web', 'src', 'types');

/** Names of what has no docstring in a file: exported declarations, and members of interfaces. */
function undocumented(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const silent = (node: ts.Node): boolean => !ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);
  return file.statements.flatMap((statement) => {
    if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) return [];
    const own = silent(statement) ? [statement.name.text] : [];
    const members = ts.isInterfaceDeclaration(statement) ? statement.members.filter(silent) : [];
    return [...own, ...members.map((member) => `${statement.name.text}.${member.name?.getText() ?? '[index]'}`)];
  });
}

it.each(readdirSync(TYPES))('%s', (name) => {
  expect(undocumented(name, ts.sys.readFile(join(TYPES, name)) ?? '')).toEqual([]);
});

it('every code of an error is in docs/API.md', () => {
  const [, codes = ''] = /type ErrorCode =([^;]*);/.exec(ts.sys.readFile(join(TYPES, 'call.ts')) ?? '') ?? [];
  const words = [...codes.matchAll(/'(\w+)'/g)].map(([, word = '']) => word);
  expect(words.length).toBeGreaterThan(10);
  const text = ts.sys.readFile(join(ROOT, 'docs', 'API.md')) ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('  | `'));
  expect(words.filter((word) => !rows.some((row) => row.includes(`\`${word}\``)))).toEqual([]);
});

it('would find what is not documented', () => {
  const text = '/** A. */\nexport interface A {\n/** b */\nb: 1;\nc(): void }\nexport type D = 1;';
  expect(undocumented('a.ts', text)).toEqual(['A.c', 'D']);
});
