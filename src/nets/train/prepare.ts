/** From a set of aligned faces to what a run needs: crops of the people to train on, pairs of people held out. */

import { InputError } from "../../base/errors/index.ts";
import { sha256 } from "../../base/files/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  type AlignedFaces,
  type FaceRows,
  loadRegion,
  makePairs,
  mirroredFaces,
  type PeopleSplit,
  rowsOf,
  splitPeople,
} from "../../faces/data/index.ts";
import { isSymmetric, type Region, WHOLE_FACE } from "../../faces/face/index.ts";
import { rowsByPerson } from "../../matching/features/index.ts";
import { assertDisjoint } from "../../matching/protocols/index.ts";
import type { Training } from "./config.ts";
import type { HeldOutPairs } from "./heldOut.ts";
import { usesLabels } from "./stepConfig.ts";
import { type TeacherFeatures, type TeacherTargets, teacherTargets } from "./teacherTargets.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

export interface PreparedFaces {
  readonly faces: TrainingFaces;
  /** Names these faces in this order: a run is only resumed with the same. */
  readonly key: string;
  readonly split: PeopleSplit;
  readonly heldOut: HeldOutPairs | undefined;
}

/** Held-out pairs to measure with, if there are so many. */
const HELD_OUT_PAIRS = 3000;

/** Splits the people of `all` as `training` says, and loads the crops of those that train the net. */
export async function prepareFaces(
  all: AlignedFaces,
  training: Training,
  teacher?: TeacherFeatures,
): Promise<PreparedFaces> {
  const { rows, identities, people, key, split } = trainingRows(all, training);
  const taught = taughtRows(all, rows, training, teacher); // refuses what is missing before crops are loaded
  const margin = training.augmentation.shift;
  const region = regionOf(training);
  const crops = await loadRegion(all, rows, region, margin);
  const mirrored =
    training.augmentation.mirror && !isSymmetric(region)
      ? await loadRegion(mirroredFaces(all), rows, region, margin)
      : undefined;
  const heldOut = split.validation.length > 0 ? await holdOut(all, split.validation, training) : undefined;
  return { faces: { crops, mirrored, margin, identities, people, taught }, key, split, heldOut };
}

/** What the teacher of `training` says of `rows`. */
function taughtRows(
  all: AlignedFaces,
  rows: FaceRows,
  { teacher: wanted }: Training,
  teacher: TeacherFeatures | undefined,
): TeacherTargets | undefined {
  if (wanted && !teacher) {
    throw new InputError("train: the config has a teacher: give its features of the training pictures");
  }
  if (!wanted && teacher) {
    throw new InputError(`train: ${teacher.source}: the config has no teacher to take features from`);
  }
  if (!wanted || !teacher) return undefined;
  const names = Array.from(rows, (row) => all.names[row]);
  return teacherTargets(teacher.features, { names, views: wanted.views, source: teacher.source });
}

/** The pictures that train the net, each with the number of its person, and a key that names them in this order. */
export function trainingRows(all: AlignedFaces, training: Training) {
  const split = splitFor(all, training);
  const trained = usesLabels(training) ? withPairs(all.identities, split.train) : split.train;
  if (trained.length < 2)
    throw new InputError(`train: needs two people or more to train on, got ${trained.length}`);
  const numberOf = new Map(trained.map((person, i) => [person, i]));
  const rows = rowsOf(all.identities, trained);
  const identities = Int32Array.from(rows, (row) => numberOf.get(all.identities[row])!);
  const names = Array.from(rows, (row) => all.names[row]).join("\n");
  return {
    rows,
    identities,
    people: trained.length,
    split,
    key: sha256(names),
  };
}

/**
 * Names the pictures of the people whom `split` keeps from nets, as far as they are of the first of several sets: nets trained
 * on different sets that share it may be combined, since none has seen these people.
 */
export function heldOutKey(all: AlignedFaces, { matching, validation }: PeopleSplit): string {
  const heldOut = new Set([...matching, ...validation]);
  const first = all.names.slice(0, all.splitBy?.length ?? all.count);
  return sha256(first.filter((_, row) => heldOut.has(all.identities[row])).join("\n"));
}

/** The people of `all` as `training` splits them: always the same for the same people. */
export function splitFor(
  { identities, splitBy = identities }: Pick<AlignedFaces, "identities" | "splitBy">,
  training: Training,
): PeopleSplit {
  const drawn = splitPeople(splitBy, { ...training.split, rng: createRng(training.seed).fork("people") });
  const known = new Set(splitBy);
  const others = [...new Set(identities)].filter((person) => !known.has(person)).sort();
  const split = others.length > 0 ? { ...drawn, train: [...drawn.train, ...others] } : drawn;
  assertDisjoint({ ...split });
  return split;
}

/** The people of two pictures or more: one picture makes no pair. */
function withPairs(identities: readonly string[], people: readonly string[]): string[] {
  const rows = rowsByPerson(identities);
  return people.filter((person) => rows.get(person)!.length >= 2);
}

async function holdOut(
  all: AlignedFaces,
  people: readonly string[],
  training: Training,
): Promise<HeldOutPairs> {
  const rows = rowsOf(all.identities, people);
  const names = Array.from(rows, (row) => all.names[row]);
  const identities = Array.from(rows, (row) => all.identities[row]);
  const most = (rows.length - people.length) / 2; // as many same pairs as there are pictures to spare
  const count = Math.max(2, Math.min(HELD_OUT_PAIRS, 2 * Math.floor(most)));
  const { folds } = makePairs(
    { names, identities },
    { count, folds: 1, rng: createRng(training.seed).fork("held-out pairs") },
  );
  const rowOf = new Map(names.map((name, row) => [name, row]));
  const pairs = folds.flat().map(({ a, b, same }) => ({ a: rowOf.get(a)!, b: rowOf.get(b)!, same }));
  return { crops: await loadRegion(all, rows, regionOf(training)), pairs };
}

/** The region that the net of this run looks at. */
export function regionOf({
  region,
  net: { height, width, channels },
}: Pick<Training, "region" | "net">): Region {
  return region ?? { ...WHOLE_FACE, height, width, colour: channels === 3 ? "rgb" : "grey" };
}
