/** The demo's test: people whom the net has never seen, as pairs, and as files in LFW's layout to try other commands on. */
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder, writeFileAtomic } from "../../../base/files/index.ts";
import { createRng } from "../../../base/random/index.ts";
import {
  type AlignedFaces,
  facePng,
  facesInMemory,
  makePairs,
  picturesIn,
  rowsOfPairs,
} from "../../../faces/data/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
import type { LabelledPair } from "../../../matching/protocols/index.ts";
import { FOLDS } from "./plan.ts";

export interface TestSet {
  readonly faces: AlignedFaces;
  readonly pairs: PairList;
  /** The pairs as rows of `faces`, fold by fold. */
  readonly rows: LabelledPair[][];
}

/** The people from number `first` of `all` on, `pictures` each; names and pixels lie in order of people. */
export async function slicePeople(
  all: AlignedFaces,
  { first, people, pictures }: { first: number; people: number; pictures: number },
): Promise<AlignedFaces> {
  const [from, rows] = [first * pictures, people * pictures];
  const part = (list: readonly string[]) => list.slice(from, from + rows);
  return facesInMemory(part(all.names), part(all.identities), await all.readRange(from, rows));
}

export function createTestSet(
  faces: AlignedFaces,
  { count, seed }: { count: number; seed: number },
): TestSet {
  const pairs = makePairs(faces, { count, folds: FOLDS, rng: createRng(seed).fork("demo pairs") });
  return { faces, pairs, rows: rowsOfPairs(pairs, faces.names) };
}

/** Pictures encoded at a time. */
const AT_ONCE = 16;

/** Writes the pictures of the pairs to `folder`/faces/person/person_0001.png, and the pairs to `folder`/pairs.txt. */
export async function writeTestSet(folder: string, { faces, pairs }: TestSet): Promise<void> {
  const wanted = picturesIn(pairs);
  const rows = [...faces.names.keys()].filter((row) => wanted.has(faces.names[row]));
  for (let first = 0; first < rows.length; first += AT_ONCE) {
    const write = async (row: number) => {
      const path = join(folder, "faces", `${faces.names[row]}.png`);
      await makeFolder(dirname(path));
      await writeFile(path, await facePng(faces, row));
    };
    await Promise.all(rows.slice(first, first + AT_ONCE).map(write));
  }
  await writeFileAtomic(join(folder, "pairs.txt"), pairsText(pairs));
}

/** LFW's format: `Name 1 4` for a pair of one person, `Name 1 Other 2` for one of two. */
function pairsText({ folds }: PairList): string {
  const place = (name: string) => {
    const [person, picture] = name.split("/");
    return [person, String(Number(picture.slice(person.length + 1)))];
  };
  const lines = folds.flat().map(({ a, b, same }) => {
    const [first, second] = [place(a), place(b)];
    return [...first, ...(same ? second.slice(1) : second)].join("\t");
  });
  return `${folds.length}\t${folds[0].length / 2}\n${lines.join("\n")}\n`;
}
