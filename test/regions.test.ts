/** Several regions from the command line: nets of two regions started from a model, and one system made of them. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { selectPeople } from "../src/matching/features/index.ts";
import { readFeatures, writeFeatures } from "../src/matching/files/index.ts";
import { openSystem, readCard, readSystemCard, readVariants } from "../src/nets/models/index.ts";
import { deepid, resultOf } from "./support/cli.ts";
import { miniatureLfw, newFolder, TINY, TINY_DATA, type TinyModel, tinyModel } from "./support/miniature.ts";

const REGIONS = ["nose", "left-half"];

let first: TinyModel;
let models: string[];
let cache: string;
let regions: (from: string, only: readonly string[], to: string) => string[];
beforeAll(async () => {
  first = await tinyModel();
  cache = join(await newFolder(), "cache");
  const folder = join(first.folder, "regions");
  const config = join(first.folder, "regions.json");
  await writeFile(config, JSON.stringify({ ...TINY, frozen: 2 }));
  regions = (from, only, to) => [
    "train-regions",
    config,
    "--from",
    from,
    "--only",
    only.join(","),
    "--cache",
    cache,
    "--out",
    join(to, "runs"),
    "--models",
    join(to, "regions"),
    "--precision",
    "int8",
    ...TINY_DATA,
    "--components",
    "8",
  ];
  const rows = await resultOf(...regions(first.model, REGIONS, first.folder));
  expect(rows).toMatchObject(REGIONS.map((region) => ({ region, steps: TINY.steps })));
  models = REGIONS.map((region) => join(folder, region));
});

const combine = (out: string, ...more: string[]) => [
  "combine",
  ...models,
  "--out",
  out,
  "--components",
  "8,16",
  "--cache",
  cache,
  ...TINY_DATA,
  ...more,
];

describe("nets of two regions", () => {
  test("say which model they were started from, and what they see", async () => {
    const cards = await Promise.all(models.map((model) => readCard(model)));
    expect(cards.map(({ region }) => region.name)).toEqual(REGIONS);
    for (const { training } of cards) expect(training.startedFrom).toBe("model (6 steps)");
  });

  test("are left alone when the command is given again", async () => {
    const before = await readFile(join(models[0], "net.onnx"));
    await resultOf(...regions(first.model, REGIONS, first.folder));
    expect(await readFile(join(models[0], "net.onnx"))).toEqual(before);
  });
});

test("a folder of nets gives each region its own to go on from, and says which it lacks", async () => {
  const out = await newFolder();
  const from = join(first.folder, "regions");
  await resultOf(...regions(from, ["nose"], out), "--cache", join(out, "cache"));
  const { training } = await readCard(join(out, "regions", "nose"));
  expect(training.startedFrom).toBe("nose (6 steps, itself from model (6 steps))");
  const { code, err } = await deepid(...regions(from, ["mouth"], out));
  expect(code).not.toBe(0);
  expect(err).toContain("no run or model, and none of mouth in it");
});

describe("combine", () => {
  test("makes a system of them that opens, with matchers of the first net alone and of bits", async () => {
    const out = join(first.folder, "two");
    const { card } = await resultOf(...combine(out));
    expect(card).toMatchObject({
      name: "two",
      parts: REGIONS,
      variants: [
        { code: "real", nets: 1 },
        { code: "binary", nets: 1 },
        { code: "binary", nets: 2 },
      ],
    });
    expect(await resultOf("inspect", out)).toMatchObject({ kind: "system", name: "two", parts: REGIONS });
    const system = await openSystem(out);
    expect(system.parts.map((part) => part.card.name)).toEqual(REGIONS);
    expect(system.matcher.matcher.model.mean).toHaveLength(2 * 2 * TINY.net.neurons);
    expect(system.matcher.calibration).toBeDefined();
    await system.release();
    const lengths = (await readVariants(out)).map(({ code, nets, matcher }) => [
      code,
      nets,
      matcher.model.mean.length,
    ]);
    const one = 2 * TINY.net.neurons;
    expect(lengths).toEqual([
      ["real", 1, one],
      ["binary", 1, one],
      ["binary", 2, 2 * one],
    ]);
  });

  test("gives a system of them a cohort, and leaves its matchers as they are", async () => {
    const out = join(first.folder, "cohort");
    const { card: before } = await resultOf(...combine(out));
    const features = join(first.folder, "two.safetensors");
    await resultOf("extract", "--model", out, "--out", features, ...TINY_DATA);
    const all = (await readFeatures(features)).set;
    const part = async (name: string, belongs: (person: string) => boolean) => {
      await writeFeatures(join(first.folder, `${name}.safetensors`), selectPeople(all, belongs));
      return [`--${name}`, join(first.folder, `${name}.safetensors`)];
    };
    const { cohort } = await resultOf(
      ...["fit-cohort", out, "--centroids", "4", "--nearest", "3"],
      ...(await part("people", (person) => person <= "person-0012")),
      ...(await part("validation", (person) => person > "person-0012" && person <= "person-0018")),
      ...(await part("strangers", (person) => person > "person-0018")),
    );
    const { files, ...card } = await readSystemCard(out);
    expect(card).toEqual({ ...before, files: undefined, matching: { ...before.matching, cohort } });
    expect(files).toEqual({ ...before.files, "cohort.safetensors": expect.stringMatching(/^[0-9a-f]{64}$/) });
    const system = await openSystem(out, { threads: 1 });
    expect(system.matcher.calibration?.cohort).toMatchObject({ nearest: 3, weights: cohort.weights });
    expect(system.hashes).toEqual(before.files); // galleries made before stay
    await system.release();
    await writeFile(join(out, "cohort.safetensors"), "x", { flag: "a" });
    await expect(openSystem(out)).rejects.toThrow("cohort.safetensors: truncated or changed");
  });

  test("finds the features that were computed when the nets were released, and keeps no others", async () => {
    const before = await readdir(join(cache, "features"));
    const [once, again] = [join(first.folder, "once"), join(first.folder, "again")];
    await resultOf(...combine(once));
    expect(await readdir(join(cache, "features"))).toEqual(before);
    expect(before).toHaveLength(4); // matching and validation people of two nets
    await resultOf(...combine(again, "--cache", join(first.folder, "empty")));
    expect((await readSystemCard(again)).files).toEqual((await readSystemCard(once)).files);
  });

  test("lets people who trained the nets teach the matcher, too, as many as are asked for and no more than there are", async () => {
    const out = join(first.folder, "taught");
    const { card } = await resultOf(...combine(out, "--trained-people", "3", "--directions", "4"));
    expect(card.matching).toMatchObject({ people: TINY.split.matching + 3, trainedPeople: 3 });
    const all = (await readVariants(out)).map(({ matcher }) => matcher.model.directions.rows);
    expect(all).toEqual([4, 4, 4]);
    expect(card.matching.directions).toBe(4);
    expect((await deepid("inspect", out)).out).toContain(
      "of which 4 directions are kept, from 9 other people and 3 of those who trained it",
    );
    const { code, err } = await deepid(...combine(join(first.folder, "more"), "--trained-people", "500"));
    expect(err).toMatch(/of the \d+ people who trained the net 500 cannot teach the matcher/);
    expect(code).toBe(2);
  });

  test("compares what nets say of a teacher's numbers where its features are given", async () => {
    const teacher = join(first.folder, "teacher.safetensors");
    await resultOf("extract", "--model", first.model, "--out", teacher, ...TINY_DATA);
    const [out, alone] = [join(first.folder, "by-teacher"), join(first.folder, "one-by-teacher")];
    const { card } = await resultOf(...combine(out, "--teacher", teacher));
    const { neurons } = TINY.net;
    expect(card.matching).toMatchObject({ teacherNumbers: neurons, components: neurons }); // 8 components are too few
    const { matcher } = (await openSystem(out)).matcher;
    for (const { model } of [matcher, ...(await readVariants(out)).map((variant) => variant.matcher)]) {
      expect([model.ratios.length, model.blockSize]).toEqual([neurons, 0]);
    }
    expect((await deepid("inspect", out)).out).toContain(
      `a teacher's ${neurons} numbers by ${neurons} components`,
    );
    const run = join(first.folder, "runs", "nose");
    const release = [
      "release",
      run,
      "--out",
      alone,
      "--components",
      "16",
      "--teacher",
      teacher,
      ...TINY_DATA,
    ];
    expect((await resultOf(...release)).card.matching.teacherNumbers).toBe(neurons);
    const few = await deepid(
      ...combine(join(first.folder, "few"), "--teacher", teacher, "--components", "8"),
    );
    expect(few.err).toContain(`a teacher's ${neurons} numbers need as many components or more, got 8`);
    expect(few.code).toBe(2);
  });

  test("lets mirror images count alike in all matchers where that is asked for", async () => {
    const out = join(first.folder, "alike");
    const { card } = await resultOf(...combine(out, "--mirrors-alike"));
    expect(card.matching.mirrorsAlike).toBe(true);
    const { matcher } = (await openSystem(out)).matcher;
    const all = [matcher, ...(await readVariants(out)).map((variant) => variant.matcher)];
    for (const { model } of all) {
      const [a, b] = [0, 1].map((half) =>
        model.mean.subarray(half * TINY.net.neurons, (half + 1) * TINY.net.neurons),
      );
      expect([model.mirrored, a]).toEqual([TINY.net.neurons, b]);
    }
    expect((await deepid("inspect", out)).out).toContain("a face and its mirror image alike");
  });

  test("refuses other faces than those of the nets, and two models of one name", async () => {
    const other = await deepid(...combine(join(first.folder, "other")), "--people", "25");
    expect(other.err).toMatch(/these are not the faces that nose was trained on/);
    expect(other.code).toBe(2);
    const twice = await deepid(
      "combine",
      models[0],
      models[0],
      "--out",
      join(first.folder, "x"),
      ...TINY_DATA,
    );
    expect(twice.err).toMatch(/two models are named nose/);
    expect(await readdir(first.folder)).not.toContain("x");
  });

  test("refuses nets that were kept from different people", async () => {
    const config = join(first.folder, "seed.json");
    await writeFile(config, JSON.stringify({ ...TINY, seed: 6 }));
    const run = join(first.folder, "seed-run");
    const model = join(first.folder, "seed-model");
    await resultOf("train", config, "--out", run, ...TINY_DATA);
    await resultOf("release", run, "--out", model, "--components", "8", ...TINY_DATA);
    const out = join(first.folder, "mixed");
    const { err, code } = await deepid("combine", models[0], model, "--out", out, ...TINY_DATA);
    expect(err).toMatch(/seed-model was kept from other people than nose/);
    expect(code).toBe(2);
  });
});

describe("select-regions", () => {
  test("says which models it took, in which order, and what each brought", async () => {
    const { selection, steps } = await resultOf("select-regions", ...models, "--cache", cache, ...TINY_DATA);
    expect(steps[0]).toMatchObject({ change: "added", model: selection[0] });
    expect(models).toContain(selection[0]);
    const select = (...from: string[]) =>
      resultOf("select-regions", ...from, "--most", "1", "--cache", cache, ...TINY_DATA);
    expect((await select(...models)).selection).toEqual([selection[0]]);
    const alone: number[] = [];
    for (const model of models) alone.push((await select(model)).steps[0].score);
    expect(steps[0].score).toBe(Math.max(...alone)); // the best of all by itself
  });
});

describe("reproduce tables", () => {
  test("writes the paper's tables with ours beside them, and every figure as a file", async () => {
    const [system, out] = [join(first.folder, "measured"), join(first.folder, "tables")];
    await resultOf(...combine(system));
    const { images, landmarks, pairs } = await miniatureLfw();
    const peer = join(first.folder, "peer.safetensors");
    const data = ["--images", images, "--landmarks", landmarks];
    await resultOf("extract", "--model", models[1], "--data", "lfw", ...data, "--out", peer);
    const args = ["reproduce", "tables", "--system", system, ...data, "--pairs", pairs, "--cache", cache];
    const lists = ["--people", "6", "--faces", "18", "--gallery", "6", "--seeds", "2"];
    const result = await resultOf(...args, ...lists, "--out", out, "--peer", `Left half=${peer}`);
    expect(result.tables).toMatchObject({ nets: 2, pairs: 24, regions: REGIONS.map((name) => ({ name })) });
    expect(result.tables.curve.map(({ nets }: { nets: number }) => nets)).toEqual([1, 2]);
    expect(result.identification).toMatchObject({
      seeds: [1, 2],
      closed: { people: 6, probes: 12 },
      openSingle: { faces: 6, genuine: 12, impostors: 18 },
    });
    expect(JSON.parse(await readFile(join(out, "tables.json"), "utf8")).tables).toEqual(result.tables);
    expect((await readdir(out)).sort()).toEqual([
      "figure-3.json",
      "figure-3.svg",
      "figure-4.json",
      "figure-4.svg",
      "index.html",
      "nets.json",
      "nets.svg",
      "tables.json",
    ]);
    const page = await readFile(join(out, "index.html"), "utf8");
    for (const text of ["99.47", "95.17", "Left half", "GaussianFace", "one face enrolled", "figure"])
      expect(page).toContain(text);
  });

  test("takes a single model too, as a system of one net", async () => {
    const { images, landmarks, pairs } = await miniatureLfw();
    const out = join(first.folder, "one");
    const { tables, identification } = await resultOf(
      ...["reproduce", "tables", "--system", models[0], "--images", images, "--landmarks", landmarks],
      ...["--pairs", pairs, "--out", out, "--cache", cache, "--seeds", "0"],
    );
    expect(identification).toBeNull();
    expect(tables.nets).toBe(1);
    expect(tables.combined.accuracy).toEqual(tables.single.accuracy);
  });
});

describe("reproduce", () => {
  test("puts tables and studies on one page, and goes on where it was", async () => {
    const [system, out] = [join(first.folder, "whole"), join(first.folder, "reproduction")];
    await resultOf(...combine(system));
    const { images, landmarks, pairs } = await miniatureLfw();
    const reproduce = (...more: string[]) => [
      "reproduce",
      "--system",
      system,
      "--images",
      images,
      "--landmarks",
      landmarks,
      "--pairs",
      pairs,
      "--seeds",
      "0",
      "--least-pictures",
      "3",
      "--no-together",
      "--corruption",
      "partial:40",
      "--cache",
      cache,
      "--out",
      out,
      ...more,
    ];
    const { tables, studies, page } = await resultOf(...reproduce());
    expect(tables.tables.nets).toBe(2);
    expect(Object.keys(studies.results)).toEqual(["sparsity", "selectivity", "activations", "robustness"]);
    const names = studies.results.robustness.levels.map((of: { measurements: { name: string }[] }) =>
      of.measurements.map(({ name }) => name),
    );
    expect(names).toEqual(Array(2).fill(["FC-4", "2 nets"]));
    const html = await readFile(page, "utf8");
    expect(html).toContain("What the paper claims, and what is found here");
    expect(html).toContain('href="sparsity.json"');
    const files = await readdir(out);
    const drawings = files.filter((file) => file.endsWith(".svg"));
    expect(drawings.length).toBeGreaterThan(5);
    expect(files).toEqual(expect.arrayContaining(drawings.map((file) => file.replace("svg", "json"))));

    const kept = join(out, "robustness", "levels", "whole", "partial-40.json");
    const text = await readFile(kept, "utf8");
    await writeFile(kept, text.replace(/"accuracy":[\d.]+/, '"accuracy":0.125'));
    const again = await resultOf(...reproduce("--as-measured"));
    expect(again.studies.results.robustness.levels[1].measurements[1].accuracy).toBe(0.125); // not measured again
    const { code, err } = await deepid("reproduce", "--system", system);
    expect([code, err]).toEqual([
      2,
      "error: reproduce: needs --system, --images and --pairs, or --demo alone\n",
    ]);
  });
});
