/**
 * An order in which alike rows stand together: average-linkage clustering by correlation, the leaves turned so that
 * neighbouring clusters meet at their most alike ends. Cubic in the number of rows: for more of them
 * see directions.ts. Pure.
 */

interface Cluster {
  /** Rows in their order. */
  leaves: number[];
  /** Mean distance to each other cluster, by place; NaN once merged. */
  distance: Float64Array;
}

/** 1 − Pearson correlation, 0 to 2; 1 where a row never changes, which says nothing. */
export function correlationDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = Math.min(a.length, b.length);
  let [sumA, sumB] = [0, 0];
  for (let index = 0; index < n; index += 1) {
    sumA += a[index] ?? 0;
    sumB += b[index] ?? 0;
  }
  let [both, ownA, ownB] = [0, 0, 0];
  for (let index = 0; index < n; index += 1) {
    const [x, y] = [(a[index] ?? 0) - sumA / n, (b[index] ?? 0) - sumB / n];
    both += x * y;
    ownA += x * x;
    ownB += y * y;
  }
  const norm = Math.sqrt(ownA * ownB);
  return norm > 0 ? 1 - both / norm : 1;
}

/** The places of the rows, alike ones together. The same rows always give the same order. */
export function bySimilarity(rows: readonly ArrayLike<number>[]): number[] {
  const apart = rows.map((row) => Float64Array.from(rows, (other) => correlationDistance(row, other)));
  const between = (a: number | undefined, b: number | undefined): number => apart[a ?? 0]?.[b ?? 0] ?? 0;
  const clusters = apart.map<Cluster | null>((distance, index) => ({ leaves: [index], distance: distance.slice() }));
  for (let merges = 1; merges < rows.length; merges += 1) {
    const [first, second] = nearest(clusters);
    const [a, b] = [clusters[first], clusters[second]];
    if (!a || !b) break;
    clusters[second] = null;
    clusters.forEach((other, place) => {
      if (!other || other === a) return;
      const [own, gone] = [a.distance[place] ?? 0, b.distance[place] ?? 0];
      const mean = (own * a.leaves.length + gone * b.leaves.length) / (a.leaves.length + b.leaves.length);
      a.distance[place] = mean;
      other.distance[first] = mean;
    });
    a.leaves = joined(a.leaves, b.leaves, between);
  }
  return clusters.find((cluster) => cluster !== null)?.leaves ?? [];
}

/** The two clusters that are nearest; the first of equals. */
function nearest(clusters: readonly (Cluster | null)[]): [number, number] {
  let found: [number, number] = [0, 0];
  let least = Infinity;
  clusters.forEach((cluster, a) => {
    if (!cluster) return;
    for (let b = a + 1; b < clusters.length; b += 1) {
      const distance = clusters[b] ? (cluster.distance[b] ?? Infinity) : Infinity;
      if (distance < least) {
        least = distance;
        found = [a, b];
      }
    }
  });
  return found;
}

/** Two rows of leaves as one, turned so that the ends that meet are most alike. */
function joined(a: number[], b: number[], between: (a: number | undefined, b: number | undefined) => number): number[] {
  const [turnedA, turnedB] = [[...a].reverse(), [...b].reverse()];
  const ways = [
    { first: a, second: b },
    { first: a, second: turnedB },
    { first: turnedA, second: b },
    { first: turnedA, second: turnedB },
  ];
  const gapOf = ({ first, second }: (typeof ways)[number]): number => between(first.at(-1), second[0]);
  const best = ways.reduce((found, way) => (gapOf(way) < gapOf(found) ? way : found));
  return [...best.first, ...best.second];
}
