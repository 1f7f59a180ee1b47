import { describe, expect, test } from "vitest";
import { noiseFaces, TINY } from "../../../test/support/tinyTraining.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import { createBatches } from "./batches.ts";
import { parseTraining, type Training } from "./config.ts";
import { arcCosine, similaritiesOf } from "./teacherSignal.ts";
import { teacherTargets } from "./teacherTargets.ts";

/** Features of four pictures: three numbers of the face, then three of its mirror image. */
const FEATURES = createFeatureSet(
  Float32Array.from(
    [
      [1, 2, 3, 3, 2, 1],
      [9, 9, 9, 9, 9, 9],
      [4, 0, 2, 4, 2, 0],
      [-1, 5, 0, 1, 5, 2],
    ].flat(),
  ),
  6,
  { names: ["a", "unused", "b", "c"], identities: ["x", "x", "y", "z"] },
);

describe("a teacher's targets", () => {
  test("are the means of face and mirror image of the pictures asked for, centred, of deviation 1", () => {
    const { values, width, key } = teacherTargets(FEATURES, { names: ["c", "a", "b"], source: "f" });
    expect(width).toBe(3);
    const means = [
      [0, 5, 1],
      [2, 2, 2],
      [4, 1, 1],
    ];
    const centre = [2, 8 / 3, 4 / 3];
    const centred = means.flatMap((row) => row.map((value, i) => value - centre[i]));
    const deviation = Math.sqrt(centred.reduce((sum, value) => sum + value ** 2, 0) / 9);
    for (const [i, value] of centred.entries()) expect(values[i]).toBeCloseTo(value / deviation, 5);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const other = teacherTargets(FEATURES, { names: ["a", "c", "b"], source: "f" });
    expect(other.key).not.toBe(key);
  });

  test("are refused where pictures are missing, with their names, and where views do not divide a row", () => {
    const of = (names: readonly string[], views?: number) => () =>
      teacherTargets(FEATURES, { names, views, source: "dlib.safetensors" });
    expect(of(["a", "d", "e"])).toThrow(DataError);
    expect(of(["a", "d", "e"])).toThrow(
      `dlib.safetensors: needs the teacher's features of all 3 pictures to learn from, 2 are missing: "d", "e"`,
    );
    expect(of(["a"], 4)).toThrow(InputError);
    expect(of(["a"], 4)).toThrow(/needs 4 views of equal width side by side, got 6 numbers a picture/);
  });

  test("go into batches with the rows they belong to; a person of one picture is a pair with itself", () => {
    const training: Training = { ...TINY, pairs: 4, teacher: { weight: 1, kernel: 1, labels: 0 } };
    const faces = noiseFaces(training, { people: 4, pictures: 1 });
    const { values } = faces.taught!;
    const batch = createBatches(faces, training)(0);
    batch.identities.forEach((person, row) => {
      expect(batch.targets!.subarray(3 * row, 3 * row + 3)).toEqual(
        values.subarray(3 * person, 3 * person + 3),
      );
      expect(batch.similarities![8 * row + (row ^ 1)]).toBeCloseTo(1, 5);
    });
    expect(new Set(batch.identities).size).toBe(4);
    const few = { ...faces, taught: { ...faces.taught!, values: values.slice(3) } };
    expect(() => createBatches(few, training)).toThrow(
      "batches: the config has a teacher, which needs targets of 4 pictures, got 3",
    );
    expect(() => createBatches({ ...faces, taught: undefined }, training)).toThrow(/of 4 pictures, got none/);
  });
});

describe("the arc-cosine kernel", () => {
  test("is the cosine of rectified features that hang off vectors by random weights", () => {
    const rng = createRng(4);
    for (const cosine of [-0.9, -0.2, 0, 0.35, 0.8, 1]) {
      const sine = Math.sqrt(1 - cosine ** 2);
      let [dot, aa, bb] = [0, 0, 0];
      for (let i = 0; i < 200_000; i++) {
        const [u, v] = [rng.normal(), rng.normal()];
        const [a, b] = [Math.max(0, u), Math.max(0, cosine * u + sine * v)];
        dot += a * b;
        aa += a * a;
        bb += b * b;
      }
      expect(arcCosine(cosine)).toBeCloseTo(dot / Math.sqrt(aa * bb), 2);
    }
    expect(arcCosine(0)).toBeCloseTo(1 / Math.PI, 12);
    expect(arcCosine(1 + 1e-9)).toBe(1);
  });

  test("of a batch is symmetric, with ones on its diagonal, whatever the vectors' lengths", () => {
    const similarities = similaritiesOf(Float32Array.of(1, 0, 0, 3, -2, 0), 2);
    const expected = [
      1,
      arcCosine(0),
      arcCosine(-1),
      arcCosine(0),
      1,
      arcCosine(0),
      arcCosine(-1),
      arcCosine(0),
      1,
    ];
    for (const [i, value] of expected.entries()) expect(similarities[i]).toBeCloseTo(value, 6);
  });
});

test("a config says which taps are taught, and none is left without a signal", () => {
  const problem = (teacher: Training["teacher"], more: Partial<Training> = {}) => {
    try {
      parseTraining({ ...TINY, ...more, teacher }, "my.json");
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(problem({ weight: 8 })).toBeUndefined();
  expect(problem({ weight: 8, labels: 0, taps: [4, 3, 2, 1] })).toBeUndefined();
  expect(problem({ weight: 8, labels: 0, taps: [4] })).toMatch(/must be all taps of the net/);
  expect(problem({ weight: 8, taps: [4] }, { net: { ...TINY.net, taps: [4] } })).toBeUndefined();
  expect(problem({ weight: 8, taps: [3] }, { net: { ...TINY.net, taps: [4] } })).toMatch(
    /among the net's taps/,
  );
  expect(problem({ weight: 8 }, { heads: [1] })).toMatch(/cannot teach heads/);
});
