import { describe, expect, test } from "vitest";
import { FACE_BYTES, facesOfBytes } from "../../../test/support/faces.ts";
import { createRng } from "../../base/random/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import { fitPca, project } from "../../math/linalg/index.ts";
import {
  countLbp,
  createLbpDescriptor,
  extractLbp,
  LBP_LENGTH,
  principalComponents,
  selectedBins,
} from "./index.ts";

/** `count` faces: each a level of grey to the left and noise to the right. */
function faces(count: number) {
  const rng = createRng(1);
  return facesOfBytes(count, (i) => (i % 264 < 132 ? 50 : rng.integer(256)));
}

/** Roots of the counts of one face. */
function rootsOfFace(pixels: Uint8Array): number[] {
  const counts = new Uint8Array(LBP_LENGTH);
  createLbpDescriptor()(pixels, counts);
  return Array.from(counts, (n) => Math.fround(Math.sqrt(n)));
}

describe("features by LBP", () => {
  test("are the square roots of the counts, a row for each face in order", async () => {
    const given = faces(66); // more than are read at a time
    const progress: number[] = [];
    const set = await extractLbp(given, { onProgress: (done) => progress.push(done) });
    expect(set).toMatchObject({
      rows: 66,
      dimension: 99_120,
      names: given.names,
      identities: given.identities,
    });
    expect(progress).toEqual([64, 66]);
    for (const row of [0, 63, 64, 65]) {
      expect([...rowOf(set, row)]).toEqual(
        rootsOfFace(given.pixels.subarray(row * FACE_BYTES, (row + 1) * FACE_BYTES)),
      );
    }
    const square = rowOf(set, 0).reduce((sum, value) => sum + value * value, 0);
    expect(square / 168_000).toBeCloseTo(1, 5); // the same length for every face
  });

  test("can be some of the numbers only", async () => {
    const given = faces(2);
    const whole = await extractLbp(given);
    const some = await extractLbp(given, { reduction: selectedBins([99_119, 0, 58]) });
    expect([some.rows, some.dimension]).toEqual([2, 3]);
    expect([...rowOf(some, 1)]).toEqual([99_119, 0, 58].map((column) => rowOf(whole, 1)[column]));
    expect(() => selectedBins([99_120])).toThrow("columns must be whole numbers from 0 to 99119");
    expect(() => selectedBins([0.5])).toThrow("columns must be whole numbers");
  });

  test("can be coordinates along components that were fitted to counts in memory", async () => {
    const given = faces(12);
    const counted = await countLbp(given);
    expect([counted.rows, counted.columns, counted.counts.length]).toEqual([12, LBP_LENGTH, 12 * LBP_LENGTH]);
    const pca = await fitPca(counted, { components: 4 });
    const set = await extractLbp(given, { reduction: principalComponents(pca) });
    const { values } = await extractLbp(given);
    const expected = project(pca, { rows: 12, columns: LBP_LENGTH, values }).values;
    expect([set.rows, set.dimension]).toEqual([12, 4]);
    for (const [i, value] of set.values.entries()) expect(value).toBeCloseTo(expected[i], 4);
    expect(() => principalComponents({ ...pca, mean: new Float64Array(3) })).toThrow(
      "of 99120 numbers, got 3",
    );
  });

  test("are refused where they would not fit in memory, before any face is read", async () => {
    const many = {
      count: 1e5,
      names: [],
      identities: [],
      readRange: () => Promise.reject(new Error("read")),
    };
    await expect(extractLbp(many)).rejects.toThrow("100000 faces of 99120 numbers need more than 2 GiB");
  });

  test("stop when they are told to", async () => {
    const controller = new AbortController();
    const extraction = extractLbp(faces(70), {
      signal: controller.signal,
      reduction: selectedBins([0]),
      onProgress: () => controller.abort(),
    });
    await expect(extraction).rejects.toThrow("aborted");
  });
});
