/** What TypeScript finds wrong with values that claim to have a type of the package. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/data';

/** A value and its alleged type, which may name the types of `types.ts` and `Plain`. */
export interface Claim {
  type: string;
  value: unknown;
}

const TYPES = join(ROOT, 'web', 'src', 'types');
/** Exists in memory only. */
const CLAIMS = join(ROOT, 'tests', 'types', 'claims.ts');

/** JSON has no typed arrays, and no NaN; `web` makes the arrays of lists, and their NaN arrives as it is. */
const PLAIN = `type Plain<T> = T extends Float64Array ? (number | null)[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
};

function source(claims: Claim[]): string {
  const names = exportedTypes().join(', ');
  const constants = claims.map(({ type, value }, at) => `export const claim${at}: ${type} = ${JSON.stringify(value)};`);
  return [`import type { ${names} } from '../../web/src/types';`, PLAIN, ...constants].join('\n');
}

function exportedTypes(): string[] {
  return readdirSync(TYPES).flatMap((name) => {
    const path = join(TYPES, name);
    return ts
      .createSourceFile(path, ts.sys.readFile(path) ?? '', ts.ScriptTarget.ES2022)
      .statements.filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
      .map(({ name }) => name.text);
  });
}

/** One line for each error of the claims: the alleged type and TypeScript's message. */
export function problems(claims: Claim[]): string[] {
  const text = source(claims);
  const host = ts.createCompilerHost(OPTIONS);
  const withClaims: ts.CompilerHost = {
    ...host,
    fileExists: (path) => path === CLAIMS || host.fileExists(path),
    getSourceFile: (path, ...rest) =>
      path === CLAIMS ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022) : host.getSourceFile(path, ...rest),
  };
  const program = ts.createProgram([CLAIMS], OPTIONS, withClaims);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    if (file === undefined || start === undefined) return message;
    const line = file.getLineAndCharacterOfPosition(start).line;
    return `${claims[line - 2]?.type ?? file.fileName}: ${message}`;
  });
}
