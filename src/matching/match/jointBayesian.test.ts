import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors/index.ts";
import { createRng, type Rng } from "../../base/random/index.ts";
import {
  cholesky,
  diagonal,
  gram,
  logDeterminant,
  type Matrix,
  matrix,
  multiply,
  multiplyTransposed,
  solve,
  solveLower,
} from "../../math/linalg/index.ts";
import { coordinates, fitJointBayesian, type JointBayesianFit, likelihoodRatio } from "./index.ts";

const random = (rows: number, columns: number, rng: Rng) =>
  matrix(rows, columns, Float64Array.from({ length: rows * columns }, rng.normal));
const rowsOf = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));

/** Faces drawn from the model: variance `between[k]` between people and `within[k]` within, `counts` faces each. */
function draw(counts: number[], between: number[], within: number[], rng: Rng) {
  const d = between.length;
  const faces: number[] = [];
  const identities: string[] = [];
  for (const [person, count] of counts.entries()) {
    const mu = between.map((variance) => Math.sqrt(variance) * rng.normal());
    for (let i = 0; i < count; i++) {
      faces.push(...mu.map((m, k) => m + Math.sqrt(within[k]) * rng.normal()));
      identities.push(`person ${person}`);
    }
  }
  return { rows: matrix(identities.length, d, Float64Array.from(faces)), identities };
}

/** log density of faces of one person, stacked, under N(0, S): S_μ in every block, S_ε more on the diagonal. */
function jointLogDensity(faces: Float64Array[], between: Matrix, within: Matrix): number {
  const d = between.rows;
  const n = faces.length * d;
  const covariance = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = (i % d) * d + (j % d);
      const sameFace = Math.floor(i / d) === Math.floor(j / d);
      covariance.values[i * n + j] = between.values[at] + (sameFace ? within.values[at] : 0);
    }
  }
  const lower = cholesky(covariance);
  const stacked = matrix(n, 1, Float64Array.from(faces.flatMap((face) => [...face])));
  const white = solveLower(lower, stacked).values;
  const square = white.reduce((sum, x) => sum + x * x, 0);
  return -(n * Math.log(2 * Math.PI) + logDeterminant(lower) + square) / 2;
}

const UNEVEN = [1, 2, 2, 3, 5, 8, 1, 4, 4, 4, 3, 6, 2, 2, 7, 1, 3, 5, 2, 4];

describe("the score", () => {
  const rng = createRng(1);
  const { rows, identities } = draw(UNEVEN, [2, 1, 0.5, 0.1], [0.3, 0.5, 0.4, 0.6], rng);
  const { model, between, within } = fitJointBayesian(rows, identities, { rounds: 7 });
  const faces = rowsOf(random(6, 4, rng)); // any points, not only faces like the training ones
  const centred = faces.map((face) => face.map((x, k) => x - model.mean[k]));
  const z = rowsOf(coordinates(model, matrix(6, 4, Float64Array.from(faces.flatMap((face) => [...face])))));
  const compare = likelihoodRatio(model.ratios);
  const direct = (a: number[], b: number[]) => {
    const density = (these: number[]) =>
      jointLogDensity(
        these.map((i) => centred[i]),
        between,
        within,
      );
    return density([...a, ...b]) - density(a) - density(b);
  };

  test("of a pair is the ratio of the joint Gaussians", () => {
    for (const [i, j] of [
      [0, 1],
      [2, 3],
      [4, 4],
    ])
      expect(compare.pair(z[i], z[j])).toBeCloseTo(direct([i], [j]), 9);
  });

  test("of two sets is the ratio of the joint Gaussians", () => {
    for (const [a, b] of [
      [
        [0, 1, 2],
        [3, 4],
      ],
      [[5], [0, 1, 2, 3]],
      [[2, 2], [2]],
    ]) {
      expect(
        compare.sets(
          a.map((i) => z[i]),
          b.map((i) => z[i]),
        ),
      ).toBeCloseTo(direct(a, b), 9);
    }
  });

  test("of a pair is the published quadratic form, halved, plus a constant", () => {
    // r = aᵀAa + bᵀAb - 2aᵀGb with G = -(2S_μ + S_ε)⁻¹ S_μ S_ε⁻¹, A = (S_μ + S_ε)⁻¹ - (S_ε⁻¹ + G)  (Chen et al., Eq. 4)
    const one = diagonal([1, 1, 1, 1]);
    const sum = (p: Matrix, q: Matrix, factor: number) =>
      matrix(
        4,
        4,
        p.values.map((v, i) => v + factor * q.values[i]),
      );
    const f = solve(within, one);
    const g = multiply(solve(sum(within, between, 2), between), f);
    const a = sum(solve(sum(between, within, 1), one), sum(f, g, -1), -1);
    const form = (x: Float64Array, m: Matrix, y: Float64Array) =>
      multiplyTransposed(multiply(matrix(1, 4, x), m), matrix(1, 4, y)).values[0];
    const published = (i: number, j: number) =>
      form(centred[i], a, centred[i]) + form(centred[j], a, centred[j]) + 2 * form(centred[i], g, centred[j]);
    const constant = compare.pair(z[0], z[1]) - published(0, 1) / 2;
    for (const [i, j] of [
      [2, 3],
      [4, 5],
      [1, 1],
    ]) {
      expect(compare.pair(z[i], z[j])).toBeCloseTo(published(i, j) / 2 + constant, 9);
    }
  });

  const numbers = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 4, maxLength: 4 });
  const point = numbers.map((values) => Float64Array.from(values));

  test("is symmetric, and of singletons it is the score of the pair", () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        expect(compare.pair(a, b)).toBe(compare.pair(b, a));
        expect(compare.sets([a], [b])).toBeCloseTo(compare.pair(a, b), 9);
      }),
      { seed: 1 },
    );
  });

  test("does not depend on the order within a set", () => {
    fc.assert(
      fc.property(point, point, point, (a, b, c) => {
        expect(compare.sets([a, b], [c])).toBeCloseTo(compare.sets([b, a], [c]), 9);
        expect(compare.sets([a, b], [c])).toBeCloseTo(compare.sets([c], [a, b]), 9);
      }),
      { seed: 2 },
    );
  });

  test("of faces that say the same throughout a set counts as their mean, once", () => {
    const [a, b, c] = z;
    const mean = a.map((value, k) => (value + b[k]) / 2);
    const scoreAt = (correlation: number) =>
      compare.compare(compare.summary([a, b], correlation), compare.summary([c], correlation));
    expect(scoreAt(0)).toBeCloseTo(compare.sets([a, b], [c]), 12);
    expect(scoreAt(1)).toBeCloseTo(compare.pair(mean, c), 9);
    expect(() => scoreAt(1.1)).toThrow("correlation must be in [0, 1], got 1.1");
  });

  test("refuses other sizes and empty sets", () => {
    expect(() => compare.pair(z[0], new Float64Array(3))).toThrow("needs 4 coordinates, got 3");
    expect(() => compare.sets([], [z[0]])).toThrow(InputError);
  });
});

describe("exact EM", () => {
  const rng = createRng(2);
  const d = 8;
  const truth = {
    between: Array.from({ length: d }, (_, k) => Math.exp(-k / 3)),
    within: Array(d).fill(0.35),
  };
  const { rows, identities } = draw(
    Array.from({ length: 150 }, (_, i) => UNEVEN[i % 20]),
    truth.between,
    truth.within,
    rng,
  );

  /** log density of all training faces, person by person, from the fitted covariances. */
  function logLikelihoodByDefinition({ model, between, within }: JointBayesianFit): number {
    const people = new Map<string, Float64Array[]>();
    for (const [i, face] of rowsOf(rows).entries()) {
      const centred = face.map((x, k) => x - model.mean[k]);
      people.set(identities[i], [...(people.get(identities[i]) ?? []), centred]);
    }
    return [...people.values()].reduce((sum, faces) => sum + jointLogDensity(faces, between, within), 0);
  }

  test("raises the likelihood in every round", () => {
    const seen: number[] = [];
    const onRound = (round: number, logLikelihood: number) => seen.push(round, logLikelihood);
    const { logLikelihoods, rounds } = fitJointBayesian(rows, identities, { rounds: 20, onRound });
    expect(rounds).toBe(20);
    expect(seen).toEqual(logLikelihoods.slice(0, 20).flatMap((value, i) => [i + 1, value]));
    expect(logLikelihoods.length).toBe(21);
    for (let i = 1; i < logLikelihoods.length; i++) {
      expect(logLikelihoods[i]).toBeGreaterThan(logLikelihoods[i - 1] - 1e-9 * Math.abs(logLikelihoods[i]));
    }
    expect(logLikelihoods.at(-1)! - logLikelihoods[0]).toBeGreaterThan(0.1);
  });

  test("reports the likelihood that its covariances have", () => {
    const fit = fitJointBayesian(rows, identities, { rounds: 4 });
    const expected = logLikelihoodByDefinition(fit);
    expect(Math.abs(fit.logLikelihoods.at(-1)! / expected - 1)).toBeLessThan(1e-11);
  });

  test("stops where the likelihood is flat: no small change of a covariance raises it", () => {
    const fit = fitJointBayesian(rows, identities, { rounds: 2000, tolerance: 1e-9 });
    expect(fit.converged).toBe(true);
    const best = logLikelihoodByDefinition(fit);
    for (const which of ["between", "within"] as const) {
      const [at, scale] = [9, 1e-3]; // one diagonal element, a thousandth up and down
      for (const factor of [1 + scale, 1 - scale]) {
        const changed = {
          ...fit[which],
          values: fit[which].values.map((v, i) => (i === at ? v * factor : v)),
        };
        expect(logLikelihoodByDefinition({ ...fit, [which]: changed })).toBeLessThan(best);
      }
    }
  });

  test("finds the covariances the faces were drawn from", () => {
    const many = draw(Array(600).fill(6), truth.between, truth.within, createRng(3));
    const { between, within, model } = fitJointBayesian(many.rows, many.identities);
    for (let k = 0; k < d; k++) {
      // the variance of 600 people is known to √(2/600) = 6 %, times 1 + 0.35 / (6 truth) where it is weak
      const error = 4 * 0.058 * (truth.between[k] + 0.35 / 6);
      expect(Math.abs(between.values[k * d + k] - truth.between[k])).toBeLessThan(error);
      expect(Math.abs(within.values[k * d + k] - 0.35)).toBeLessThan(4 * 0.35 * Math.sqrt(2 / 3000));
    }
    expect([...model.ratios]).toEqual([...model.ratios].sort((a, b) => b - a));
  });
});

/** Share of fresh pairs told apart by the best threshold: half of `pairs` of one person, half of two. */
function accuracyOnFreshPairs(
  { model }: JointBayesianFit,
  between: number[],
  within: number[],
  pairs: number,
): number {
  const rng = createRng(5);
  const same = draw(Array(pairs / 2).fill(2), between, within, rng);
  const different = draw(Array(pairs).fill(1), between, within, rng);
  const compare = likelihoodRatio(model.ratios);
  const scores = (rows: Matrix) => {
    const z = rowsOf(coordinates(model, rows));
    return Array.from({ length: pairs / 2 }, (_, i) => compare.pair(z[2 * i], z[2 * i + 1]));
  };
  const scored = [
    ...scores(same.rows).map((score) => ({ score, same: true })),
    ...scores(different.rows).map((score) => ({ score, same: false })),
  ].sort((a, b) => b.score - a.score);
  let right = pairs / 2; // all refused
  let best = right;
  for (const pair of scored) {
    right += pair.same ? 1 : -1;
    best = Math.max(best, right);
  }
  return best / pairs;
}

describe("with few faces per person", () => {
  const d = 24;
  const between = Array.from({ length: d }, (_, k) => Math.exp(-k / 5));
  const within = Array(d).fill(0.35);
  const { rows, identities } = draw(Array(400).fill(2), between, within, createRng(4));
  const exact = fitJointBayesian(rows, identities);
  const published = fitJointBayesian(rows, identities, { method: "published", rounds: 150 });
  const kept = ({ between }: JointBayesianFit) =>
    [...Array(d).keys()].filter((k) => between.values[k * d + k] > 1e-3).length;

  test("the published loop loses the weak directions and exact EM keeps them", () => {
    // a direction survives the published loop only where its between variance exceeds 3·0.35/2
    expect([...published.model.ratios].filter((ratio) => ratio > 1e-3).length).toBeLessThan(d / 2);
    expect([...exact.model.ratios].filter((ratio) => ratio > 1e-3).length).toBeGreaterThan(d / 2);
    expect(kept(exact)).toBeGreaterThan(d / 2);
  });

  test("exact EM tells fresh pairs apart better, close to the true model", () => {
    const truth = likelihoodRatioOfTruth();
    const [a, b] = [exact, published].map((fit) => accuracyOnFreshPairs(fit, between, within, 4000));
    expect(a).toBeGreaterThan(b + 0.005);
    expect(a).toBeGreaterThan(accuracyOnFreshPairs(truth, between, within, 4000) - 0.03);
  });

  function likelihoodRatioOfTruth(): JointBayesianFit {
    const ratios = Float64Array.from(between, (v, k) => v / within[k]);
    const directions = diagonal(within.map((v) => 1 / Math.sqrt(v)));
    return { ...exact, model: { mean: new Float64Array(d), directions, ratios } };
  }
});

test("with twenty faces per person the published loop finds the strong directions as exact EM does", () => {
  const { rows, identities } = draw(Array(200).fill(20), [2, 1, 0.5], [0.3, 0.3, 0.3], createRng(6));
  const exact = fitJointBayesian(rows, identities).model.ratios;
  const published = fitJointBayesian(rows, identities, { method: "published" }).model.ratios;
  // the published variance lacks the posterior's, about 0.3 / 20 of 0.5 to 2
  for (let k = 0; k < 3; k++) expect(published[k] / exact[k]).toBeGreaterThan(0.93);
});

test("an invertible affine map of the features changes no score", () => {
  const { rows, identities } = draw(UNEVEN, [2, 1, 0.5, 0.3], [0.3, 0.5, 0.4, 0.6], createRng(7));
  const scores = (faces: Matrix) => {
    const { model } = fitJointBayesian(faces, identities, { rounds: 5 });
    const z = rowsOf(coordinates(model, faces));
    return [
      [0, 1],
      [3, 9],
      [20, 40],
    ].map(([i, j]) => likelihoodRatio(model.ratios).pair(z[i], z[j]));
  };
  const before = scores(rows);
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const rng = createRng(seed);
      const mixed = multiply(rows, gram(random(4, 6, rng)));
      const after = scores(
        matrix(
          mixed.rows,
          4,
          mixed.values.map((value, i) => value + 10 * (i % 4)),
        ),
      );
      for (const [i, score] of after.entries()) expect(score).toBeCloseTo(before[i], 6); // condition up to 1e4
    }),
    { seed: 3, numRuns: 20 },
  );
});

test("what cannot be learned from is refused", () => {
  const faces = matrix(4, 2, Float64Array.of(1, 2, 3, 1, 2, 2, 0, 5));
  expect(() => fitJointBayesian(faces, ["a", "a", "b"])).toThrow("4 faces but 3 identities");
  expect(() => fitJointBayesian(faces, ["a", "b", "c", "d"])).toThrow("4 faces of 4");
  expect(() => fitJointBayesian(faces, ["a", "a", "a", "a"])).toThrow(InputError);
  const flat = matrix(4, 2, Float64Array.of(1, 2, 3, 6, 2, 4, 5, 10));
  expect(() => fitJointBayesian(flat, ["a", "a", "b", "b"])).toThrow("do not vary in all of 2 dimensions");
  expect(() => fitJointBayesian(faces, ["a", "a", "b", "b"], { rounds: Number.NaN })).toThrow("got NaN");
});
