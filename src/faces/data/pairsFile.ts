/**
 * Pair lists in LFW's format. Paper: Section 4, verification on LFW's View 2.
 *
 * The first line holds the number of folds and of same pairs per fold (`10 300`), or only the latter (View 1's
 * `pairsDevTrain.txt`), which is then one fold. In each fold come the same pairs, `Name 1 4`, then as many
 * different pairs, `Name 1 Other 2`. `Name 4` is the picture `Name/Name_0004`.
 */
import { DataError, firstFew } from "../../base/errors/index.ts";
import type { PairList } from "../../matching/features/index.ts";
import { type Line, readLines } from "./textFile.ts";

type Pair = PairList["folds"][number][number];

/** Pairs that know where they stand, for errors. */
export interface PairsFile extends PairList {
  readonly path: string;
  /** The line number of each pair: [folds][pairs of the fold]. */
  readonly lines: readonly (readonly number[])[];
}

/** Reads pairs.txt, pairsDevTrain.txt or pairsDevTest.txt, or any file of their format. */
export async function readPairs(path: string): Promise<PairsFile> {
  const [head, ...lines] = await readLines(path);
  if (!head) throw new DataError(`${path}: empty; needed a first line like "10 300"`);
  if (head.columns.length > 2) {
    throw head.error(
      `needed the number of folds and of pairs, like "10 300", got ${head.columns.length} columns`,
    );
  }
  const foldCount = head.columns.length === 2 ? head.count(0, "the number of folds") : 1;
  const perKind = head.count(head.columns.length - 1, "the number of pairs");
  const needed = foldCount * 2 * perKind;
  if (lines.length !== needed) {
    throw new DataError(
      `${path}: its first line promises ${foldCount} x (${perKind} same + ${perKind} different) = ${needed} pairs, ` +
        `got ${lines.length}`,
    );
  }
  const seen = new Set<string>();
  const pairs = lines.map((line, i) => {
    const pair = parsePair(line, i % (2 * perKind) < perKind);
    const key = [pair.a, pair.b].sort().join("\n");
    if (seen.has(key)) throw line.error(`the pair ${pair.a} and ${pair.b} stands in this file twice`);
    seen.add(key);
    return pair;
  });
  const inFolds = <T>(items: readonly T[]) =>
    Array.from({ length: foldCount }, (_, i) => items.slice(i * 2 * perKind, (i + 1) * 2 * perKind));
  return { path, folds: inFolds(pairs), lines: inFolds(lines.map(({ lineNumber }) => lineNumber)) };
}

/** Pairs to leave out of a list: `pairs` as they stand in their file, each with its line number. */
export interface Exclusions {
  readonly path: string;
  readonly pairs: readonly (Pair & { readonly lineNumber: number })[];
}

/** Reads pairs to leave out: lines as in pairs.txt, without a first line; lines that begin with # are skipped. */
export async function readExclusions(path: string): Promise<Exclusions> {
  const lines = (await readLines(path)).filter(({ columns }) => !columns[0].startsWith("#"));
  const pairs = lines.map((line) => ({
    ...parsePair(line, line.columns.length === 3),
    lineNumber: line.lineNumber,
  }));
  return { path, pairs };
}

/** `list` without the pairs of `exclusions`, every one of which must be in it. */
export function excludePairs(list: PairList, { path, pairs }: Exclusions): PairList {
  const keyOf = ({ a, b }: Pair) => [a, b].sort().join("\n");
  const all = new Set(list.folds.flat().map(keyOf));
  const stray = pairs.find((pair) => !all.has(keyOf(pair)));
  if (stray) {
    throw new DataError(
      `${path}:${stray.lineNumber}: the pair ${stray.a} and ${stray.b} is not in the list of pairs`,
    );
  }
  const left = new Set(pairs.map(keyOf));
  return { folds: list.folds.map((fold) => fold.filter((pair) => !left.has(keyOf(pair)))) };
}

/**
 * `list` without the pairs of pictures that are not among `names`: those that could not be read. How many those were
 * is the caller's to tell. A fold that would be left without pairs is a DataError.
 */
export function pairsAmong(list: PairList, names: readonly string[]): PairList {
  const there = new Set(names);
  const folds = list.folds.map((fold) => fold.filter(({ a, b }) => there.has(a) && there.has(b)));
  const empty = folds.findIndex((fold) => !(fold.some(({ same }) => same) && fold.some(({ same }) => !same)));
  if (empty < 0) return { folds };
  throw new DataError(
    `fold ${empty + 1} is left without pairs of one kind: too many pictures cannot be read`,
  );
}

function parsePair(line: Line, same: boolean): Pair {
  const { columns } = line;
  if (same) {
    if (columns.length !== 3) {
      throw line.error(`a pair of one person is expected here, 3 columns "Name 1 4", got ${columns.length}`);
    }
    const [first, second] = [line.count(1, "the first picture"), line.count(2, "the second picture")];
    if (first === second) throw line.error(`picture ${first} of ${columns[0]} is paired with itself`);
    return { a: pictureName(columns[0], first), b: pictureName(columns[0], second), same };
  }
  if (columns.length !== 4) {
    throw line.error(
      `a pair of two people is expected here, 4 columns "Name 1 Other 2", got ${columns.length}`,
    );
  }
  if (columns[0] === columns[2])
    throw line.error(`a pair of two people is expected here, both are ${columns[0]}`);
  return {
    a: pictureName(columns[0], line.count(1, "the first picture")),
    b: pictureName(columns[2], line.count(3, "the second picture")),
    same,
  };
}

const pictureName = (person: string, number: number) =>
  `${person}/${person}_${String(number).padStart(4, "0")}`;

/** Every picture that `pairs` names. */
export function picturesIn({ folds }: PairList): Set<string> {
  return new Set(folds.flat().flatMap(({ a, b }) => [a, b]));
}

/**
 * The pairs as rows of a set of faces, fold by fold: `names[a]` is the name of row a.
 * Throws DataError listing the first few pictures that are not there, with file and line where `pairs` has them.
 */
export function rowsOfPairs(
  pairs: PairList | PairsFile,
  names: readonly string[],
): { a: number; b: number; same: boolean }[][] {
  const rowOf = new Map(names.map((name, row) => [name, row]));
  const missing = [...picturesIn(pairs)].filter((name) => !rowOf.has(name));
  if (missing.length > 0) {
    throw new DataError(
      `${placeOf(pairs, missing[0])}${missing.length} pictures of the pairs are not there: ${firstFew(missing)}`,
    );
  }
  return pairs.folds.map((fold) =>
    fold.map(({ a, b, same }) => ({ a: rowOf.get(a)!, b: rowOf.get(b)!, same })),
  );
}

/** "pairs.txt:7: ", the first place that names the picture `name`. */
function placeOf(pairs: PairList | PairsFile, name: string): string {
  if (!("path" in pairs)) return "";
  const at = pairs.folds.flat().findIndex(({ a, b }) => a === name || b === name);
  return `${pairs.path}:${pairs.lines.flat()[at]}: `;
}
