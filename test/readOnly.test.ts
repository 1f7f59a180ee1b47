/** A folder in which nothing may be written: every command that writes says so, in a line that names the place. */
import { spawnSync } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFeatures } from "../src/matching/files/index.ts";
import { resultOf } from "./support/cli.ts";
import { programOf } from "./support/compiled.ts";
import type { Ended } from "./support/manyCommands.ts";
import { miniatureAndModel, newFolder, TINY_DATA } from "./support/miniature.ts";
import { canMount, withMounts } from "./support/mounts.ts";

const FEW = ["--data", "synthetic", "--people", "24", "--pictures", "2"];

/** Command lines that write into `at`, by what they are called in the report. */
async function commandsWritingTo(at: string): Promise<readonly (readonly string[])[]> {
  const [lfw, tiny] = await miniatureAndModel();
  const features = join(tiny.folder, "f.safetensors");
  await resultOf("extract", "--model", tiny.model, ...FEW, "--out", features);
  const { names } = (await readFeatures(features)).set;
  const attributes = join(tiny.folder, "attributes.tsv");
  await writeFile(attributes, ["image\tSmiling", ...names.map((name, i) => `${name}\t${i % 2}`)].join("\n"));
  const photo = join(lfw.images, "Person_of_A", "Person_of_A_0001.png");
  const other = join(lfw.images, "Person_of_A", "Person_of_A_0002.png");
  const register = (person: string, place: string, picture = photo) =>
    resultOf("register", picture, "--person", person, "--aligned", "--store", place);
  const [store, lines] = [["--store", join(at, "g.sqlite")], join(tiny.folder, "g.jsonl")];
  await register("Ann", store[1]);
  await register("Bob", store[1]);
  await register("Dee", join(tiny.folder, "dee.sqlite"), other);
  await resultOf("gallery", "export", "--out", lines, "--store", join(tiny.folder, "dee.sqlite"));
  const { id: key } = await resultOf("key", "create", "--name", "a", "--keys", join(at, "keys.json"));
  await cp(tiny.run, join(at, "run"), { recursive: true });
  await cp(tiny.model, join(at, "model"), { recursive: true });
  const secret = join(tiny.folder, "key");
  await writeFile(secret, "ab".repeat(32));
  const out = (name: string) => ["--out", join(at, name)];
  const model = ["--model", tiny.model];
  const scored = ["--features", features, ...model];
  const pairs = ["--pairs", lfw.pairs, "--images", lfw.images, "--landmarks", lfw.landmarks, ...model];
  const onnx = join(tiny.model, "net.onnx");
  return [
    ["demo", ...out("demo"), "--people", "100", "--steps", "10"],
    ["train", tiny.config, ...TINY_DATA, ...out("new")],
    ["train", tiny.config, ...TINY_DATA, ...out("run"), "--resume"],
    ["train", "--init", join(at, "my.json")],
    [
      "train",
      tiny.config,
      "--images",
      lfw.images,
      "--landmarks",
      lfw.landmarks,
      "--cache",
      join(at, "cache"),
      "--out",
      join(tiny.folder, "r2"),
    ],
    ["train-regions", tiny.config, ...TINY_DATA, ...out("runs"), "--models", join(tiny.folder, "models")],
    [
      "train-regions",
      tiny.config,
      ...TINY_DATA,
      "--out",
      join(tiny.folder, "runs"),
      "--models",
      join(at, "models"),
    ],
    ["combine", tiny.model, ...TINY_DATA, ...out("system")],
    ["release", tiny.run, ...TINY_DATA, ...out("m")],
    ["extract", ...model, ...FEW, ...out("f.safetensors")],
    ["extract", ...model, ...FEW, ...out("f.csv")],
    ["fit-matcher", features, ...out("matcher.safetensors")],
    ["fit-attributes", features, "--model", join(at, "model"), "--attributes", attributes],
    [
      "fit-cohort",
      join(at, "model"),
      "--people",
      features,
      "--strangers",
      features,
      "--validation",
      features,
    ],
    ["fit-lbp", ...FEW, "--components", "5", ...out("lbp.safetensors")],
    ["model", "import", onnx, ...out("imported"), "--licence", "none"],
    ["evaluate", "verification", ...pairs, "--cache", join(tiny.folder, "c"), ...out("v.json")],
    ["evaluate", "verification", ...pairs, "--cache", join(tiny.folder, "c"), "--roc", join(at, "roc.svg")],
    ["evaluate", "verification", ...pairs, "--cache", join(at, "cache")],
    ["evaluate", "identification", ...scored, "--seeds", "1", ...out("i.json")],
    ["evaluate", "blufr", ...scored, ...out("b.json")],
    [
      "evaluate",
      "codes",
      ...scored,
      "--pairs",
      lfw.pairs,
      "--matching",
      features,
      "--validation",
      features,
      ...out("c.json"),
    ],
    ["align", photo, ...out("crops")],
    ["verify", photo, other, "--aligned", ...model, "--figure", join(at, "v.svg")],
    ["represent", photo, "--aligned", ...model, "--crop", join(at, "c.png")],
    ["represent", photo, other, "--aligned", ...model, "--csv", join(at, "r.csv")],
    ["represent", photo, other, "--aligned", ...model, "--jsonl", join(at, "r.jsonl")],
    ["register", photo, "--person", "Cy", "--aligned", ...store],
    ["register", photo, "--person", "Cy", "--aligned", "--store", join(at, "new", "g.sqlite")],
    ["remove", "Ann", ...store],
    ["remove", "Ann", "--store", join(tiny.folder, "none.sqlite"), "--receipt", join(at, "r.json")],
    ["cluster", lfw.images, "--csv", join(at, "g.csv")],
    ["cluster", lfw.images, "--html", join(at, "g.html")],
    ["map", "--features", features, ...out("map.svg")],
    ["map", "--features", features, ...out("map.html")],
    ["neuron", "3", "--features", features, ...model, ...out("n.html")],
    ["study", "sparsity", features, "--pairs", lfw.pairs, ...out("study")],
    ["study", "robustness", ...model, ...FEW, ...out("robust")],
    ["key", "create", "--name", "x", "--keys", join(at, "keys.json")],
    ["key", "create", "--name", "x", "--keys", join(at, "new", "keys.json")],
    ["key", "revoke", key, "--keys", join(at, "keys.json")],
    ["gallery", "import", lfw.images, "--aligned", ...store],
    ["gallery", "import", lfw.images, "--aligned", "--store", join(at, "other.sqlite")],
    ["gallery", "rename", "Ann", "Cy", ...store],
    ["gallery", "merge", "Ann", "Bob", ...store],
    ["gallery", "export", ...store, ...out("g.jsonl")],
    ["gallery", "restore", lines, ...store],
    ["gallery", "restore", lines, "--store", join(at, "restored.sqlite")],
    ["gallery", "rekey", "--new-key", secret, ...store],
    ["serve", "--port", "0", "--data", at],
    ["serve", "--port", "0", "--data", join(at, "data")],
    ["bench", "search", "--codes", "100", "--rounds", "1", ...out("s.json")],
    ["bench", "gallery", "--faces", "100", "--singles", "1", ...out("g.json")],
  ];
}

test.skipIf(!canMount)(
  "every command that writes names the place (skipped where nothing can be mounted)",
  async () => {
    const at = join(await newFolder(), "data");
    await mkdir(at);
    const commands = await commandsWritingTo(at);
    const script = `mount --bind ${at} ${at} && mount -o remount,bind,ro ${at} && "$@"`;
    const [unshare, args] = withMounts(script, programOf("manyCommands"));
    const input = JSON.stringify(commands);
    const { stdout, stderr } = spawnSync(unshare, args, { input, encoding: "utf8" });
    expect(stderr).toBe("");
    const ended = stdout.trimEnd().split("\n");
    expect(ended.length).toBe(commands.length);
    for (const line of ended) {
      const { args: words, code, err } = JSON.parse(line) as Ended;
      const what = words.join(" ");
      expect(err, what).toMatch(/error: .*(?:cannot be written|it cannot be opened)/);
      expect(err, what).toContain(at);
      expect(err, what).not.toContain("no such file");
      expect(code, what).toBe(2);
    }
  },
  300_000,
);
