/** The commands that score: features of any system, systems of several nets, and the field's protocols. */
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { createRng } from "../src/base/random/index.ts";
import { picturesIn, readPairs } from "../src/faces/data/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { createFeatureSet, joinBlocks } from "../src/matching/features/index.ts";
import { readFeatures, writeFeatures } from "../src/matching/files/index.ts";
import { openSystem, readCard } from "../src/nets/models/index.ts";
import { deepid, resultOf } from "./support/cli.ts";
import { MINIATURE, miniatureLfw, newFolder, TINY_DATA, tinyModel } from "./support/miniature.ts";
import { systemOfTwo } from "./support/tinySystem.ts";

const [lfw, tiny, folder] = await Promise.all([miniatureLfw(), tinyModel(), newFolder()]);
const features = join(folder, "lfw.safetensors");
beforeAll(() => extract(tiny.model, features));
const pictures = () => [
  "--images",
  lfw.images,
  "--landmarks",
  lfw.landmarks,
  "--cache",
  join(folder, "cache"),
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
      "evaluate",
      "verification",
      "--features",
      path,
      "--pairs",
      lfw.pairs,
      "--metric",
      "cosine",
      "--names",
      names,
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
    // The system's matcher learned from pairs of its own draw, so that its calibration is another.
    expect(both.matcherScore).toBeCloseTo(single.matcherScore, 4);
    expect(both).toMatchObject({ hammingDistance: single.hammingDistance, model: "two nets" }); // the code is of the first net
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
  const all = () => [
    ...["evaluate", "verification", "--metric", "cosine"],
    ...["--features", features, "--pairs", lfw.pairs],
  ];
  const evaluate = (exclude: string) => [...all(), "--exclude", exclude];
  test("give a second number; the first stays that of all", async () => {
    const exclude = join(folder, "doubtful.txt");
    await writeFile(exclude, "# doubtful\nPerson_of_A\t2\t1\nPerson_of_E\t1\tPerson_of_F\t3\n");
    const whole = await resultOf(...all());
    const result = await resultOf(...evaluate(exclude));
    expect(result.accuracy).toEqual(whole.accuracy);
    expect(result.excluding).toMatchObject({
      file: "doubtful.txt",
      note: expect.stringContaining("not the correction that the paper speaks of"),
      metrics: [{ metric: "cosine", pairs: whole.pairs - 2 }],
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

describe("evaluate identification", () => {
  const sizes = ["--people", "4", "--faces", "12", "--gallery", "4", "--seeds", "3"];
  const identify = (...more: string[]) => [
    "evaluate",
    "identification",
    "--features",
    features,
    "--model",
    tiny.model,
    ...sizes,
    ...more,
  ];
  test("reports closed and open set over seeds, and writes lists, result and figure", async () => {
    const [lists, out, figure] = ["lists", "identification.json", "id.svg"].map((name) => join(folder, name));
    const result = await resultOf(...identify("--lists", lists, "--out", out, "--figure", figure));
    expect(result).toMatchObject({
      protocol: expect.stringContaining("not those behind the paper's Table 3"),
      metric: "joint-bayesian",
      seeds: [1, 2, 3],
      closed: {
        people: 4,
        faces: 4,
        probes: 8,
        rank1: { mean: expect.any(Number), deviation: expect.any(Number) },
      },
      openSingle: { people: 4, faces: 4, genuine: 8, impostors: 24 },
      openMany: { people: 4, faces: 8, genuine: 4, impostors: 24 },
      openManyBySet: { people: 4, faces: 8, genuine: 4, impostors: 24 },
      source: { faces: "lfw.safetensors" },
    });
    const { result: head, ...written } = JSON.parse(await readFile(out, "utf8"));
    expect(written).toEqual(result);
    expect(head).toMatchObject({
      kind: "identification",
      model: { nets: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(head.command).toMatch(/^deepid evaluate identification /);
    expect(await readFile(figure, "utf8")).toMatch(/^<svg.*all but one enrolled, all count/s);
    const [columnNames, ...rows] = (await readFile(join(lists, "identification-seed-3.tsv"), "utf8"))
      .trim()
      .split("\n");
    expect(columnNames.split("\t")).toEqual(["name", "person", "closed", "open-single", "open-many"]);
    expect(rows).toHaveLength(MINIATURE.people * MINIATURE.pictures);
    const roles = (column: number, role: string) =>
      rows.filter((row) => row.split("\t")[column] === role).length;
    expect([roles(2, "gallery"), roles(2, "probe"), roles(3, "impostor"), roles(4, "gallery")]).toEqual([
      4, 8, 24, 8,
    ]);
  });

  test("takes the people of a list of videos for the known ones, and says its numbers in words", async () => {
    const splits = join(folder, "known.txt");
    await writeFile(splits, "1, 1, Person_of_A/0, Person_of_B/1, 0\n2, 1, Person_of_C/0, Person_of_D/1, 0\n");
    const lists = join(folder, "known");
    const { out, code } = await deepid(
      ...identify("--youtube", splits, "--lists", lists, "--metric", "cosine"),
    );
    expect(code).toBe(0);
    expect(out).toMatch(
      /^closed set, rank 1 +[\d.]+ ± [\d.]+ %\nfound at 1 % false alarms, one face each enrolled +/,
    );
    expect(out).toContain("over 3 draws: 4 people enrolled and 8 probes, 4 known people and 24 impostors");
    const text = await readFile(join(lists, "identification-seed-1.tsv"), "utf8");
    const known = text
      .split("\n")
      .filter((line) => /\tgallery\t/.test(line))
      .map((line) => line.split("\t")[1]);
    expect([...new Set(known)].sort()).toEqual(["A", "B", "C", "D"].map((letter) => `Person_of_${letter}`));
  });

  test("refuses lists that cannot be drawn", async () => {
    const { code, err } = await deepid(
      "evaluate",
      "identification",
      "--features",
      features,
      "--metric",
      "cosine",
    );
    expect(err).toBe("error: identification: needs 596 people of two faces or more, got 12\n");
    expect(code).toBe(2);
  });
});

test("evaluate blufr reports both tasks with mean minus deviation, and writes its trials", async () => {
  const lists = join(folder, "trials");
  const command = [
    "evaluate",
    "blufr",
    "--features",
    features,
    "--model",
    tiny.model,
    "--lists",
    lists,
    "--training",
    "3",
    "--gallery",
    "4",
    "--trials",
    "2",
  ];
  const result = await resultOf(...command);
  expect(result).toMatchObject({
    seeds: [1, 2],
    genuinePairs: { mean: 27, deviation: 0 },
    impostorPairs: { mean: 9 * 8 * 0.5 * 9, deviation: 0 },
    openSet: { people: 4, genuine: 8, impostors: 15 },
  });
  const at = result.verification.find(
    ({ falseAcceptRate }: { falseAcceptRate: number }) => falseAcceptRate === 0.001,
  );
  expect(result.meanMinusDeviation.verificationAtFalseAcceptRate0001).toBeCloseTo(
    at.rate.mean - at.rate.deviation,
    12,
  );
  const rows = (await readFile(join(lists, "blufr-trial-2.tsv"), "utf8")).trim().split("\n").slice(1);
  expect(rows.filter((row) => row.endsWith("\ttraining"))).toHaveLength(9);
  const { out } = await deepid(...command);
  expect(out).toMatch(/^verification at 0\.1 % false accepts .*mean minus deviation/);
});

describe("evaluate codes", () => {
  const made = new Map<string, Promise<string>>();
  const extractPart = async (name: string) => {
    const out = join(folder, `${name}.safetensors`);
    await resultOf(
      ...[
        "extract",
        "--model",
        tiny.model,
        ...TINY_DATA,
        "--split",
        tiny.config,
        "--part",
        name,
        "--out",
        out,
      ],
    );
    return out;
  };
  const part = (name: string) => {
    if (!made.has(name)) made.set(name, extractPart(name));
    return made.get(name)!;
  };
  beforeAll(async () => {
    for (const name of ["matching", "validation"]) await part(name);
  });
  const codes = async (...more: string[]) => [
    "evaluate",
    "codes",
    "--pairs",
    lfw.pairs,
    "--matching",
    await part("matching"),
    "--validation",
    await part("validation"),
    "--components",
    "4,8",
    ...more,
  ];

  test("scores features and their bits, learned alike", async () => {
    const figure = join(folder, "codes.svg");
    const result = await resultOf(...(await codes("--features", features, "--figure", figure)));
    expect(result.matching).toEqual({ people: 9, pictures: 36 });
    const [{ name, nets, real, binary }] = result.systems;
    expect([name, nets, result.systems.length]).toEqual(["features", 1, 1]);
    const matcher = join(folder, "codes-matcher.safetensors");
    await resultOf(
      ...["fit-matcher", await part("matching"), "--validation", await part("validation")],
      ...["--components", "4,8", "--out", matcher],
    );
    const learned = await resultOf(
      ...["evaluate", "verification", "--features", features, "--pairs", lfw.pairs, "--matcher", matcher],
    );
    expect(real.accuracy).toEqual(learned.accuracy);
    expect(
      binary.map(({ of, threshold, bits, bytes }: Record<string, unknown>) => [of, threshold, bits, bytes]),
    ).toEqual([
      ["neurons", "zero", 32, 4],
      ["neurons", "median", 32, 4],
      ["matcher", "zero", 512, 64],
    ]);
    const direct = await resultOf(
      ...["evaluate", "verification", "--features", features, "--pairs", lfw.pairs, "--metric", "hamming"],
    );
    expect(binary[0].hamming.accuracy).toEqual(direct.accuracy);
    expect(await readFile(figure, "utf8")).toMatch(/^<svg/);
  });

  test("fit-matcher compares what features say of a teacher's numbers, and needs them of every picture", async () => {
    const [matching, validation] = [await part("matching"), await part("validation")];
    const fitted = (teacher: string) => [
      ...["fit-matcher", matching, "--validation", validation, "--components", "4,16"],
      ...["--teacher", teacher, "--out", join(folder, "by-teacher.safetensors")],
    ];
    const { components, validation: chosen } = await resultOf(...fitted(matching));
    expect([components, Object.keys(chosen.tried)]).toEqual([16, ["16"]]);
    const { code, err } = await deepid(...fitted(validation));
    expect(err).toContain("needs the teacher's features of all 36 pictures to learn from, 36 are missing");
    expect(code).toBe(3);
  });

  test("fit-matcher stays with a model's own matcher as far as few people say no better", async () => {
    const model = join(folder, "refitted");
    await cp(tiny.model, model, { recursive: true });
    const { components, validation } = await resultOf(
      "fit-matcher",
      await part("matching"),
      "--model",
      model,
    );
    expect(components).toBeGreaterThan(0);
    expect(validation.accuracy).toBeGreaterThanOrEqual(validation.before); // the share that keeps the model's is among those tried
    const { matcher } = (await openSystem(model)).matcher!;
    expect(matcher.model.blockSize).toBe((await openSystem(tiny.model)).matcher!.matcher.model.blockSize);
    const { out } = await deepid("fit-matcher", await part("matching"), "--model", model);
    expect(out).toMatch(/the model's own matcher has \d+\.\d % there/);
    const card = await readCard(model);
    expect(card.matching).toMatchObject({
      trainedPeople: 0,
      components,
      startedFromPeople: expect.any(Number),
    });
    expect((await deepid("inspect", model)).out).toMatch(/starting from a matcher of \d+/);
    expect(card.validation).toMatchObject({ people: expect.any(Number), accuracy: expect.any(Number) });
    const { set } = await readFeatures(await part("matching"));
    const foreign = join(folder, "foreign.safetensors");
    await writeFeatures(foreign, set, { net: "sha256 of another" });
    const refused = await deepid("fit-matcher", foreign, "--model", model);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("computed by another net")]);
    const sized = await deepid("fit-matcher", await part("matching"), "--model", model, "--block-size", "16");
    expect([sized.code, sized.err]).toEqual([
      2,
      expect.stringContaining("a block size goes with components alone"),
    ]);
    await writeFile(join(model, "matcher.safetensors"), "damaged");
    const damaged = await deepid("fit-matcher", await part("matching"), "--model", model);
    expect(damaged.err).toContain("with --components its matcher is not needed, and is replaced");
    await resultOf("fit-matcher", await part("matching"), "--model", model, "--components", "4");
    await (await openSystem(model)).release();
  });

  test("of a system scores the first net alone, too", async () => {
    const twice = async (path: string) => {
      const { set, provenance } = await readFeatures(path);
      const out = path.replace(".safetensors", "-twice.safetensors");
      await writeFeatures(out, joinBlocks([set, set]), provenance);
      return out;
    };
    const sets = [features, await part("matching"), await part("validation")];
    const [tested, matching, validation] = await Promise.all(sets.map(twice));
    const evaluate = (test: string, learned: string, ...more: string[]) =>
      deepid(
        ...["evaluate", "codes", "--features", test, "--pairs", lfw.pairs, "--matching", learned],
        ...["--validation", validation, "--components", "4", "--threshold", "zero", ...more],
      );
    const model = await systemOfTwo(tiny.model);
    const { out } = await evaluate(tested, matching, "--model", model, "--json");
    const [one, two] = JSON.parse(out).systems;
    expect([one.name, one.nets, one.binary[0].bits]).toEqual(["first", 1, 32]);
    expect([two.name, two.nets, two.binary[0].bits]).toEqual(["two nets", 2, 64]);
    expect(two.binary[0].hamming.accuracy).toEqual(one.binary[0].hamming.accuracy);
    const { code, err } = await evaluate(tested, await part("matching"));
    expect(err).toMatch(/matching\.safetensors: needs features of dimension 64 like the test's, got 32\n$/);
    expect(code).toBe(2);
  });

  test("does not learn from people who are tested", async () => {
    const { err } = await deepid(
      ...["evaluate", "codes", "--pairs", lfw.pairs, "--features", features, "--matching", features],
      ...["--validation", await part("validation"), "--components", "4"],
    );
    expect(err).toMatch(/^error: 12 people of the test set are in the training set: "Person_of_A"/);
  });
});

describe("evaluate video", () => {
  const FRAMES = 2;
  /** Six people with two videos each, laid out as YouTube Faces is; `splits` hold two of one kind and two of the other. */
  async function youtubeFaces() {
    const root = join(await newFolder(), "frame_images_DB");
    const people = createPopulation({ people: 6, picturesPerPerson: 2 * FRAMES, seed: 4 });
    const landmarks: string[] = [];
    for (const { identity, index, image, landmarks: points } of people) {
      const video = `Person_${identity}/${index % 2}`;
      const name = `${video}/${index % 2}.${Math.floor(index / 2) + 1}.png`;
      await mkdir(join(root, video), { recursive: true });
      const raw = { width: image.width, height: image.height, channels: 3 } as const;
      await writeFile(join(root, name), await sharp(image.pixels, { raw }).png().toBuffer());
      landmarks.push([name, ...points.flatMap(({ x, y }) => [x.toFixed(1), y.toFixed(1)])].join("\t"));
    }
    const pairs = [0, 3].flatMap((first, split) => [
      `${split + 1}, 1, Person_${first}/0, Person_${first}/1, 1`,
      `${split + 1}, 2, Person_${first + 1}/0, Person_${first + 1}/1, 1`,
      `${split + 1}, 3, Person_${first}/0, Person_${first + 1}/1, 0`,
      `${split + 1}, 4, Person_${first + 1}/1, Person_${first + 2}/0, 0`,
    ]);
    const [splits, points] = [join(root, "..", "splits.txt"), join(root, "..", "landmarks.txt")];
    await writeFile(splits, pairs.join("\n"));
    await writeFile(points, landmarks.join("\n"));
    return { root, splits, landmarks: points };
  }

  test("scores pairs of videos by their frames, from pictures in the official layout", async () => {
    const { root, splits, landmarks } = await youtubeFaces();
    const evaluate = (...more: string[]) => [
      "evaluate",
      "video",
      "--model",
      tiny.model,
      "--images",
      root,
      "--splits",
      splits,
      "--cache",
      join(folder, "cache"),
      ...more,
    ];
    const result = await resultOf(...evaluate("--landmarks", landmarks));
    expect(result).toMatchObject({
      metric: "joint-bayesian",
      pairs: 8,
      videos: 10,
      frames: 10 * FRAMES,
      combination: "mean over all pairs of frames",
      folds: [expect.any(Number), expect.any(Number)],
    });
    expect((await resultOf(...evaluate("--landmarks", landmarks, "--frames", "1"))).frames).toBe(10);
    const { out } = await deepid(...evaluate("--middle", "0.6", "--metric", "hamming"));
    expect(out).toMatch(/^hamming .*\n8 pairs of 10 videos, 20 frames, 2 splits/);
    const unsuited = await deepid(...evaluate("--landmarks", landmarks, "--metric", "euclidean"));
    expect(unsuited.err).toContain("--metric must be joint-bayesian, cosine, hamming, got euclidean");
  });
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
