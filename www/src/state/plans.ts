/** What a person changed in the reading plans, and whether the plans suffice. Pure. */
import type { FileInspection, FilePlan, Role } from 'driftscope';
import { THRESHOLDS } from './thresholds';

/** Settings that change how a file falls into columns; roles chosen before no longer fit after them. */
const RESHAPING: readonly (keyof FilePlan)[] = ['delimiter', 'encoding', 'table', 'format'];

/** Adds a change to those made before. */
export function withChange(before: Partial<FilePlan> | null, change: Partial<FilePlan>): Partial<FilePlan> {
  const merged = { ...before, ...change };
  if (RESHAPING.some((key) => key in change) && !('columns' in change)) delete merged.columns;
  return merged;
}

/**
 * Gives column `index` the role. Every role but `ignore` is held by one column, so that the column that had it before
 * gets `ignore`.
 */
export function withRole(plan: FilePlan, index: number, role: Role): FilePlan['columns'] {
  return plan.columns.map((column, at) => {
    if (at === index) return { ...column, role };
    return role !== 'ignore' && column.role === role ? { ...column, role: 'ignore' } : column;
  });
}

/** What stops the reading: a code, and for times how many parse. */
export type Obstacle =
  | { code: 'needEvents' }
  | { code: 'needUser' | 'needTime' | 'needThing'; file: number }
  | { code: 'badTimes'; file: number; parsed: number; seen: number };

/** Everything that has to be put right before the log can be read. */
export function obstacles(inspections: readonly FileInspection[]): Obstacle[] {
  const found: Obstacle[] = [];
  const has = (plan: FilePlan, role: Role): boolean => plan.columns.some((column) => column.role === role);
  if (!inspections.some((inspection) => inspection.plan.table === 'events')) found.push({ code: 'needEvents' });
  inspections.forEach((inspection, file) => {
    const { plan } = inspection;
    if (plan.table !== 'events') return;
    if (!has(plan, 'user')) found.push({ code: 'needUser', file });
    if (!has(plan, 'item') && !has(plan, 'domain')) found.push({ code: 'needThing', file });
    const time = plan.columns.findIndex((column) => column.role === 'time');
    if (time < 0) {
      found.push({ code: 'needTime', file });
      return;
    }
    const parsed = inspection.columns[time]?.parsed ?? 0;
    if (inspection.rowsSeen > 0 && parsed / inspection.rowsSeen < THRESHOLDS.timeParsedBad) {
      found.push({ code: 'badTimes', file, parsed, seen: inspection.rowsSeen });
    }
  });
  return found;
}

/**
 * Obstacles by what is said about them, with the names of the files: parts of one log tend to lack the same, which is then
 * said once.
 */
export function byWords(
  found: readonly Obstacle[],
  inspections: readonly FileInspection[],
  words: (obstacle: Obstacle) => string,
): [text: string, files: string[]][] {
  const files = new Map<string, string[]>();
  for (const obstacle of found) {
    const text = words(obstacle);
    const name = 'file' in obstacle ? inspections[obstacle.file]?.plan.name : undefined;
    files.set(text, [...(files.get(text) ?? []), ...(name === undefined ? [] : [name])]);
  }
  return [...files];
}

/**
 * For each inspection the position of the file that it came from. A file has one inspection, a `.zip` one for each of its
 * entries, named `archive.zip/entry.csv`; both stand in the same order.
 */
export function sourcesOf(files: readonly { name: string }[], inspections: readonly FileInspection[]): number[] {
  let file = 0;
  let taken = 0;
  return inspections.map(({ plan }) => {
    const isEntry = (): boolean => plan.name.startsWith(`${files[file]?.name ?? ''}/`);
    if (taken > 0 && !isEntry() && file + 1 < files.length) [file, taken] = [file + 1, 0];
    taken += 1;
    return file;
  });
}

/** How well a column fits its role. */
export function columnState(
  role: Role,
  stats: { parsed: number; empty: number } | undefined,
  seen: number,
): 'good' | 'warn' | 'bad' | 'unused' {
  if (role === 'ignore') return 'unused';
  if (!stats || seen === 0) return 'warn';
  const share = stats.parsed / seen;
  if (share >= THRESHOLDS.timeParsedGood) return 'good';
  return share >= THRESHOLDS.timeParsedBad ? 'warn' : 'bad';
}

/** The kinds of all event files together, by word, most frequent first. */
export function kindsOf(
  inspections: readonly FileInspection[],
): { word: string; kind: string | null; count: number }[] {
  const byWord = new Map<string, { word: string; kind: string | null; count: number }>();
  for (const inspection of inspections) {
    if (inspection.plan.table !== 'events') continue;
    for (const entry of inspection.kinds) {
      const known = byWord.get(entry.word);
      if (known) known.count += entry.count;
      else byWord.set(entry.word, { ...entry });
    }
  }
  return [...byWord.values()].sort((a, b) => b.count - a.count || a.word.localeCompare(b.word));
}
