/** From pictures on disk to numbers: extract, evaluate, verify and inspect on a miniature of LFW. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng, shuffle } from "../src/base/random/index.ts";
import { createFeatureSet } from "../src/matching/features/index.ts";
import { readFeatures, writeFeatures } from "../src/matching/files/index.ts";
import { deepid, resultOf } from "./support/cli.ts";
import {
  MINIATURE,
  type Miniature,
  miniatureLfw,
  newFolder,
  type TinyModel,
  tinyModel,
} from "./support/miniature.ts";

let lfw: Miniature;
let tiny: TinyModel;
let cache: string;
beforeAll(async () => {
  [lfw, tiny, cache] = await Promise.all([miniatureLfw(), tinyModel(), newFolder()]);
});

const pairCount = MINIATURE.folds * 2 * MINIATURE.pairsOfKind;
const evaluation = (images: string, ...more: string[]) => [
  "evaluate",
  "verification",
  "--model",
  tiny.model,
  "--images",
  images,
  "--landmarks",
  lfw.landmarks,
  "--pairs",
  lfw.pairs,
  "--cache",
  cache,
  ...more,
];

describe("evaluate verification", () => {
  test("its JSON has the fields that others rely on", async () => {
    const result = await resultOf(...evaluation(lfw.images));
    expect(result).toMatchObject({
      accuracy: { mean: expect.any(Number), standardError: expect.any(Number) },
      folds: [expect.any(Number), expect.any(Number), expect.any(Number)],
      auc: expect.any(Number),
      pairs: pairCount,
      images: MINIATURE.people * MINIATURE.pictures,
      metric: "joint-bayesian",
      seconds: expect.any(Number),
      model: { name: "model", feature: "fc4" },
    });
    for (const share of [result.accuracy.mean, result.auc, ...result.folds]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    const mean = result.folds.reduce((sum: number, fold: number) => sum + fold, 0) / 3;
    expect(result.accuracy.mean).toBeCloseTo(mean, 12);
  });

  test("a folder and its archive give the same, from the cache and without it", async () => {
    const [folder, again, archive] = [
      await resultOf(...evaluation(lfw.images)),
      await resultOf(...evaluation(lfw.images)),
      await resultOf(...evaluation(lfw.archive)),
    ];
    const score = ({ accuracy, auc, folds, roc }: typeof folder) => ({ accuracy, auc, folds, roc });
    expect(score(again)).toEqual(score(folder));
    expect(score(archive)).toEqual(score(folder));
  });

  test.each(["jpeg", "webp"] as const)("reads %s pictures, whatever the lists call them", async (format) => {
    const other = await miniatureLfw(format);
    const result = await resultOf(
      ...["evaluate", "verification", "--model", tiny.model, "--images", other.images],
      ...["--landmarks", other.landmarks, "--pairs", other.pairs, "--cache", cache],
    );
    expect(result.pairs).toBe(pairCount);
  });

  test("with all metrics, writes result and ROC to files and says them in words", async () => {
    const folder = await newFolder();
    const [out, roc] = [join(folder, "deep", "result.json"), join(folder, "roc.svg")];
    const { code, out: said } = await deepid(
      ...evaluation(lfw.images, "--metric", "all", "--out", out, "--roc", roc),
    );
    expect(code).toBe(0);
    expect(said.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "joint-bayesian",
      "cosine",
      "euclidean",
      "hamming",
      "codes",
      String(pairCount),
      "",
    ]);
    const result = JSON.parse(await readFile(out, "utf8"));
    expect(result.metrics.map(({ metric }: { metric: string }) => metric)).toEqual([
      "joint-bayesian",
      "cosine",
      "euclidean",
      "hamming",
      "codes",
    ]);
    expect(result.metric).toBe("joint-bayesian");
    expect(await readFile(roc, "utf8")).toMatch(/^<svg.*hamming \(AUC.*codes \(AUC/s);
  });

  test("extracted features score as the pictures do", async () => {
    const features = join(await newFolder(), "lfw.safetensors");
    await resultOf(
      ...["extract", "--model", tiny.model, "--data", "lfw", "--images", lfw.images],
      ...["--landmarks", lfw.landmarks, "--out", features, "--cache", cache],
    );
    const fromFile = await resultOf(
      ...["evaluate", "verification", "--features", features, "--model", tiny.model, "--pairs", lfw.pairs],
    );
    const fromPictures = await resultOf(...evaluation(lfw.images));
    expect(fromFile.accuracy).toEqual(fromPictures.accuracy);
    expect(fromFile.roc).toEqual(fromPictures.roc);
  });

  test("a file of one fold is dealt to ten folds, and the result says so", async () => {
    const pairs = join(await newFolder(), "pairsDevTest.txt");
    const [, ...lines] = (await readFile(lfw.pairs, "utf8")).trim().split("\n");
    const isSame = (line: string) => line.split("\t").length === 3;
    const sorted = [...lines.filter(isSame), ...lines.filter((line) => !isSame(line))];
    await writeFile(pairs, [pairCount / 2, ...sorted].join("\n"));
    const result = await resultOf(
      ...["evaluate", "verification", "--model", tiny.model, "--images", lfw.images],
      ...["--landmarks", lfw.landmarks, "--pairs", pairs, "--cache", cache],
    );
    expect(result.folds).toHaveLength(10);
    expect(result.foldsFrom).toMatch(/one fold.*at random/);
  });
});

describe("features that know nothing of people score like guessing", () => {
  /** A set of 400 people with two pictures each, and the pairs file of 10 folds x 100 pairs on it. */
  async function population(features: (row: number, person: number) => Float32Array) {
    const [people, folder] = [400, await newFolder()];
    const names: string[] = [];
    const identities: string[] = [];
    const values: Float32Array[] = [];
    for (let row = 0; row < 2 * people; row++) {
      const person = Math.floor(row / 2);
      names.push(`P${person}/P${person}_000${(row % 2) + 1}`);
      identities.push(`P${person}`);
      values.push(features(row, person));
    }
    const dimension = values[0].length;
    const flat = new Float32Array(values.length * dimension);
    for (const [row, value] of values.entries()) flat.set(value, row * dimension);
    const [path, pairs] = [join(folder, "f.safetensors"), join(folder, "pairs.txt")];
    await writeFeatures(path, createFeatureSet(flat, dimension, { names, identities }));
    const lines = Array.from({ length: 10 }, (_, fold) => {
      const members = Array.from({ length: 40 }, (_, i) => fold * 40 + i);
      const same = members.map((person) => `P${person} 1 2`);
      return [...same, ...members.map((person, i) => `P${person} 1 P${members[(i + 1) % 40]} 2`)];
    });
    await writeFile(pairs, ["10 40", ...lines.flat()].join("\n"));
    return { path, pairs };
  }
  const accuracyOf = async ({ path, pairs }: { path: string; pairs: string }, metric: string) =>
    (await resultOf("evaluate", "verification", "--features", path, "--pairs", pairs, "--metric", metric))
      .accuracy.mean;
  const normal = (rng: { normal(): number }) => Float32Array.from({ length: 32 }, () => rng.normal());

  test("features of a person plus noise are told apart well", async () => {
    const rng = createRng(1);
    const people = Array.from({ length: 400 }, () => normal(rng));
    const set = await population((_, person) => people[person].map((value) => value + 0.5 * rng.normal()));
    expect(await accuracyOf(set, "cosine")).toBeGreaterThan(0.97);
    expect(await accuracyOf(set, "hamming")).toBeGreaterThan(0.9);
  });

  test.each(["cosine", "euclidean", "hamming"])("random features by %s", async (metric) => {
    const rng = createRng(2);
    const accuracy = await accuracyOf(await population(() => normal(rng)), metric);
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(0.05);
  });

  test("good features whose labels are shuffled", async () => {
    const rng = createRng(3);
    const people = shuffle(
      Array.from({ length: 400 }, () => normal(rng)).flatMap((person) => [person, person]),
      rng,
    );
    const set = await population((row) => people[row].map((value) => value + 0.5 * rng.normal()));
    expect(Math.abs((await accuracyOf(set, "cosine")) - 0.5)).toBeLessThan(0.05);
  });
});

describe("verify", () => {
  const photos = () => [1, 2].map((n) => join(lfw.images, "Person_of_A", `Person_of_A_000${n}.png`));

  test("compares two photos whose landmarks are given", async () => {
    const [a, b] = photos();
    const result = await resultOf(
      ...["verify", a, b, "--model", tiny.model, "--landmarks", lfw.landmarks, "--far", "0.1"],
    );
    const face = {
      source: "landmarks",
      picture: { width: 128, height: 128 },
      box: null,
      score: null,
      number: null,
      faces: 0,
      landmarks: expect.any(Array),
      eyeDistance: expect.any(Number),
      sharpness: expect.any(Number),
      cutOff: 0,
    };
    expect(result).toEqual({
      verdict: expect.stringMatching(/^(same|probably the same|different)$/),
      samePerson: result.score > result.threshold.score,
      explanation: expect.stringMatching(/^These are .*\.$/),
      score: expect.any(Number),
      probabilityAtEvenOdds: expect.closeTo(1 / (1 + Math.exp(-result.score)), 12),
      matcherScore: expect.any(Number),
      threshold: {
        point: null,
        score: expect.any(Number),
        probabilityAtEvenOdds: expect.any(Number),
        falseAcceptRate: expect.any(Number),
        falseRejectRate: expect.any(Number),
      },
      cosine: expect.any(Number),
      hammingDistance: expect.any(Number),
      codeBits: 16,
      faces: [face, face],
      model: "model",
    });
    expect(result.threshold.falseAcceptRate).toBeLessThanOrEqual(0.1);
  });

  test("a picture is itself, and the order of two makes no difference", async () => {
    const [a, b] = photos();
    const compare = (one: string, other: string) =>
      resultOf("verify", one, other, "--model", tiny.model, "--aligned", "--far", "0.1");
    const [itself, forth, back] = [await compare(a, a), await compare(a, b), await compare(b, a)];
    expect(itself).toMatchObject({ hammingDistance: 0, cosine: expect.closeTo(1, 5) });
    expect(itself.score).toBeGreaterThan(forth.score);
    expect(back.score).toBeCloseTo(forth.score, 9);
  });

  test("says its verdict in words", async () => {
    const [a] = photos();
    const { out } = await deepid("verify", a, a, "--model", tiny.model, "--aligned", "--far", "0.1");
    expect(out).toMatch(
      /^These are (probably )?the same person: .*\.\n\nverdict +(probably the )?same\n.*Hamming distance +0 of 16 neurons\n$/s,
    );
  });
});

describe("inspect", () => {
  test("describes a model, its net, its matcher, a run and its checkpoint", async () => {
    const kinds = await Promise.all(
      [tiny.model, join(tiny.model, "net.onnx"), join(tiny.model, "matcher.safetensors"), tiny.run].map(
        async (path) => resultOf("inspect", path),
      ),
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(["model", "onnx", "matcher", "run"]);
    const [model, onnx, matcher, run] = kinds;
    expect(model).toMatchObject({ name: "model", feature: "fc4", training: { people: 10, steps: 6 } });
    expect(model.files["net.onnx"]).toBe(onnx.sha256);
    expect(onnx.outputs.map(({ name }: { name: string }) => name)).toContain("fc4");
    expect(matcher).toMatchObject({ dimension: 32, components: 8 });
    expect(run).toMatchObject({ step: 6, training: { steps: 6, seed: 5 } });
    const checkpoint = await resultOf("inspect", join(tiny.run, "checkpoint.safetensors"));
    expect(checkpoint.tensors.length).toBeGreaterThan(10);
  });

  test("describes features with where they come from", async () => {
    const out = join(await newFolder(), "f.safetensors");
    await resultOf(
      ...["extract", "--model", tiny.model, "--data", "synthetic", "--people", "2", "--pictures", "2"],
      ...["--feature", "conv4", "--out", out],
    );
    expect(await resultOf("inspect", out)).toMatchObject({
      kind: "features",
      rows: 4,
      people: 2,
      dimension: 2 * 6 * 4 * 3,
      provenance: { model: "model", feature: "conv4", blocks: "original | mirror" },
    });
    const { set } = await readFeatures(out);
    expect(set.names[3]).toBe("person-0002/person-0002_0002");
  });

  test("says it in words as well", async () => {
    const { out } = await deepid("inspect", tiny.model);
    expect(out).toMatch(/^kind +model\n.*net\.onnx +sha256 [0-9a-f]{64}\n/s);
  });
});
