/**
 * The core's results against the types that the package promises: what `evaluate shapes` prints must be what `types.ts`
 * says, no field too few and none too many, and its enumerations must have the same words.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/data';
import { problems } from './problems';

/** Types of `types.ts` by the name under which `evaluate shapes` prints their values; `web` adds what is omitted. */
const TYPES: Record<string, string> = {
  FileInspection: 'FileInspection',
  CleaningOptions: 'CleaningOptions',
  QualityReport: "Omit<QualityReport, 'summary'>",
  LogSummary: 'LogSummary',
  Scope: 'Scope',
  InterestOptions: 'InterestOptions',
  Evolution: 'Evolution',
  Drift: 'Drift',
  Transfer: 'Transfer',
  UserPage: "Awaited<ReturnType<DriftscopeApi['users']>>",
  UserEvents: 'UserEvents',
  NearUser: 'NearUser',
  Segments: 'Segments',
  Migration: 'Migration',
  Anomalies: 'Anomalies',
  Prospects: 'Prospects',
  TrainingEstimate: 'TrainingEstimate',
  TrainingReport: "Omit<TrainingReport, 'engineNote'>",
  Forecast: 'Forecast',
  Explanation: 'Explanation',
  ItemExplanation: 'ItemExplanation',
  AnonymousEvolution: 'AnonymousEvolution',
  Totals: 'Totals',
  PrivateEvolution: 'PrivateEvolution',
  PrivateOptions: 'PrivateOptions',
  SavedModels: 'SavedModels',
  UpdateReport: "Omit<UpdateReport, 'quality' | 'summary'>",
  NextItemOptions: 'NextItemOptions',
  NextItemReport: "Omit<NextItemReport, 'engineNote'>",
  NextItems: 'NextItems',
};

interface Printed {
  shapes: Record<string, unknown[]>;
  words: Record<string, string[]>;
}

let printed: Printed;
beforeAll(async () => {
  const program = ['run', '-q', '--locked', '-p', 'driftscope', '--bin', 'evaluate', '--', 'shapes'];
  const { stdout } = await promisify(execFile)('cargo', program, { cwd: ROOT, maxBuffer: 1 << 26 });
  printed = JSON.parse(stdout) as Printed;
}, 300_000);

const valuesOf = (name: string): unknown[] => printed.shapes[name] ?? [];

describe('the results of the core', () => {
  it('are all compared', () => {
    expect(Object.keys(printed.shapes).sort()).toEqual(Object.keys(TYPES).sort());
  });

  it('have the types of the package', () => {
    const claims = Object.entries(TYPES).flatMap(([name, type]) =>
      valuesOf(name).map((value) => ({ type: `Plain<${type}>`, value })),
    );
    expect(problems(claims)).toEqual([]);
  });

  it('have something in every list, so that the entries are compared, too', () => {
    const empty = Object.keys(TYPES).flatMap((name) => {
      const lists = new Map<string, boolean>();
      for (const value of valuesOf(name)) {
        for (const [path, filled] of listsIn(value, name)) lists.set(path, filled || lists.get(path) === true);
      }
      return [...lists].filter(([, filled]) => !filled).map(([path]) => path);
    });
    expect(empty).toEqual([]);
  });

  it('would be found out with another word, another type, a field too few or too many', () => {
    const [forecast] = valuesOf('Forecast') as Record<string, unknown>[];
    const { users, ...without } = forecast ?? {};
    const found = (value: unknown) => problems([{ type: 'Plain<Forecast>', value }]).join('\n');
    expect(found(forecast)).toBe('');
    expect(found({ ...forecast, model: 'oracle' })).toContain('"oracle"');
    expect(found({ ...forecast, users: String(users) })).toContain("'string' is not assignable to type 'number'");
    expect(found(without)).toContain("Property 'users' is missing");
    expect(found({ ...forecast, people: users })).toContain('"people"');
  });
});

describe('the enumerations of the core', () => {
  it('have the words of the package, no more and no fewer', () => {
    expect(Object.entries(printed.words).filter(([, words]) => words.length < 2)).toEqual([]);
    const claims = Object.entries(printed.words).map(([type, words]) => ({
      type: `Record<${type}, true>`,
      value: Object.fromEntries(words.map((word) => [word, true])),
    }));
    expect(problems(claims)).toEqual([]);
  });
});

/** The paths of all lists in a value, with whether they hold something. */
function listsIn(value: unknown, path: string): [string, boolean][] {
  if (Array.isArray(value)) {
    return [[path, value.length > 0], ...value.flatMap((entry) => listsIn(entry, `${path}[]`))];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => listsIn(entry, `${path}.${key}`));
}
