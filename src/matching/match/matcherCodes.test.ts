import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import { binarise, createFeatureSet } from "../features/index.ts";
import { codeOf, hammingDistance } from "./distances.ts";
import { likelihoodRatio } from "./jointBayesian.ts";
import { createMatcher } from "./matcher.ts";
import { codeProjections, createEncoder, MATCHER_CODE_BITS } from "./matcherCodes.ts";

const SIZE = 40;
const RATIOS = Float64Array.from({ length: SIZE }, (_, i) => 20 / (1 + i));

/** Coordinates [2 * people, SIZE] under the model: two pictures of each person, one after the other. */
function pictures(people: number) {
  const rng = createRng(7);
  const rows = Array.from({ length: people }, () => {
    const person = RATIOS.map((ratio) => Math.sqrt(ratio) * rng.normal());
    return [0, 1].map(() => person.map((value) => value + rng.normal()));
  }).flat();
  return matrix(rows.length, SIZE, Float64Array.from(rows.flatMap((row) => [...row])));
}

describe("codes of a matcher", () => {
  test("differ in bits as weighted coordinates differ in angle", () => {
    const faces = pictures(40);
    const bits = 4096;
    const codes = createEncoder(RATIOS, bits)(faces);
    const weighted = Array.from({ length: faces.rows }, (_, row) =>
      RATIOS.map((ratio, i) => (Math.sqrt(ratio) / (1 + ratio)) * faces.values[row * SIZE + i]),
    );
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    for (let a = 0; a < 20; a++) {
      for (let b = a + 1; b < 20; b++) {
        const [x, y] = [weighted[a], weighted[b]];
        const angle = Math.acos(dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)));
        const share = hammingDistance(codeOf(codes, a), codeOf(codes, b)) / bits;
        expect(Math.abs(share - angle / Math.PI)).toBeLessThan(4.5 * Math.sqrt(0.25 / bits)); // 4.5 deviations
      }
    }
  });

  test("have as bits the signs of what codeProjections gives", async () => {
    const faces = pictures(20);
    const names = Array.from({ length: faces.rows }, (_, i) => `${i}`);
    const set = createFeatureSet(Float32Array.from(faces.values), SIZE, { names, identities: names });
    const identity = Array.from({ length: SIZE * SIZE }, (_, i) => Number(i % (SIZE + 1) === 0));
    const directions = matrix(SIZE, SIZE, Float64Array.from(identity));
    const matcher = createMatcher({ mean: new Float64Array(SIZE), directions, ratios: RATIOS, blockSize: 0 });
    const unsigned = await codeProjections(matcher, set);
    const { codes } = createEncoder(RATIOS)(matcher.project(set));
    expect(unsigned.dimension).toBe(MATCHER_CODE_BITS);
    expect([...binarise(unsigned).codes]).toEqual([...codes]);
  });

  test("find nearly what Joint Bayesian finds, and more than the signs of the coordinates do", () => {
    const people = 150;
    const faces = pictures(people);
    const { pair } = likelihoodRatio(RATIOS);
    const row = (at: number) => faces.values.subarray(at * SIZE, (at + 1) * SIZE);
    const codes = createEncoder(RATIOS)(faces);
    const signs = (at: number) => Uint32Array.from([...row(at)], (value) => Number(value > 0));
    const rank1 = (score: (a: number, b: number) => number) => {
      let right = 0;
      for (let person = 0; person < people; person++) {
        const scores = Array.from({ length: people }, (_, other) => score(2 * person, 2 * other + 1));
        right += Number(scores.indexOf(Math.max(...scores)) === person);
      }
      return right / people;
    };
    const exact = rank1((a, b) => pair(row(a), row(b)));
    const byCodes = rank1((a, b) => -hammingDistance(codeOf(codes, a), codeOf(codes, b)));
    const bySigns = rank1((a, b) => -hammingDistance(signs(a), signs(b)));
    expect(exact).toBeGreaterThan(0.5);
    expect(byCodes).toBeGreaterThan(0.8 * exact);
    expect(byCodes).toBeGreaterThan(bySigns + 0.1);
  });

  test("are the same bytes for ever: galleries keep them", () => {
    const faces = matrix(1, 3, Float64Array.of(1, -0.5, 0.25));
    const { codes, words, bits } = createEncoder(Float64Array.of(4, 1, 0))(faces);
    expect({ words, bits }).toEqual({ words: 16, bits: MATCHER_CODE_BITS });
    expect([...codes.subarray(0, 4)]).toMatchInlineSnapshot(`
      [
        2431256463,
        1179079123,
        3726657171,
        794242417,
      ]
    `);
  });

  test("leave a direction that says nothing out of account", () => {
    const encode = createEncoder(Float64Array.of(4, 0));
    const [a, b] = [0.3, 1e9].map((useless) => encode(matrix(1, 2, Float64Array.of(1, useless))).codes);
    expect(a).toEqual(b);
  });
});
