import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import { cosine } from "../../matching/match/index.ts";
import {
  cleanReference,
  measureRobustness,
  type RobustLevel,
  robustCurves,
  robustnessFinding,
} from "./index.ts";

const rng = createRng(1);
const [people, neurons] = [40, 32];
const means = Array.from({ length: people }, () => Array.from({ length: neurons }, () => rng.normal()));
const identities = Array.from({ length: 2 * people }, (_, row) => `person ${row >> 1}`);
const names = identities.map((_, row) => `picture ${row}`);
const clean = createFeatureSet(
  Float32Array.from(identities.flatMap((_, row) => means[row >> 1].map((mean) => mean + 0.3 * rng.normal()))),
  neurons,
  { names, identities },
);
const pairs = Array.from({ length: people }, (_, p) => [
  { a: 2 * p, b: 2 * p + 1, same: true },
  { a: 2 * p, b: (2 * p + 2) % (2 * people), same: false },
]);
const folds = [pairs.slice(0, people / 2).flat(), pairs.slice(people / 2).flat()];
const system = { name: "FC-4", metric: cosine, role: "judged" } as const;
const person = "person 3";
const reference = cleanReference(clean, person);
const measure = (set: typeof clean) => measureRobustness(system, set, { folds, clean: reference, person });

describe("a measurement", () => {
  test("of clean features flips nothing and correlates fully", () => {
    const { accuracy, flipped, correlation, strip } = measure(clean);
    expect(accuracy).toBe(1);
    expect(flipped).toBe(0);
    expect(correlation).toBeCloseTo(1, 12);
    expect(strip![0]).toBeCloseTo((clean.values[6 * neurons] + clean.values[7 * neurons]) / 2, 3);
  });

  test("of features turned round flips every bit and correlates not at all", () => {
    const { flipped, correlation } = measure({ ...clean, values: clean.values.map((value) => -value) });
    expect(flipped).toBe(1);
    expect(correlation).toBeCloseTo(-1, 12);
  });

  test("of noise guesses", () => {
    const { accuracy, flipped } = measure({ ...clean, values: clean.values.map(() => rng.normal()) });
    // A guess of 80 pairs deviates by 0.056; 2.7 times that is allowed.
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(0.15);
    expect(flipped).toBeCloseTo(0.5, 1);
  });

  test("needs the rows of the clean features and a person who is there", () => {
    expect(() => measure({ ...clean, rows: 10, names: names.slice(0, 10) })).toThrow();
    expect(() => cleanReference(clean, "nobody")).toThrow("no pictures of nobody");
  });
});

describe("the finding", () => {
  const at = (corruption: string, level: number, net: number, lbp: number): RobustLevel => ({
    corruption,
    level,
    measurements: [
      ["FC-3", net - 0.01, "own"] as const,
      ["FC-4", net, "judged"] as const,
      ["other net", 0.51, "own"] as const,
      ["LBP", lbp, "rival"] as const,
    ].map(([name, accuracy, role]) => ({
      name,
      role,
      accuracy,
      metric: "cosine",
      standardError: 0.01,
      byCosine: accuracy,
      flipped: 0,
      strip: null,
      correlation: null,
    })),
  });
  const study = (net: number, lbp: number) => [
    at("partial", 40, net, lbp),
    at("partial", 0, 0.9, 0.8),
    at("block", 0, 0.9, 0.8),
    at("block", 50, net, lbp),
  ];

  test("holds where the deepest tap keeps more of its lead than LBP, and half of it", () => {
    expect(robustnessFinding(study(0.8, 0.6)).holds).toBe(true); // 75 % against 33 %
    expect(robustnessFinding(study(0.69, 0.55)).holds).toBe(false); // 47.5 %
    expect(robustnessFinding(study(0.8, 0.75)).holds).toBe(false); // 75 % against 83 %
    expect(robustnessFinding(study(0.8, 0.6)).verdict).toContain("FC-4 keeps 75 % of its lead");
    const half = [...study(0.8, 0.6).slice(0, 3), at("block", 50, 0.6, 0.7)];
    expect(robustnessFinding(half).verdict).toMatch(
      /^Holds in part here: with 40 % .*; not with a random block/,
    );
  });

  test("is open where the paper's levels were not measured", () => {
    expect(robustnessFinding([at("partial", 0, 0.9, 0.8), at("partial", 10, 0.9, 0.8)]).holds).toBeNull();
  });

  test("says where each curve has dropped by 5 points, straight between levels", () => {
    const levels = [at("partial", 0, 0.9, 0.8), at("partial", 10, 0.9, 0.6), at("partial", 30, 0.8, 0.55)];
    const { numbers } = robustnessFinding(levels);
    const drop = numbers.find(({ what }) => what.includes("5 points are lost"))!;
    expect(drop.ours).toBe("FC-3 20 %, FC-4 20 %, other net never, LBP 3 %");
  });

  test("curves run from clean to strong", () => {
    const [first] = robustCurves(study(0.8, 0.6));
    expect([first.system, first.points.map(({ level }) => level)]).toEqual(["FC-3", [0, 40]]);
  });
});
