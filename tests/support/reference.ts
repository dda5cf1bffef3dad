/**
 * What the page should show, computed from the files themselves in the plainest way: nothing of the core is used here.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface PlainEvent {
  user: string;
  domain: string;
  /** Unix seconds. */
  time: number;
  weight: number;
}

/** The rows of a gzipped CSV without quotes, as objects by column name. */
export function* rowsOf(path: string): Generator<Record<string, string>> {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  const names = (lines[0] ?? '').trimEnd().split(',');
  for (let at = 1; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trimEnd();
    if (line === '') continue;
    const cells = line.split(',');
    yield Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']));
  }
}

export interface PlainHeat {
  /** Unix seconds of the first window's start. */
  start: number;
  windows: number;
  /** Weight by window, by domain. */
  weights: Map<string, number[]>;
  /** Sum of all domains by window. */
  sums: number[];
}

/**
 * Weights by domain and window of `length` seconds. The first window begins at local midnight of the first event's day,
 * weeks at that of the Monday before; `offset`: seconds that local time is ahead of UTC.
 */
export function heatOf(events: readonly PlainEvent[], length: number, offset = 0): PlainHeat {
  const day = 86_400;
  let [first, last] = [Infinity, -Infinity];
  for (const { time } of events) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  let start = Math.floor((first + offset) / day) * day;
  // 1970-01-01 was a Thursday.
  if (length === 7 * day) start -= ((((start / day + 3) % 7) + 7) % 7) * day;
  start -= offset;
  const windows = Math.floor((last - start) / length) + 1;
  const weights = new Map<string, number[]>();
  const sums = new Array<number>(windows).fill(0);
  for (const { domain, time, weight } of events) {
    const window = Math.floor((time - start) / length);
    let row = weights.get(domain);
    if (!row) weights.set(domain, (row = new Array<number>(windows).fill(0)));
    row[window] = (row[window] ?? 0) + weight;
    sums[window] = (sums[window] ?? 0) + weight;
  }
  return { start, windows, weights, sums };
}

/** The share of all users' interest that moves to another domain between each user's consecutive active windows. */
export function movedShareOf(events: readonly PlainEvent[], heat: PlainHeat, length: number): number {
  const profiles = new Map<string, Map<number, Map<string, number>>>();
  for (const { user, domain, time, weight } of events) {
    const window = Math.floor((time - heat.start) / length);
    let own = profiles.get(user);
    if (!own) profiles.set(user, (own = new Map<number, Map<string, number>>()));
    let profile = own.get(window);
    if (!profile) own.set(window, (profile = new Map<string, number>()));
    profile.set(domain, (profile.get(domain) ?? 0) + weight);
  }
  let [moved, pairs] = [0, 0];
  for (const own of profiles.values()) {
    const active = [...own].sort(([a], [b]) => a - b).map(([, profile]) => profile);
    for (let at = 1; at < active.length; at += 1) {
      const [before, after] = [active[at - 1] ?? new Map<string, number>(), active[at] ?? new Map<string, number>()];
      const sum = (profile: Map<string, number>): number =>
        [...profile.values()].reduce((total, value) => total + value, 0);
      const [mass, next] = [sum(before), sum(after)];
      let stayed = 0;
      for (const [domain, value] of before) stayed += Math.min(value / mass, (after.get(domain) ?? 0) / next);
      moved += 1 - stayed;
      pairs += 1;
    }
  }
  return moved / pairs;
}
