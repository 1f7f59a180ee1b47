/** Training from the command line: what it writes, how it is stopped and gone on with, and what it refuses. */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSafetensors } from "../src/base/files/index.ts";
import { readMetrics } from "../src/nets/train/index.ts";
import { deepid, resultOf, spawnDeepid } from "./support/cli.ts";
import { newFolder, TINY, TINY_DATA } from "./support/miniature.ts";

let folder: string;
let config: string;
beforeAll(async () => {
  folder = await newFolder();
  config = join(folder, "tiny.json");
  await writeFile(config, JSON.stringify(TINY));
});

const checkpointOf = (run: string) => readSafetensors(join(run, "checkpoint.safetensors"));

describe("a run", () => {
  test("leaves its config, its metrics, its curves and a checkpoint", async () => {
    const run = join(folder, "whole");
    const result = await resultOf("train", config, "--out", run, ...TINY_DATA);
    expect(result).toMatchObject({ run, steps: TINY.steps, people: 10, pictures: 40 });
    expect((await readdir(run)).sort()).toEqual([
      "checkpoint.safetensors",
      "curves.svg",
      "metrics.jsonl",
      "training.json",
    ]);
    expect(JSON.parse(await readFile(join(run, "training.json"), "utf8"))).toEqual(TINY);
    const metrics = await readMetrics(run);
    expect(metrics.map(({ step }) => step)).toEqual([3, 6]);
    expect(result.heldOut).toEqual(metrics[1].heldOut);
    expect(await readFile(join(run, "curves.svg"), "utf8")).toMatch(/^<svg.*FC-4/s);
  });

  test("is not overwritten, and not gone on with as another", async () => {
    const run = join(folder, "mine");
    await resultOf("train", config, "--out", run, ...TINY_DATA);
    const again = await deepid("train", config, "--out", run, ...TINY_DATA);
    expect(again.err).toMatch(
      /^error: .*mine: already contains a run; use --resume to continue it, or choose another folder\n$/,
    );
    expect(again.code).toBe(2);
    const other = join(folder, "other.json");
    await writeFile(other, JSON.stringify({ ...TINY, seed: 6 }));
    const changed = await deepid("train", other, "--out", run, "--resume", ...TINY_DATA);
    expect(changed.err).toMatch(/this run began with (another config|other training faces)/);
    expect(changed.code).toBe(2);
    expect(JSON.parse(await readFile(join(run, "training.json"), "utf8")).seed).toBe(5);
  });

  test("is not released with other faces than its own: its held-out people would not be held out", async () => {
    const run = join(folder, "strangers");
    await resultOf("train", config, "--out", run, ...TINY_DATA);
    const out = join(folder, "strange-model");
    const { code, err } = await deepid(
      ...["release", run, "--out", out, "--data", "synthetic", "--people", "25", "--pictures", "4"],
      ...["--components", "8"],
    );
    expect(err).toMatch(/these are not the faces that the run was trained on/);
    expect(code).toBe(2);
    expect(await readdir(folder)).not.toContain("strange-model");
  });

  test("needs no config of one's own: --init writes one to change, which is not written over", async () => {
    const mine = join(folder, "first.json");
    expect(await resultOf("train", "--init", mine)).toEqual({ config: mine });
    const again = await deepid("train", "--init", mine);
    expect(again).toMatchObject({ code: 2, err: `error: ${mine}: is there already; choose another file\n` });
    const text = await readFile(mine, "utf8");
    const small = text
      .replace(/"steps": \d+/, '"steps": 2')
      .replace(/"maps": \[[^\]]*\]/, '"maps": [2, 2, 2, 2]');
    await writeFile(
      mine,
      small.replace('"neurons": 512', '"neurons": 4').replace('"pairs": 32', '"pairs": 2'),
    );
    const run = join(folder, "first");
    expect(await resultOf("train", mine, "--out", run, ...TINY_DATA)).toMatchObject({ steps: 2, people: 14 });
    const model = join(folder, "first-model");
    const how = ["--out", model, "--components", "3", "--views", "0.9,1", ...TINY_DATA];
    const { card, compared } = await resultOf("release", run, ...how);
    expect(card.region.views).toEqual([0.9, 1]);
    expect(compared).toMatchObject({ released: "whole-face-taught", people: 4, better: "neither" });
    expect(compared.accuracy.released).toBeGreaterThan(compared.accuracy.own);
    expect((await deepid("train", join(folder, "nowhere.json"))).err).toMatch(/There is no such file/);
  });

  test("that diverges says what to try", async () => {
    const wild = join(folder, "wild.json");
    const net = { ...TINY.net, normalisation: "none" };
    await writeFile(wild, JSON.stringify({ ...TINY, net, learningRate: { peak: 1e9, warmup: 0 } }));
    const { code, err } = await deepid("train", wild, "--out", join(folder, "wild"), "--quiet", ...TINY_DATA);
    expect(err).toMatch(/^error: training diverged at step \d+: .*Lower learningRate\.peak/);
    expect(code).toBe(2);
  });
});

describe("as a process", () => {
  test("Ctrl-C finishes the step, saves and says how to go on; the resumed run ends as an undisturbed one", async () => {
    const long = join(folder, "long.json");
    await writeFile(long, JSON.stringify({ ...TINY, steps: 100, evaluateEvery: 100 }));
    const [undisturbed, stopped] = [join(folder, "undisturbed"), join(folder, "stopped")];
    await resultOf("train", long, "--out", undisturbed, ...TINY_DATA);

    let asked = false;
    const args = ["train", long, "--out", stopped, ...TINY_DATA];
    const { code, err, out } = await spawnDeepid(args, (child, said) => {
      if (asked || !said.includes("training on 40 pictures")) return;
      asked = true;
      child.kill("SIGINT");
    });
    expect(err).toMatch(
      /stopped after step \d+ of 100; everything is in .*stopped\. The same command with --resume/,
    );
    expect(code).toBe(130);
    expect(out).toBe("");
    const { metadata } = await checkpointOf(stopped);
    expect(JSON.parse(metadata.run).step).toBeLessThan(100);

    const result = await resultOf(...args, "--resume");
    expect(result.steps).toBe(100);
    const [mine, theirs] = [await checkpointOf(stopped), await checkpointOf(undisturbed)];
    expect(mine.tensors).toEqual(theirs.tensors);
  });
});

describe("configs", () => {
  test("a module of types and one without them say the same as JSON", async () => {
    const ts = join(folder, "tiny.ts");
    const mjs = join(folder, "tiny.mjs");
    const text = JSON.stringify({ ...TINY, steps: 1, evaluateEvery: 1 });
    await writeFile(ts, `interface Run { steps: number }\nexport default ${text} satisfies Run;\n`);
    await writeFile(mjs, `export default ${text};\n`);
    for (const path of [ts, mjs]) {
      const run = join(folder, `run-${path.endsWith("ts") ? "ts" : "mjs"}`);
      expect(await resultOf("train", path, "--out", run, ...TINY_DATA)).toMatchObject({ steps: 1 });
      await rm(run, { recursive: true });
    }
  });

  test.each([
    ["wrong.json", JSON.stringify({ ...TINY, steps: "many" }), /wrong\.json: not a training config: .*steps/],
    ["typo.json", JSON.stringify({ ...TINY, stepz: 3 }), /typo\.json: not a training config: .*stepz/],
    ["half.json", JSON.stringify(TINY).slice(0, 50), /half\.json: not JSON: /],
    ["broken.mjs", "export default {", /broken\.mjs: cannot be loaded: /],
    ["empty.mjs", "export const net = 1;", /empty\.mjs: has no default export/],
    ["config.yaml", "steps: 3", /config\.yaml: a config is a \.json, \.js, \.mjs, \.ts or \.mts file/],
  ])("%s is refused", async (name, text, message) => {
    const path = join(folder, name);
    await writeFile(path, text);
    const { code, err } = await deepid("train", path, "--out", join(folder, "never"), ...TINY_DATA);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(await readdir(folder)).not.toContain("never");
  });
});
