/** Hostile feature files and nets, given to every command that takes one: each ends soon, in a line that names the file. */
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { resultOf } from "./support/cli.ts";
import { programOf } from "./support/compiled.ts";
import { hostileNpy, hostileOnnx } from "./support/hostileFiles.ts";
import type { Ended } from "./support/manyCommands.ts";
import { type Miniature, miniatureAndModel, newFolder, type TinyModel } from "./support/miniature.ts";

let lfw: Miniature;
let tiny: TinyModel;
let folder: string;
let features: string;
beforeAll(async () => {
  [lfw, tiny] = await miniatureAndModel();
  folder = await newFolder();
  features = join(folder, "f.safetensors");
  await resultOf(
    "extract",
    "--model",
    tiny.model,
    "--data",
    "synthetic",
    "--people",
    "4",
    "--pictures",
    "2",
    "--out",
    features,
  );
});

const MOST_SECONDS = 20;
const MOST_MEGABYTES = 1000;

interface Given {
  readonly args: readonly string[];
  readonly file: string;
  /** Whether no command can use the file, and each has to name it. */
  readonly broken: boolean;
}

/** Runs the command lines in one process of their own, and checks that each is done, or says what is wrong with which file. */
function endWell(commands: readonly Given[]) {
  const [node, program] = programOf("manyCommands");
  const { stdout, stderr } = spawnSync(node, [program], {
    input: JSON.stringify(commands.map(({ args }) => args)),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  expect(stderr).toBe("");
  const ended = stdout.trimEnd().split("\n");
  expect(ended.length).toBe(commands.length);
  for (const [i, line] of ended.entries()) {
    const { args, code, err, seconds, megabytes } = JSON.parse(line) as Ended;
    const what = `${args.join(" ")}: ${err}`;
    expect(err, what).not.toMatch(/bug|\n\s+at |node_modules/);
    expect([0, 2, 3], what).toContain(code);
    if (commands[i].broken) expect(err, what).toContain(commands[i].file);
    if (code === 0) expect(commands[i].broken, what).toBe(false);
    expect(seconds, what).toBeLessThan(MOST_SECONDS);
    expect(megabytes, what).toBeLessThan(MOST_MEGABYTES);
  }
}

test("features", async () => {
  const files = await hostileNpy(join(folder, "npy"));
  const attributes = join(folder, "attributes.tsv");
  await writeFile(
    attributes,
    "image\tMale\tFemale\np0/p0_0001\t1\t0\np0/p0_0002\t1\t0\np1/p1_0003\t0\t1\np1/p1_0004\t0\t1\n",
  );
  const pairs = join(folder, "pairs.txt");
  await writeFile(pairs, "1\t1\np0\t1\t2\np0\t1\tp1\t3\n");
  const own = join(folder, "own.txt"); // pairs of the sound features
  await writeFile(
    own,
    "2\t1\nperson-0001\t1\t2\nperson-0001\t1\tperson-0002\t1\nperson-0003\t1\t2\nperson-0003\t1\tperson-0004\t1\n",
  );
  const out = (name: string) => ["--out", join(folder, name)];
  const model = ["--model", tiny.model];
  const teacher = join(folder, "taught.json");
  const config = JSON.parse(await readFile(tiny.config, "utf8"));
  await writeFile(teacher, JSON.stringify({ ...config, teacher: { weight: 1 } }));
  const codes = ["evaluate", "codes", "--features", features, "--pairs", own];
  const withEach = (file: string) => [
    ["evaluate", "verification", "--features", file, "--pairs", pairs, "--metric", "cosine"],
    ["fit-matcher", file, ...out("m.safetensors")],
  ];
  const withSome = (file: string) => [
    ["evaluate", "verification", "--features", file, "--pairs", pairs, ...model],
    ["evaluate", "identification", "--features", file, "--metric", "cosine", "--seeds", "1", "--people", "2"],
    ["evaluate", "blufr", "--features", file, "--metric", "cosine"],
    [...codes, "--matching", file, "--validation", features],
    [...codes, "--matching", features, "--validation", file],
    [
      "evaluate",
      "groups",
      "--groups",
      "Male,Female",
      "--features",
      file,
      "--attributes",
      attributes,
      "--metric",
      "cosine",
    ],
    ["fit-matcher", features, "--validation", file, ...out("m.safetensors")],
    ["fit-attributes", file, ...model, "--attributes", attributes],
    ["fit-cohort", tiny.model, "--people", file, "--strangers", features, "--validation", features],
    ["fit-cohort", tiny.model, "--people", features, "--strangers", features, "--validation", file],
    ["map", "--features", file, ...out("m.svg")],
    ["map", "--features", file, "--by", "pca", ...out("m.html")],
    ["neuron", "1", "--features", file, ...out("n.html")],
    ["study", "sparsity", file, "--pairs", pairs, ...out("s")],
    ["study", "selectivity", file, "--attributes", attributes, ...out("s")],
    ["study", "histograms", file, "--attributes", attributes, ...out("s")],
    ["study", "spoiled", features, "--features", `partial:20=${file}`, "--pairs", own, ...out("s")],
    ["study", "spoiled", file, "--features", `partial:20=${features}`, "--pairs", pairs, ...out("s")],
    ["bench", "shortlist", file, ...model],
    [
      "train",
      teacher,
      "--teacher",
      file,
      "--data",
      "synthetic",
      "--people",
      "24",
      "--pictures",
      "4",
      ...out("r"),
    ],
    [
      "reproduce",
      "tables",
      "--peer",
      `x=${file}`,
      "--system",
      tiny.model,
      "--images",
      lfw.images,
      "--landmarks",
      lfw.landmarks,
      "--pairs",
      lfw.pairs,
      ...out("rep"),
    ],
  ];
  const usable = /(?:zeros|equal|deceiving)\.npy$/; // numbers that are numbers, whatever they are worth
  const given = (file: string, args: readonly string[]) => ({
    args,
    file: /nameless/.test(file) ? file.replace(".npy", ".names.txt") : file,
    broken: !usable.test(file),
  });
  const some = files.filter((file) => /(?:text|wide|nan|equal|pipe)\.npy$/.test(file));
  endWell([
    ...files.flatMap((file) => withEach(file).map((args) => given(file, args))),
    ...some.flatMap((file) => withSome(file).map((args) => given(file, args))),
  ]);
}, 600_000);

test("nets", async () => {
  const files = await hostileOnnx(join(folder, "onnx"), join(tiny.model, "net.onnx"));
  const photo = join(lfw.images, "Person_of_A", "Person_of_A_0001.png");
  const model = ["--model", tiny.model];
  const store = ["--store", join(folder, "g.sqlite"), ...model];
  await resultOf("register", photo, "--person", "Ann", "--aligned", ...store);
  const out = (name: string) => ["--out", join(folder, name)];
  const withEach = (file: string) => [
    ["inspect", file], // says what is in it, be it ever so useless
    ["model", "import", file, ...out("imported"), "--licence", "none"],
    ["align", photo, "--detector", file, ...out("crops")],
  ];
  const withSome = (file: string) => [
    ["verify", photo, photo, "--detector", file, ...model],
    ["represent", photo, "--detector", file, ...model],
    ["register", photo, "--person", "Ann", "--detector", file, ...store],
    ["identify", photo, "--detector", file, ...store],
    ["search", photo, "--detector", file, ...store],
    ["cluster", lfw.images, "--detector", file, ...model],
    ["map", lfw.images, ...model, "--detector", file, ...out("m.svg")],
    ["analyze", photo, "--detector", file, ...model],
    ["gallery", "import", lfw.images, "--detector", file, ...store],
    [
      "extract",
      ...model,
      "--images",
      lfw.images,
      "--detector",
      file,
      "--cache",
      join(folder, "c"),
      ...out("e.csv"),
    ],
    ["serve", "--port", "0", "--data", join(folder, "data"), "--detector", file, ...model],
    ["bench", "verify", "--rounds", "1", "--starts", "1", "--detector", file, ...model],
  ];
  const some = files.filter((file) => /(?:nested|text)\.onnx$/.test(file));
  endWell([
    ...files.flatMap((file) => withEach(file).map((args) => ({ args, file, broken: false }))),
    ...some.flatMap((file) => withSome(file).map((args) => ({ args, file, broken: true }))),
  ]);
}, 600_000);
