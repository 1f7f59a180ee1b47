import { beforeAll, describe, expect, test } from "vitest";
import { createRng, type Rng } from "../../base/random/index.ts";
import {
  bitsAsNumbers,
  createFeatureSet,
  type FeatureSet,
  selectColumns,
} from "../../matching/features/index.ts";
import { fitMatcher, jointBayesian } from "../../matching/match/index.ts";
import { type LabelledPair, scoreFolds, verification } from "../../matching/protocols/index.ts";
import type { MeasuredPart, MeasuredVariant, MeasureOptions } from "./tables.ts";
import { verificationTables } from "./tables.ts";

const WIDTH = 12; // numbers of one net
const NETS = 3;

/** People as points, pictures as the points with noise; `signal` 0 leaves noise alone. */
function features(people: number, pictures: number, signal: number, rng: Rng): FeatureSet {
  const identities = Array.from({ length: people * pictures }, (_, i) => `p${Math.floor(i / pictures)}`);
  const centres = Array.from({ length: people }, () =>
    Array.from({ length: NETS * WIDTH }, () => signal * rng.normal()),
  );
  const values = identities.flatMap((_, i) =>
    centres[Math.floor(i / pictures)].map((centre) => Math.max(0, centre + rng.normal())),
  );
  const names = identities.map((person, i) => `${person}/${i}`);
  return createFeatureSet(Float32Array.from(values), NETS * WIDTH, { names, identities });
}

/** Every person's first two pictures, and its first with the next person's. */
function pairsOf(people: number, pictures: number, folds: number): LabelledPair[][] {
  const dealt: LabelledPair[][] = Array.from({ length: folds }, () => []);
  for (let p = 0; p < people; p++) {
    const a = p * pictures;
    dealt[p % folds].push({ a, b: a + 1, same: true }, { a, b: ((p + 1) % people) * pictures, same: false });
  }
  return dealt;
}

async function systemOf(signal: number): Promise<MeasureOptions> {
  const rng = createRng(11);
  const learning = features(150, 6, signal, rng);
  const learn = async (set: FeatureSet, normalise = true) =>
    (await fitMatcher(set, { components: set.dimension - 2, blockSize: WIDTH, normalise })).matcher;
  const parts: MeasuredPart[] = [];
  for (let i = 0; i < NETS; i++) {
    const own = selectColumns(learning, i * WIDTH, WIDTH);
    parts.push({ name: `region ${i}`, columns: WIDTH, matcher: await learn(own) });
  }
  const variants: MeasuredVariant[] = [
    { code: "real", nets: 1, matcher: parts[0].matcher },
    { code: "real", nets: 2, matcher: await learn(selectColumns(learning, 0, 2 * WIDTH)) },
    { code: "binary", nets: NETS, matcher: await learn(bitsAsNumbers(learning), false) },
  ];
  const set = features(400, 2, signal, rng.fork("test"));
  return { set, folds: pairsOf(400, 2, 10), parts, matcher: await learn(learning), variants };
}

describe("of people who differ", () => {
  let options: MeasureOptions;
  beforeAll(async () => {
    options = await systemOf(1);
  });

  test("more nets tell more, and bits lose a little", async () => {
    const tables = await verificationTables(options);
    const means = tables.curve.map(({ accuracy }) => accuracy.mean);
    expect(tables.curve.map(({ nets }) => nets)).toEqual([1, 2, 3]);
    expect(means[0]).toBeLessThan(means[1]);
    expect(means[1]).toBeLessThan(means[2]);
    const [one, all] = tables.binary;
    expect(one.jointBayesian).toBeNull(); // no matcher of one net's bits was given
    expect(all.jointBayesian!.accuracy.mean).toBeLessThan(tables.combined.accuracy.mean);
    expect(one.hamming.accuracy.mean).toBeLessThan(all.hamming.accuracy.mean);
  });

  test("the single net is the first region, and each region is scored on its own columns", async () => {
    const { single, regions } = await verificationTables(options);
    expect(regions[0].accuracy).toEqual(single.accuracy);
    const last = selectColumns(options.set, 2 * WIDTH, WIDTH);
    const scored = scoreFolds(jointBayesian(options.parts[2].matcher), last, options.folds);
    expect(regions[2].accuracy).toEqual(verification(scored, "").accuracy);
  });

  test("the sum of ratios adds up what every net says of a pair", async () => {
    const { sumOfRatios } = await verificationTables(options);
    const each = options.parts.map(({ matcher }, i) =>
      scoreFolds(jointBayesian(matcher), selectColumns(options.set, i * WIDTH, WIDTH), options.folds),
    );
    const added = options.folds.map((fold, k) =>
      fold.map(({ same }, i) => ({ same, score: each.reduce((sum, scores) => sum + scores[k][i].score, 0) })),
    );
    expect(sumOfRatios.accuracy.mean).toBeCloseTo(verification(added, "").accuracy.mean, 10);
  });

  test("features of another width are refused", async () => {
    const set = selectColumns(options.set, 0, 30);
    await expect(verificationTables({ ...options, set })).rejects.toThrow(
      "give 36 numbers a face, the features have 30",
    );
  });
});

test("features that know nothing score one half in every table", async () => {
  const tables = await verificationTables(await systemOf(0));
  const all = [tables.combined, tables.single, tables.sumOfRatios, tables.cosine, tables.binary[1].hamming];
  for (const { accuracy } of all) expect(Math.abs(accuracy.mean - 0.5)).toBeLessThan(0.05); // 800 pairs: ±1.8 %
});
