/**
 * Groups of faces of one person each, of nobody knows whom: agglomerative, by the likelihood ratio of two sets of faces
 * (Chen et al., ECCV 2012). Each face begins as a group; the two groups that are likeliest one person are joined, until no two
 * score above the threshold. Only groups that hold faces of near binary codes are compared, so that thousands of faces are
 * grouped in seconds. Paper: Section 5 (binary codes to find, real values to compare).
 */
import { InputError } from "../../base/errors/index.ts";
import type { BinaryCodes } from "../features/index.ts";
import type { Scorer } from "../match/index.ts";
import { PairHeap } from "./heap.ts";
import { nearestCodes } from "./neighbours.ts";

export interface FacesToGroup {
  /** A code for each face. */
  readonly codes: BinaryCodes;
  /** Coordinates of each face, as `scorer` compares them. */
  readonly vectors: readonly Float64Array[];
  readonly scorer: Pick<Scorer, "sets">;
}

export interface ClusterOptions {
  /** Groups that score above it are joined: a log likelihood ratio, in nats. */
  readonly threshold?: number;
  /** Nearest codes of each face that it is compared with. */
  readonly neighbours?: number;
  /** A number for each face, as of its photo: faces of one number are of different people. */
  readonly apart?: readonly number[];
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Chosen on LFW's View 1 (bench/cluster.ts). `correlation` is that of a group's faces, for the scorer: taken as independent they
 * make large groups so sure of themselves that those of one person are not joined any more.
 */
export const CLUSTER_DEFAULTS = { threshold: 4, neighbours: 32, correlation: 0.1 } as const;

/** A group while joins go on. */
interface Group {
  readonly rows: readonly number[];
  readonly faces: readonly Float64Array[];
  /** Groups that may be the same person. */
  readonly others: Set<number>;
}

/** Faces between two pauses, in which others on this thread get their turn. */
const PAUSE = 256;

/** Two groups that were joined, by their numbers: rows are groups 0 to n - 1, and join number i makes group n + i. */
export interface Join {
  readonly a: number;
  readonly b: number;
  readonly score: number;
}

/**
 * Groups of the rows of `faces`, the largest first, each with its rows in order; somebody seen once is a group of one.
 *
 * @example
 * const groups = await clusterFaces({ codes, vectors, scorer });
 * console.log(`${groups.length} people, one of them ${groups[0].length} times`);
 */
export async function clusterFaces(faces: FacesToGroup, options: ClusterOptions = {}): Promise<number[][]> {
  const { threshold = CLUSTER_DEFAULTS.threshold } = options;
  return groupsAbove(faces.codes.rows, await joinFaces(faces, options), threshold);
}

/**
 * The joins that `clusterFaces` makes, in their order. Those for a higher threshold are the first of these: `groupsAbove` finds
 * the groups of many thresholds from the joins for the lowest.
 */
export async function joinFaces(faces: FacesToGroup, options: ClusterOptions = {}): Promise<Join[]> {
  const { threshold = CLUSTER_DEFAULTS.threshold, neighbours = CLUSTER_DEFAULTS.neighbours } = options;
  const { apart, onProgress, signal } = options;
  const { codes, vectors, scorer } = faces;
  if (!(codes.rows === vectors.length && (apart?.length ?? codes.rows) === codes.rows)) {
    throw new InputError(`clusterFaces: ${codes.rows} codes need as many vectors, got ${vectors.length}`);
  }
  if (!(Number.isInteger(neighbours) && neighbours >= 1)) {
    throw new InputError(`clusterFaces: neighbours must be a positive integer, got ${neighbours}`);
  }
  const groups = new Map<number, Group>(
    vectors.map((face, row) => [row, { rows: [row], faces: [face], others: new Set() }]),
  );
  const heap = new PairHeap();
  const compare = (a: number, b: number) => {
    const { score } = scorer.sets(groups.get(a)!.faces, groups.get(b)!.faces);
    if (score > threshold) heap.push({ a, b, score });
  };
  for (let row = 0; row < codes.rows; row++) {
    for (const other of nearestCodes(codes, row, neighbours)) {
      if (groups.get(row)!.others.has(other) || (apart?.[row] === apart?.[other] && apart)) continue;
      groups.get(row)!.others.add(other);
      groups.get(other)!.others.add(row);
      compare(Math.min(row, other), Math.max(row, other));
    }
    if ((row + 1) % PAUSE === 0) await pause(signal);
    onProgress?.(row + 1, codes.rows);
  }
  const joins: Join[] = [];
  for (let best = heap.pop(); best; best = heap.pop()) {
    const [a, b] = [groups.get(best.a), groups.get(best.b)];
    if (!(a && b)) continue; // one of them is part of a larger group by now
    groups.delete(best.a);
    groups.delete(best.b);
    const joined = join(a, b);
    const id = codes.rows + joins.length;
    joins.push(best);
    groups.set(id, joined);
    for (const other of new Set([...a.others, ...b.others])) {
      const others = groups.get(other);
      if (!others || (apart && mayNotJoin(joined, others, apart))) continue;
      others.others.add(id);
      joined.others.add(other);
      compare(other, id);
    }
    if (id % PAUSE === 0) await pause(signal);
  }
  return joins;
}

/** The groups of `rows` rows after all of `joins` before the first that does not score above `threshold`. */
export function groupsAbove(rows: number, joins: readonly Join[], threshold: number): number[][] {
  const end = joins.findIndex(({ score }) => !(score > threshold));
  const groups = new Map(Array.from({ length: rows }, (_, row) => [row, [row]]));
  for (const [index, { a, b }] of joins.slice(0, end === -1 ? joins.length : end).entries()) {
    groups.set(rows + index, [...groups.get(a)!, ...groups.get(b)!]);
    groups.delete(a);
    groups.delete(b);
  }
  return [...groups.values()]
    .map((group) => group.sort((p, q) => p - q))
    .sort((p, q) => q.length - p.length || p[0] - q[0]);
}

const join = (a: Group, b: Group): Group => ({
  rows: [...a.rows, ...b.rows],
  faces: [...a.faces, ...b.faces],
  others: new Set(),
});

function mayNotJoin(a: Group, b: Group, apart: readonly number[]): boolean {
  const taken = new Set(a.rows.map((row) => apart[row]));
  return b.rows.some((row) => taken.has(apart[row]));
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}
