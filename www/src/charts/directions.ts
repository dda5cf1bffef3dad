/**
 * An order of likeness for many rows, in time that grows with their number only: rows by their angle in the plane of the two
 * main directions of their correlations, cut where neighbours are furthest apart (Friendly and Kwan, "Effect ordering for data
 * displays", 2003). Pure.
 */

/** Values of a row are summed into at most so many parts: the direction of a row is a coarse thing. */
const PARTS = 32;
/** So many rows, the largest, decide where the main directions lie. */
const DECIDING = 1000;
const ROUNDS = 50;

/** The row in parts, with mean 0 and length 1; null where it never changes. */
function direction(row: ArrayLike<number>, parts: number): Float64Array | null {
  const sums = new Float64Array(parts);
  for (let at = 0; at < row.length; at += 1) {
    const part = Math.floor((at * parts) / row.length);
    sums[part] = (sums[part] ?? 0) + (row[at] ?? 0);
  }
  const mean = sums.reduce((total, value) => total + value, 0) / parts;
  const centred = sums.map((value) => value - mean);
  const length = Math.hypot(...centred);
  return length > 1e-12 ? centred.map((value) => value / length) : null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** The eigenvector of the largest eigenvalue of a symmetric matrix, off `other`: power iteration. */
function mainVector(matrix: readonly Float64Array[], other: Float64Array | null): Float64Array {
  let vector = Float64Array.from(matrix, (_, at) => 1 + at / matrix.length);
  for (let round = 0; round < ROUNDS; round += 1) {
    const along = other ? dot(vector, other) : 0;
    const off = vector.map((value, at) => value - along * (other?.[at] ?? 0));
    const next = Float64Array.from(matrix, (row) => dot(row, off));
    const length = Math.hypot(...next);
    if (length === 0) return off;
    vector = next.map((value) => value / length);
  }
  return vector;
}

/** The places of the rows, alike ones together, those that never change last. The same rows always give the same order. */
export function byDirection(rows: readonly ArrayLike<number>[]): number[] {
  const parts = Math.min(PARTS, rows[0]?.length ?? 0);
  const found = rows.map((row) => direction(row, parts));
  const matrix = Array.from({ length: parts }, () => new Float64Array(parts));
  for (const own of found.slice(0, DECIDING)) {
    if (!own) continue;
    matrix.forEach((sums, at) => {
      const value = own[at] ?? 0;
      for (let to = 0; to < parts; to += 1) sums[to] = (sums[to] ?? 0) + value * (own[to] ?? 0);
    });
  }
  const first = mainVector(matrix, null);
  const second = mainVector(matrix, first);
  const angles = found.flatMap((own, place) =>
    own ? [{ place, angle: Math.atan2(dot(own, second), dot(own, first)) }] : [],
  );
  angles.sort((a, b) => a.angle - b.angle || a.place - b.place);
  const still = found.flatMap((own, place) => (own ? [] : [place]));
  return [...fromWidestGap(angles), ...still];
}

/** The circle of angles as a line that begins behind its widest gap. */
function fromWidestGap(angles: readonly { place: number; angle: number }[]): number[] {
  let [widest, begin] = [-1, 0];
  angles.forEach(({ angle }, at) => {
    const before = at > 0 ? (angles[at - 1]?.angle ?? 0) : (angles.at(-1)?.angle ?? 0) - 2 * Math.PI;
    if (angle - before > widest) [widest, begin] = [angle - before, at];
  });
  return [...angles.slice(begin), ...angles.slice(0, begin)].map(({ place }) => place);
}
