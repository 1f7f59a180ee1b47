import { mkdtemp, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, InputError } from "../../base/errors/index.ts";
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { readFeatures, writeFeatures } from "../files/index.ts";
import {
  binarise,
  bitsAsNumbers,
  columnMedians,
  createFeatureSet,
  type FeatureSet,
  joinBlocks,
  normaliseBlocks,
  rowOf,
  selectPeople,
  selectRows,
} from "./index.ts";

const set = (rows: number[][], identities = rows.map((_, i) => `person ${i % 2}`)): FeatureSet =>
  createFeatureSet(Float32Array.from(rows.flat()), rows[0].length, {
    names: rows.map((_, i) => `picture ${i}`),
    identities,
  });
const value = fc.float({ noNaN: true, noDefaultInfinity: true });

describe("a feature set", () => {
  test("is refused where its parts do not fit, with the place", () => {
    const create = (values: number[], names: string[], identities: string[], dimension = 2) =>
      createFeatureSet(Float32Array.from(values), dimension, { names, identities });
    expect(() => create([1, 2, 3], ["a"], ["x"])).toThrow("1 rows of 2 need 2 values, got 3");
    expect(() => create([1, 2], ["a"], [])).toThrow("1 names but 0 identities");
    expect(() => create([1, 2, 3, 4], ["a", "a"], ["x", "y"])).toThrow("a occurs twice");
    expect(() => create([1, 2, Number.NaN, 4], ["a", "b"], ["x", "y"])).toThrow("got NaN in row b, column 0");
    expect(() => create([], [], [], 0)).toThrow(InputError);
  });

  test("gives rows by number and by person", () => {
    const three = set([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const picked = selectRows(three, [2, 0]);
    expect(picked.names).toEqual(["picture 2", "picture 0"]);
    expect([...rowOf(picked, 0)]).toEqual([5, 6]);
    expect(selectPeople(three, (who) => who === "person 0").names).toEqual(["picture 0", "picture 2"]);
    expect(() => selectRows(three, [3])).toThrow("rows run from 0 to 2, got 3");
  });

  test("joins blocks of the same rows side by side", () => {
    const joined = joinBlocks([
      set([
        [1, 2],
        [3, 4],
      ]),
      set([[5], [6]]),
    ]);
    expect([joined.dimension, [...joined.values]]).toEqual([3, [1, 2, 5, 3, 4, 6]]);
    expect(() => joinBlocks([set([[1]], ["x"]), set([[1]], ["y"])])).toThrow("set 1 has other rows");
    expect(() => joinBlocks([])).toThrow(InputError);
  });

  test("normalises each block to unit length and leaves zeros alone", () => {
    expect([...normaliseBlocks(set([[3, 4, 0, 0]]), 2).values]).toEqual([0.6, 0.8, 0, 0].map(Math.fround));
    expect([...normaliseBlocks(set([[2, 0, 0, 0]]), 4).values]).toEqual([1, 0, 0, 0]);
    expect(() => normaliseBlocks(set([[1, 2, 3]]), 2)).toThrow("blocks of 2 do not divide 3");
  });
});

describe("binary codes", () => {
  test("bit j says whether value j is positive", () => {
    const { codes, words, bits } = binarise(set([[...Array(32).fill(0), 2, -1, 0.5]]));
    expect([words, bits, [...codes]]).toEqual([2, 35, [0, 0b101]]);
    expect([...binarise(set([Array(32).fill(1)])).codes]).toEqual([0xffffffff]);
  });

  test("they agree with the features at any threshold, bit by bit", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 70 }), (row) => {
        const thresholds = Float32Array.from(row, (_, j) => row[row.length - 1 - j]);
        const { codes } = binarise(set([row]), thresholds);
        for (const [j, x] of row.entries())
          expect((codes[j >> 5] >>> (j & 31)) & 1).toBe(x > thresholds[j] ? 1 : 0);
        const numbers = bitsAsNumbers(set([row, row]), thresholds).values;
        expect([...numbers].map((bit, j) => [j, bit])).toEqual(
          [...row, ...row].map((x, j) => [j, x > thresholds[j % row.length] ? 1 : 0]),
        );
      }),
      { seed: 1 },
    );
  });

  test("median thresholds split every column in half", () => {
    const four = set([
      [1, 9],
      [2, 7],
      [3, 8],
      [4, 6],
    ]);
    expect([...columnMedians(four)]).toEqual([2, 7]);
    expect([...binarise(four, columnMedians(four)).codes]).toEqual([0b10, 0b00, 0b11, 0b01]);
    expect(() => binarise(four, new Float32Array(3))).toThrow("2 columns need as many thresholds, got 3");
  });
});

describe("feature files", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "features-")), "f.safetensors");

  test("a set comes back as it was, with its provenance", async () => {
    const given = set([
      [0.1, -2],
      [3, 4],
      [5, 1e-30],
    ]);
    await writeFeatures(path, given, { net: "whole face", names: "not the names" });
    expect(await readFeatures(path)).toEqual({
      set: given,
      provenance: { net: "whole face", names: "not the names" },
    });
  });

  test("a truncated or foreign file is refused with its name", async () => {
    await writeFeatures(path, set([[1, 2]]));
    const { tensors, metadata } = await readSafetensors(path);
    const rewritten = async (changes: Record<string, string>) => {
      await writeSafetensors(path, tensors, { ...metadata, ...changes });
      return readFeatures(path);
    };
    await expect(rewritten({ format: "other" })).rejects.toThrow(
      'needs metadata format "deepid2plus-features"',
    );
    await expect(rewritten({ names: '["a","b"]' })).rejects.toThrow("1 rows of features but 2 names");
    await expect(rewritten({ names: "[1]" })).rejects.toThrow(DataError);
    await expect(rewritten({ identities: "[]" })).rejects.toThrow("1 names but 0 identities");
    await expect(rewritten({ identities: "{" })).rejects.toThrow("must be a JSON list");
    await truncate(path, 40);
    await expect(readFeatures(path)).rejects.toThrow(/f\.safetensors: truncated/);
  });
});
