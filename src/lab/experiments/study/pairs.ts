/** The pictures and pairs that robustness is measured on. */

import { InputError } from "../../../base/errors/index.ts";
import { createRng } from "../../../base/random/index.ts";
import {
  type AlignedFaces,
  facesOfRows,
  makePairs,
  picturesIn,
  rowsOfPairs,
} from "../../../faces/data/index.ts";
import { type PairList, rowsByPerson } from "../../../matching/features/index.ts";
import { foldsOf } from "../../../matching/protocols/index.ts";

/** Where no file gives pairs: folds, and pairs of one person drawn for each person. */
const DRAWN = { folds: 10, perPerson: 5 };

/** The pictures of the pairs and of the person drawn, and the pairs as their rows. */
export function studiedFaces(
  all: AlignedFaces,
  pairs: PairList | undefined,
  { folds, drawPerson, seed }: { folds?: number; drawPerson?: string; seed: number },
) {
  const person = drawPerson ?? mostPictured(all.identities);
  const wanted = pairs ?? drawPairs(all, seed);
  const kept = { folds: wanted.folds.slice(0, folds) };
  const pictures = picturesIn(kept);
  const rows = [...all.names.keys()].filter(
    (row) => pictures.has(all.names[row]) || all.identities[row] === person,
  );
  const faces = facesOfRows(all, rows);
  return { faces, folds: foldsOf(rowsOfPairs(kept, faces.names)).folds, person };
}

function drawPairs(faces: AlignedFaces, seed: number): PairList {
  const pictures = picturesOf(faces.identities)
    .map(([, n]) => n)
    .filter((n) => n >= 2);
  const folds = Math.min(DRAWN.folds, Math.floor(pictures.length / 2));
  if (!(folds >= 2)) throw new InputError("study: drawing pairs needs 4 people of 2 pictures or more");
  const fewest = pictures.reduce((least, n) => Math.min(least, (n * (n - 1)) / 2), DRAWN.perPerson);
  const perKind = Math.floor(pictures.length / folds) * fewest;
  return makePairs(faces, { count: 2 * folds * perKind, folds, rng: createRng(seed).fork("study pairs") });
}

/** Who has most pictures. */
export function mostPictured(identities: readonly string[]): string {
  return picturesOf(identities).reduce((p, q) => (q[1] > p[1] ? q : p))[0];
}

/** Every person and the number of their pictures. */
const picturesOf = (identities: readonly string[]) =>
  [...rowsByPerson(identities)].map(([person, { length }]) => [person, length] as const);
