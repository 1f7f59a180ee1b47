import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { createRng } from "../../base/random/index.ts";
import { bitsAsNumbers, createFeatureSet, type FeatureSet, normaliseBlocks } from "../features/index.ts";
import { readMatcher, writeMatcher } from "../files/index.ts";
import {
  fitMatcher,
  jointBayesian,
  type Matcher,
  type MatcherOptions,
  projectFeatures,
  type RowPair,
  roundMatcher,
} from "./index.ts";
import { createMatcher } from "./matcher.ts";

const BLOCK = 6;
const BLOCKS = 4; // of two nets: [original | mirror] of each

/** Features of people of whom each face and its mirror image differ. */
function features(people: number, seed: number): FeatureSet {
  const rng = createRng(seed);
  const dimension = BLOCKS * BLOCK;
  const centres = Array.from({ length: people }, () => Array.from({ length: dimension }, rng.normal));
  const identities = Array.from({ length: 4 * people }, (_, row) => `p${row % people}`);
  const values = identities.flatMap((_, row) => centres[row % people].map((x) => x + rng.normal()));
  return createFeatureSet(Float32Array.from(values), dimension, {
    names: identities.map((_, i) => `${i}`),
    identities,
  });
}

/** The features of the mirrored pictures: each net's two blocks swapped. */
function mirrored(set: FeatureSet): FeatureSet {
  const values = set.values.map((_, at) => {
    const block = Math.floor(at / BLOCK);
    return set.values[at + (block % 2 === 0 ? BLOCK : -BLOCK)];
  });
  return { ...set, values };
}

/** The sums that such a matcher is of, by definition. */
function sums(set: FeatureSet): FeatureSet {
  const dimension = set.dimension / 2;
  const values = Float32Array.from({ length: set.rows * dimension }, (_, at) => {
    const [row, column] = [Math.floor(at / dimension), at % dimension];
    const from = row * set.dimension + 2 * BLOCK * Math.floor(column / BLOCK) + (column % BLOCK);
    return set.values[from] + set.values[from + BLOCK];
  });
  return { ...set, dimension, values };
}

const learned = features(60, 1);
const set = features(30, 2);
const pairs: RowPair[] = set.names.map((_, row) => [row, (7 * row + 30) % set.rows]);
const learn = async (options: MatcherOptions, from = learned): Promise<Matcher> =>
  (await fitMatcher(from, { components: 9, ...options })).matcher;
const alike = { blockSize: BLOCK, mirrored: BLOCK };

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, digits: number): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i], digits);
}

describe("a matcher that lets a face and its mirror image count alike", () => {
  test("scores mirrored pictures as the pictures, where one that does not scores them otherwise", async () => {
    const [own, other] = [
      jointBayesian(await learn(alike)),
      jointBayesian(await learn({ blockSize: BLOCK })),
    ];
    expectClose(own.score(mirrored(set), pairs), own.score(set, pairs), 9);
    const [before, after] = [set, mirrored(set)].map((faces) => other.score(faces, pairs));
    expect(Math.max(...before.map((score, i) => Math.abs(score - after[i])))).toBeGreaterThan(0.1);
  });

  test("is the matcher of the sums of their unit-length features, or of their bits", async () => {
    const unit = (faces: FeatureSet) => sums(normaliseBlocks(faces, BLOCK));
    const ofSums = jointBayesian(await learn({ normalise: false }, unit(learned)));
    const own = jointBayesian(await learn(alike));
    expectClose(own.score(set, pairs), ofSums.score(unit(set), pairs), 4);
    const bits = (faces: FeatureSet) => sums(bitsAsNumbers(faces));
    const ofBitSums = jointBayesian(await learn({ normalise: false }, bits(learned)));
    const ownOfBits = jointBayesian(
      await learn({ normalise: false, mirrored: BLOCK }, bitsAsNumbers(learned)),
    );
    expectClose(ownOfBits.score(bitsAsNumbers(set), pairs), ofBitSums.score(bits(set), pairs), 4);
  });

  test("gives many faces at once the coordinates that it gives each", async () => {
    const matcher = await learn(alike);
    const { values } = await projectFeatures(matcher, { set });
    expectClose(values, matcher.project(set).values, 4);
  });

  test("refuses columns that are not pairs of blocks", async () => {
    await expect(learn({ blockSize: BLOCK, mirrored: 5 })).rejects.toThrow(
      "24 columns are not pairs of blocks of 5",
    );
    await expect(learn({ blockSize: BLOCK, mirrored: 24 })).rejects.toThrow(
      "24 columns are not pairs of blocks of 24",
    );
  });
});

describe("its file", () => {
  let path: string;
  beforeAll(async () => {
    path = join(await mkdtemp(join(tmpdir(), "mirrors-")), "m.safetensors");
  });

  test("holds one of the two and gives both back", async () => {
    const matcher = roundMatcher(await learn(alike));
    await writeMatcher(path, { matcher });
    const { tensors } = await readSafetensors(path);
    expect([tensors.mean.shape, tensors.directions.shape]).toEqual([[12], [9, 12]]);
    const { size } = await stat(path);
    expect((await readMatcher(path)).matcher.model).toEqual(matcher.model);
    await writeMatcher(path, { matcher: createMatcher({ ...matcher.model, mirrored: undefined }) });
    expect((await stat(path)).size - size).toBeGreaterThan(9 * 12 + 4 * 12 - 40);
  });

  test("is refused with its name where the blocks do not fit", async () => {
    await writeMatcher(path, { matcher: roundMatcher(await learn(alike)) });
    const { tensors, metadata } = await readSafetensors(path);
    for (const wrong of ["5", "0", "-6", "half"]) {
      await writeSafetensors(path, tensors, { ...metadata, mirrored: wrong });
      await expect(readMatcher(path)).rejects.toThrow(/m\.safetensors: mirrored must divide 12, got/);
    }
  });
});
