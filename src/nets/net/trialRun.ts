/** A trial run of a net on faces that are drawn on the spot: does it tell them apart at all? */
import { DataError } from "../../base/errors/index.ts";
import { alignFace, cropRegion, type Region } from "../../faces/face/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import { cosine, type RowPair } from "../../matching/match/index.ts";
import type { FaceNet } from "./faceNet.ts";

/** Most numbers of a face: a matcher holds the square of twice as many. */
const LONGEST = 2048;
const PEOPLE = 6;
const PICTURES = 3;

/** What came of it. */
export interface Trial {
  /** Share of cases in which two pictures of one person are more alike, by cosine, than two of different people. */
  readonly separation: number;
}

/** `region` of drawn faces, one after the other, the pictures of a person together. */
export function cropsForTrial(region: Region): Uint8Array {
  const population = createPopulation({ people: PEOPLE, picturesPerPerson: PICTURES, seed: 4 });
  const crops = [...population].map(({ image, landmarks }) =>
    cropRegion(alignFace(image, landmarks), region),
  );
  const all = new Uint8Array(crops.length * crops[0].length);
  for (const [i, crop] of crops.entries()) all.set(crop, i * crop.length);
  return all;
}

/** Runs the net on `crops`; DataError where what it gives is no description of a face. */
export async function tryNet(
  net: FaceNet,
  feature: string,
  { crops, file }: { readonly crops: Uint8Array; readonly file: string },
): Promise<Trial> {
  const [values] = await net.run(crops, [feature]);
  const length = net.activations.get(feature)!;
  const rows = PEOPLE * PICTURES;
  const wrong = (why: string) => new DataError(`${file}: trial run: ${feature} ${why}`);
  if (length < 2) throw wrong(`has ${length} number a face; a vector is needed`);
  if (length > LONGEST) throw wrong(`has ${length} numbers a face; at most ${LONGEST} can be compared`);
  if (!values.every(Number.isFinite)) throw wrong("is not finite; check --mean and --scale");
  const first = values.subarray(0, length);
  const same = Array.from({ length: rows - 1 }, (_, row) =>
    values.subarray((row + 1) * length, (row + 2) * length).every((value, j) => value === first[j]),
  );
  if (same.every(Boolean)) throw wrong("is the same for every face; check the input and --mean and --scale");
  const names = Array.from({ length: rows }, (_, row) => String(row));
  const set = createFeatureSet(values, length, { names, identities: names });
  const person = (row: number) => Math.floor(row / PICTURES);
  const pairs: RowPair[] = [];
  for (let a = 0; a < rows; a++) for (let b = 0; b < a; b++) pairs.push([b, a]);
  const scores = cosine.score(set, pairs);
  const of = (one: boolean) =>
    [...scores].filter((_, i) => (person(pairs[i][0]) === person(pairs[i][1])) === one);
  const [alike, unlike] = [of(true), of(false)];
  const above = alike.reduce((sum, score) => sum + unlike.filter((other) => score > other).length, 0);
  return { separation: above / (alike.length * unlike.length) };
}
