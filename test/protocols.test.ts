/** The commands that score: features of any system, systems of several nets, and the field's protocols. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { picturesIn, readPairs } from "../src/data/index.ts";
import { createFeatureSet, readFeatures, writeFeatures } from "../src/features/index.ts";
import { createRng } from "../src/random/index.ts";
import { deepid, resultOf } from "./support/cli.ts";
import {
  MINIATURE,
  type Miniature,
  miniatureLfw,
  newFolder,
  type TinyModel,
  tinyModel,
} from "./support/miniature.ts";
import { systemOfTwo } from "./support/tinySystem.ts";

let lfw: Miniature;
let tiny: TinyModel;
let folder: string;
let features: string;
beforeAll(async () => {
  [lfw, tiny, folder] = await Promise.all([miniatureLfw(), tinyModel(), newFolder()]);
  features = join(folder, "lfw.safetensors");
  await extract(tiny.model, features);
});
const pictures = () => [
  ...["--images", lfw.images, "--landmarks", lfw.landmarks],
  ...["--cache", join(folder, "cache")],
];
const extract = (model: string, out: string) =>
  resultOf("extract", "--model", model, "--data", "lfw", ...pictures(), "--out", out);

describe("features of any system", () => {
  test.each([".npy", ".csv", ".tsv"])("as %s score as they do as .safetensors", async (ending) => {
    const verify = (path: string) =>
      resultOf("evaluate", "verification", "--features", path, "--model", tiny.model, "--pairs", lfw.pairs);
    const path = join(folder, `lfw${ending}`);
    await extract(tiny.model, path);
    const [ours, theirs] = [await verify(features), await verify(path)];
    expect(theirs.roc).toEqual(ours.roc);
    expect(theirs.source.faces).toBe(`lfw${ending}`);
  });

  test("need names of their rows, which an option gives", async () => {
    const [path, names] = [join(folder, "theirs.npy"), join(folder, "list")];
    const { set } = await readFeatures(features);
    await writeFeatures(path, set);
    const evaluate = [
      ...["evaluate", "verification", "--features", path, "--pairs", lfw.pairs, "--metric", "cosine"],
      ...["--names", names],
    ];
    await writeFile(names, set.names.map((name) => `${name}.jpg\n`).join(""));
    expect((await resultOf(...evaluate)).pairs).toBe(MINIATURE.folds * 2 * MINIATURE.pairsOfKind);
    await writeFile(names, "Ann/1\n");
    expect(await deepid(...evaluate)).toMatchObject({
      code: 3,
      err: `error: ${path}: ${set.rows} rows of features but 1 names in ${names}\n`,
    });
  });
});

describe("a system of several nets", () => {
  test("is extracted, verified and evaluated like one", async () => {
    const system = await systemOfTwo(tiny.model);
    const out = join(folder, "two.safetensors");
    const { dimension, provenance } = await extract(system, out);
    expect(dimension).toBe(64);
    expect(provenance).toMatchObject({ model: "two nets", feature: "fc4", blockSize: "16" });
    const evaluate = async (model: string, ...more: string[]) =>
      resultOf("evaluate", "verification", "--model", model, "--pairs", lfw.pairs, ...more);
    const [one, two] = [await evaluate(tiny.model, ...pictures()), await evaluate(system, ...pictures())];
    expect(two.model).toMatchObject({ name: "two nets", nets: ["first", "second"] });
    expect(two.accuracy).toEqual(one.accuracy);
    expect((await evaluate(system, "--features", out)).accuracy).toEqual(one.accuracy);
    const [a, b] = [1, 2].map((n) => join(lfw.images, "Person_of_A", `Person_of_A_000${n}.png`));
    const verify = (model: string) =>
      resultOf("verify", a, b, "--model", model, "--landmarks", lfw.landmarks, "--far", "0.1");
    const [single, both] = [await verify(tiny.model), await verify(system)];
    expect(both.logLikelihoodRatio).toBeCloseTo(single.logLikelihoodRatio, 4);
    expect(both).toMatchObject({ hamming: single.hamming, model: "two nets" }); // the code is of the first net
  });

  test("has no single net whose activation could be asked for", async () => {
    const system = await systemOfTwo(tiny.model);
    const { code, err } = await deepid(
      ...["extract", "--model", system, "--data", "lfw", ...pictures()],
      ...["--feature", "fc3", "--out", join(folder, "x.safetensors")],
    );
    expect(err).toContain("extract: --feature is for one net");
    expect(code).toBe(2);
  });
});

describe("pairs left out", () => {
  const evaluate = (exclude: string) => [
    ...["evaluate", "verification", "--features", features, "--pairs", lfw.pairs, "--metric", "cosine"],
    ...["--exclude", exclude],
  ];
  test("give a second number; the first stays that of all", async () => {
    const exclude = join(folder, "doubtful.txt");
    await writeFile(exclude, "# doubtful\nPerson_of_A\t2\t1\nPerson_of_E\t1\tPerson_of_F\t3\n");
    const all = await resultOf(
      "evaluate",
      "verification",
      "--features",
      features,
      "--pairs",
      lfw.pairs,
      "--metric",
      "cosine",
    );
    const result = await resultOf(...evaluate(exclude));
    expect(result.accuracy).toEqual(all.accuracy);
    expect(result.excluding).toMatchObject({
      file: "doubtful.txt",
      note: expect.stringContaining("not the correction that the paper speaks of"),
      metrics: [{ metric: "cosine", pairs: all.pairs - 2 }],
    });
    const { out } = await deepid(...evaluate(exclude));
    expect(out).toMatch(/\nwithout 2 pairs \(doubtful\.txt\):\ncosine /);
  });

  test("must be pairs of the list", async () => {
    const exclude = join(folder, "stray.txt");
    await writeFile(exclude, "# one that is not there\nPerson_of_A\t2\t9\n");
    const { code, err } = await deepid(...evaluate(exclude));
    expect(err).toContain(
      `${exclude}:2: the pair Person_of_A/Person_of_A_0002 and Person_of_A/Person_of_A_0009 is not`,
    );
    expect(code).toBe(3);
  });
});

test("people whom it has learned from are not tested on, and are named", async () => {
  const people = join(folder, "people.txt");
  await writeFile(people, "Ann 4\nPerson_of_B 7\nPerson_of_A 2\n");
  const { code, err } = await deepid(
    ...["evaluate", "verification", "--features", features, "--pairs", lfw.pairs, "--metric", "cosine"],
    ...["--trained-on", people],
  );
  expect(err).toBe('error: 2 people of the test set are in the training set: "Person_of_A", "Person_of_B"\n');
  expect(code).toBe(3);
});

const official = fileURLToPath(new URL("../../shared/data/lfw/pairs.txt", import.meta.url));
const absent = existsSync(official) ? "" : " (skipped: LFW's pairs.txt is not beside this repository)";

describe.skipIf(absent)(`LFW's own View 2${absent}`, () => {
  const normal = (rng: { normal(): number }) => Float32Array.from({ length: 8 }, () => rng.normal());

  test.each(["random features", "good features of shuffled people"])(
    "%s score like guessing",
    async (kind) => {
      const names = [...picturesIn(await readPairs(official))].sort();
      const people = names.map((name) => name.split("/")[0]);
      const rng = createRng(5);
      const ofPerson = new Map(people.map((person) => [person, normal(rng)]));
      const order = Array.from(names, () => rng.integer(names.length));
      const rows = names.map((_, row) => {
        if (kind === "random features") return normal(rng);
        return ofPerson.get(people[order[row]])!.map((value) => value + 0.3 * rng.normal());
      });
      const values = new Float32Array(rows.flatMap((row) => [...row]));
      const path = join(folder, "guess.safetensors");
      await writeFeatures(path, createFeatureSet(values, 8, { names, identities: people }));
      const { accuracy, auc } = await resultOf(
        ...["evaluate", "verification", "--features", path, "--pairs", official, "--metric", "cosine"],
      );
      expect(Math.abs(accuracy.mean - 0.5)).toBeLessThan(0.02);
      expect(Math.abs(auc - 0.5)).toBeLessThan(0.02);
    },
  );

  test("the pairs that this project calls doubtful are 7 of its pairs of one person", async () => {
    const list = fileURLToPath(new URL("../configs/lfw-doubtful-pairs.txt", import.meta.url));
    const lines = (await readFile(list, "utf8")).split("\n").filter((line) => line && !line.startsWith("#"));
    const lfwLines = new Set((await readFile(official, "utf8")).split("\n"));
    expect(lines).toHaveLength(7);
    for (const line of lines) expect(lfwLines).toContain(line);
  });
});
