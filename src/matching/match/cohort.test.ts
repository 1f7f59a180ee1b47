import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plainMatcher } from "../../../test/support/faces.ts";
import { createRng, type Rng } from "../../base/random/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import { createFeatureSet, type FeatureSet } from "../features/index.ts";
import { readCohort, writeCohort } from "../files/index.ts";
import { calibrate, createScorer, fitCohort, normalisedScore, normaliser, type RowPair } from "./index.ts";

const SIZE = 6;
/** Compares coordinates as they are: between-people variance 4, within-person variance 1. */
const matcher = plainMatcher(SIZE, () => 4);

const row = (rng: Rng, spread = 2) => Float64Array.from({ length: SIZE }, () => spread * rng.normal());

/** People of the majority, or of a group who are all alike: far off the mean, and near each other. */
function people(
  count: number,
  faces: number,
  { seed, alike = false, name = "" }: { seed: number; alike?: boolean; name?: string },
) {
  const rng = createRng(seed);
  const rows = Array.from({ length: count }, () => {
    const person = row(rng, alike ? 0.7 : 2);
    if (alike) person[0] += 5;
    return Array.from({ length: faces }, () => person.map((value) => value + rng.normal()));
  });
  const names = rows.flatMap((own, p) => own.map((_, f) => `${seed} ${p}/${f}`));
  const identities = rows.flatMap((own, p) => own.map(() => name || `${seed} ${p}`));
  return createFeatureSet(Float32Array.from(rows.flat().flatMap((face) => [...face])), SIZE, {
    names,
    identities,
  });
}

const joined = (a: FeatureSet, b: FeatureSet) =>
  createFeatureSet(Float32Array.from([...a.values, ...b.values]), SIZE, {
    names: [...a.names, ...b.names],
    identities: [...a.identities, ...b.identities],
  });

function pairsOf({ identities, rows }: FeatureSet, rng: Rng) {
  const same: RowPair[] = [];
  const different: RowPair[] = [];
  for (let i = 0; i < 20_000; i++) {
    const pair: RowPair = [rng.integer(rows), rng.integer(rows)];
    if (pair[0] === pair[1]) continue;
    (identities[pair[0]] === identities[pair[1]] ? same : different).push(pair);
  }
  return { same, different };
}

const fitted = () => {
  const validation = people(40, 8, { seed: 3 });
  return fitCohort(
    matcher,
    {
      people: people(200, 3, { seed: 1 }),
      strangers: joined(
        people(300, 1, { seed: 2, name: "many" }),
        people(300, 1, { seed: 4, alike: true, name: "few" }),
      ),
      validation,
      pairs: pairsOf(validation, createRng(5)),
    },
    { rng: createRng(6), centroids: 40, nearest: 8 },
  );
};

describe("a face's statistics", () => {
  test("are the mean and deviation of its highest scores, whether it is compared alone or in a set", () => {
    const rng = createRng(7);
    const centroids = Array.from({ length: 9 }, () => row(rng));
    const values = Float64Array.from(centroids.flatMap((centroid) => [...centroid]));
    const { statistics } = normaliser(matcher, { centroids: matrix(9, SIZE, values), nearest: 3 });
    const [a, b] = [row(rng), row(rng)];
    const brute = (score: (centroid: Float64Array) => number) => {
      const [x, y, z] = centroids.map(score).sort((p, q) => q - p);
      const mean = (x + y + z) / 3;
      return { mean, deviation: Math.sqrt(((x - mean) ** 2 + (y - mean) ** 2 + (z - mean) ** 2) / 3) };
    };
    const alone = brute((centroid) => matcher.pair(a, centroid));
    expect(statistics([a]).mean).toBeCloseTo(alone.mean, 9);
    expect(statistics([a]).deviation).toBeCloseTo(alone.deviation, 9);
    expect(statistics([a, b]).mean).toBeCloseTo(
      brute((centroid) => matcher.sets([a, b], [centroid])).mean,
      9,
    );
    const other = { mean: 1, deviation: 2 };
    expect(normalisedScore(5, { mean: 3, deviation: 4 }, other)).toBe((2 / 4 + 4 / 2) / 2);
    expect(normalisedScore(5, other, { mean: 3, deviation: 4 })).toBe((2 / 4 + 4 / 2) / 2);
  });
});

describe("a cohort of people of all kinds", () => {
  test("lets strangers of a group who are all alike pass no more often than others", async () => {
    const calibration = await fitted();
    const passing = (scorer: ReturnType<typeof createScorer>) => {
      const strangersIn = (set: FeatureSet, seed: number) => {
        const face = (at: number) => Float64Array.from(set.values.subarray(at * SIZE, (at + 1) * SIZE));
        return pairsOf(set, createRng(seed)).different.map(([a, b]) => scorer.pair(face(a), face(b)).score);
      };
      const many = strangersIn(people(400, 1, { seed: 11 }), 8).sort((p, q) => q - p);
      const threshold = many[Math.floor(many.length / 100)]; // 1 % of the majority's strangers pass
      const few = strangersIn(people(400, 1, { seed: 12, alike: true }), 9);
      return few.filter((score) => score > threshold).length / few.length;
    };
    const { same, different } = calibration;
    expect(passing(createScorer(matcher, calibrate(same, different)))).toBeGreaterThan(0.3);
    expect(passing(createScorer(matcher, calibration))).toBeLessThan(0.06);
  });

  test("makes scores that are calibrated: people's own pairs are told from strangers'", async () => {
    const calibration = await fitted();
    const scorer = createScorer(matcher, calibration);
    const set = people(60, 4, { seed: 13 });
    const face = (at: number) => Float64Array.from(set.values.subarray(at * SIZE, (at + 1) * SIZE));
    const { same, different } = pairsOf(set, createRng(14));
    const right = (pairs: readonly RowPair[], sign: number) =>
      pairs.filter(([a, b]) => sign * scorer.pair(face(a), face(b)).score > 0).length / pairs.length;
    expect(right(same, 1)).toBeGreaterThan(0.85);
    expect(right(different, -1)).toBeGreaterThan(0.85);
    const [a, b] = [face(0), face(1)];
    expect(scorer.sets([a], [b]).score).toBeCloseTo(scorer.pair(a, b).score, 9);
    expect(scorer.pair(b, a).score).toBeCloseTo(scorer.pair(a, b).score, 9);
  });

  test("is the same after it was stored, and a damaged one is refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "deepid2plus-cohort-"));
    try {
      const path = join(folder, "cohort.safetensors");
      const calibration = await fitted();
      await writeCohort(path, calibration);
      const read = await readCohort(path, SIZE);
      const [a, b] = [row(createRng(15)), row(createRng(16))];
      const score = createScorer(matcher, calibration).pair(a, b).score;
      expect(createScorer(matcher, read).pair(a, b).score).toBeCloseTo(score, 9);
      await writeCohort(path, { ...calibration, cohort: { ...calibration.cohort, nearest: 1 } });
      await expect(readCohort(path, SIZE)).rejects.toThrow(/use: needs 2 to \d+ nearest centroids, got 1/);
      await expect(readCohort(path, SIZE + 1)).rejects.toThrow(/centroids/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
