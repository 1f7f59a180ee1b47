/** Whatever is wrong with what a command is given: one clear line, the right exit code, and nothing half-written. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../src/people/gallery/index.ts";
import { tarOf, zipOf } from "./support/archives.ts";
import { deepid } from "./support/cli.ts";
import { COMMAND } from "./support/compiled.ts";
import {
  type Miniature,
  miniatureAndModel,
  newFolder,
  TINY_DATA,
  type TinyModel,
} from "./support/miniature.ts";
import { canMount, withMounts } from "./support/mounts.ts";

let lfw: Miniature;
let tiny: TinyModel;
beforeAll(async () => {
  [lfw, tiny] = await miniatureAndModel();
});

/** Runs evaluate on the miniature with some options replaced; checks that it leaves neither results nor cache. */
async function evaluateWith(changes: Readonly<Record<string, string>>) {
  const folder = await newFolder();
  const options = {
    model: tiny.model,
    images: lfw.images,
    landmarks: lfw.landmarks,
    pairs: lfw.pairs,
    cache: join(folder, "cache"),
    out: join(folder, "result.json"),
    roc: join(folder, "roc.svg"),
    ...changes,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const outcome = await deepid("evaluate", "verification", ...args);
  const left = await readdir(folder, { recursive: true });
  expect(left.filter((name) => name !== "cache")).toEqual([]);
  expect(outcome.out).toBe("");
  return outcome;
}

/** A copy of `file` whose line `number` (from 1) is replaced. */
async function withLine(file: string, number: number, line: string): Promise<string> {
  const lines = (await readFile(file, "utf8")).split("\n");
  lines[number - 1] = line;
  const path = join(await newFolder(), "changed.txt");
  await writeFile(path, lines.join("\n"));
  return path;
}

/** The miniature's pictures, in a folder that may be spoiled. */
async function copyOfImages(): Promise<string> {
  const folder = join(await newFolder(), "lfw");
  await cp(lfw.images, folder, { recursive: true });
  return folder;
}

const PICTURE = join("Person_of_C", "Person_of_C_0002.png");

describe("pictures", () => {
  test("none of which can be read", async () => {
    const images = await copyOfImages();
    for (const name of await readdir(images, { recursive: true })) {
      if (name.endsWith(".png")) await writeFile(join(images, name), "<html>404</html>");
    }
    const { code, err } = await evaluateWith({ images });
    expect(err).toMatch(
      /^error: .*: none of its \d+ pictures can be used: .*\.png: not a picture: needed JPEG.*\n$/,
    );
    expect(code).toBe(3);
  });

  test.each([
    ["tar", tarOf],
    ["zip", async (entries: Parameters<typeof zipOf>[0]) => zipOf(entries)],
  ] as const)("a %s with a path that leaves it", async (kind, pack) => {
    const images = join(await newFolder(), `evil.${kind}`);
    const content = await readFile(join(lfw.images, PICTURE));
    await writeFile(images, await pack([{ name: "../../etc/Person_of_A/Person_of_A_0001.png", content }]));
    const { code, err } = await evaluateWith({ images });
    expect(err).toMatch(
      /^error: .*evil\.(tar|zip): .*(a path that leaves the archive|invalid relative path: \.\.\/\.\.\/etc).*\n$/,
    );
    expect(code).toBe(3);
  });

  test("an archive that is cut off", async () => {
    const images = join(await newFolder(), "cut.tgz");
    await writeFile(images, (await readFile(lfw.archive)).subarray(0, 40_000));
    const { code, err } = await evaluateWith({ images });
    expect(err).toMatch(/^error: .*cut\.tgz: .+\n$/);
    expect(code).toBe(3);
  });

  test("pictures that are not there", async () => {
    const { code, err } = await evaluateWith({ images: "/nowhere/lfw" });
    expect(err).toMatch(/--images.*\/nowhere\/lfw.*There is no such file or folder/);
    expect(code).toBe(2);
  });
});

describe("lists", () => {
  test("pairs that name missing pictures are found before any picture is read", async () => {
    const images = await copyOfImages();
    await rm(join(images, PICTURE));
    await writeFile(join(images, "Person_of_A", "Person_of_A_0001.png"), "broken");
    const { code, err } = await evaluateWith({ images });
    expect(err).toBe(
      `error: ${lfw.pairs}:4: 1 pictures of the pairs are not there: "Person_of_C/Person_of_C_0002"\n`,
    );
    expect(code).toBe(3);
  });

  test("a pair without its number", async () => {
    const pairs = await withLine(lfw.pairs, 3, "Person_of_B\t1");
    const { code, err } = await evaluateWith({ pairs });
    expect(err).toMatch(/^error: .*changed\.txt:3: .*3 columns "Name 1 4", got 2\n$/);
    expect(code).toBe(3);
  });

  test("a pairs file that promises more than it holds", async () => {
    const pairs = await withLine(lfw.pairs, 1, "10\t300");
    const { code, err } = await evaluateWith({ pairs });
    expect(err).toMatch(/^error: .*first line promises 10 x .* = 6000 pairs, got 24\n$/);
    expect(code).toBe(3);
  });

  test("a landmark file with too few columns", async () => {
    const landmarks = await withLine(lfw.landmarks, 5, "Person_of_B/Person_of_B_0002.jpg\t1\t2\t3\t4");
    const { code, err } = await evaluateWith({ landmarks });
    expect(err).toMatch(/^error: .*changed\.txt:5: needed 11 columns, .* got 5\n$/);
    expect(code).toBe(3);
  });

  test("a landmark that is no number", async () => {
    const landmarks = await withLine(
      lfw.landmarks,
      2,
      "Person_of_A/Person_of_A_0002.jpg 1 2 3 4 5 6 7 8 9 x",
    );
    const { code, err } = await evaluateWith({ landmarks });
    expect(err).toMatch(/^error: .*changed\.txt:2: y of point 5 must be a number, got "x"\n$/);
    expect(code).toBe(3);
  });

  test("photos without landmarks", async () => {
    const folder = await newFolder();
    const { code, err } = await deepid(
      ...["evaluate", "verification", "--model", tiny.model, "--images", lfw.images, "--pairs", lfw.pairs],
      ...["--cache", folder],
    );
    expect(err).toMatch(/cannot be aligned: there is no landmark file, and 128 x 128 is not the 88 x 104/);
    expect(code).toBe(3);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("models and runs", () => {
  /** A copy of the tiny model or run with one file cut off. */
  async function damaged(kind: "model" | "run", file: string, size: number): Promise<string> {
    const folder = join(await newFolder(), kind);
    await cp(tiny[kind], folder, { recursive: true });
    await truncate(join(folder, file), size);
    return folder;
  }

  test("a net that is cut off", async () => {
    const model = await damaged("model", "net.onnx", 5000);
    const { code, err } = await evaluateWith({ model });
    expect(err).toMatch(/^error: .*net\.onnx: truncated or changed: model\.json says SHA-256 .*\n$/);
    expect(code).toBe(3);
    const inspected = await deepid("inspect", join(model, "net.onnx"));
    expect(inspected.err).toMatch(
      /^error: .*net\.onnx: not an ONNX model, or a truncated one \(5000 bytes\).*\n$/,
    );
    expect(inspected.code).toBe(3);
  });

  test("a model without its card, or with half of it", async () => {
    const { code, err } = await evaluateWith({ model: lfw.folder });
    expect(err).toMatch(/^error: .*: no model here: cannot read model\.json .*\n$/);
    expect(code).toBe(2);
    const half = await evaluateWith({ model: await damaged("model", "model.json", 100) });
    expect(half.err).toMatch(/^error: .*model\.json: not JSON: .*\n$/);
    expect(half.code).toBe(3);
  });

  test("a checkpoint that is cut off", async () => {
    const run = await damaged("run", "checkpoint.safetensors", 9000);
    const commands = [
      ["inspect", run],
      ["release", run, "--out", join(run, "model"), ...TINY_DATA],
      ["train", tiny.config, "--out", run, "--resume", ...TINY_DATA],
    ];
    for (const command of commands) {
      const { code, err } = await deepid(...command, "--quiet");
      expect(err).toMatch(/^error: .*checkpoint\.safetensors: truncated: .*\n$/);
      expect(code).toBe(3);
    }
    expect(await readdir(run)).not.toContain("model");
  });

  test("features of another dimension than the model's", async () => {
    const features = join(await newFolder(), "f.safetensors");
    await deepid(
      ...["extract", "--model", tiny.model, "--feature", "conv4", "--data", "lfw", "--images", lfw.images],
      ...["--landmarks", lfw.landmarks, "--out", features, "--cache", await newFolder()],
    );
    const { code, err } = await deepid(
      ...["evaluate", "verification", "--features", features, "--model", tiny.model, "--pairs", lfw.pairs],
    );
    expect(err).toBe("error: matcher: it compares features of dimension 32, got 144\n");
    expect(code).toBe(2);
  });

  test("an activation that the net does not have", async () => {
    const out = join(await newFolder(), "f.safetensors");
    const { code, err } = await deepid(
      ...["extract", "--model", tiny.model, "--feature", "fc9", "--out", out, "--data", "synthetic"],
      ...["--people", "2", "--pictures", "2", "--quiet"],
    );
    expect(err).toMatch(/^error: .* has no fc9; it has conv1, .*fc4\n$/);
    expect(code).toBe(2);
  });
});

describe("places for results", () => {
  test("below a file, or where a folder is", async () => {
    const folder = await newFolder();
    await writeFile(join(folder, "file"), "");
    const below = await deepid(
      ...["evaluate", "verification", "--features", "x", "--pairs", lfw.pairs],
      ...["--out", join(folder, "file", "result.json")],
    );
    expect(below.code).toBe(2);
    const at = await deepid(...["extract", "--model", tiny.model, "--data", "synthetic", "--out", folder]);
    expect(at).toEqual({
      code: 2,
      out: "",
      err: `error: ${folder}: results would go here, but it is a folder\n`,
    });
    const run = await deepid("train", tiny.config, "--data", "synthetic", "--out", join(folder, "file"));
    expect(run.err).toBe(`error: ${join(folder, "file")}: results would go here, but it is a file\n`);
    expect(run.code).toBe(2);
  });

  test.skipIf(!canMount)("on a disk that is full (skipped where no small disk can be mounted)", async () => {
    const disk = join(await newFolder(), "disk");
    await mkdir(disk);
    // 40 people's conv1 features take 7 MB; the disk holds 1 MB and is listed once the command has failed.
    const command = [
      ...COMMAND,
      "extract",
      "--model",
      tiny.model,
      "--feature",
      "conv1",
      "--data",
      "synthetic",
      "--people",
      "40",
      "--pictures",
      "2",
      "--quiet",
      "--out",
      `${disk}/f.safetensors`,
    ];
    const script = `mount -t tmpfs -o size=1m none ${disk} && "$@"; code=$?; ls -A ${disk}; exit $code`;
    const { status, stdout, stderr } = spawnSync(...withMounts(script, command), { encoding: "utf8" });
    expect(stderr).toBe(`error: ${disk}/f.safetensors: cannot be written: no space left on the disk\n`);
    expect([status, stdout]).toEqual([2, ""]); // nothing is left behind
  });

  test.skipIf(!canMount)("a run on a disk without room for it ends before faces are drawn", async () => {
    const disk = join(await newFolder(), "disk");
    await mkdir(disk);
    const script = `mount -t tmpfs -o size=64k none ${disk} && "$@"; code=$?; ls -A ${disk}; exit $code`;
    const train = [...COMMAND, "train", tiny.config, "--data", "synthetic", "--out", `${disk}/run`];
    const { status, stdout, stderr } = spawnSync(...withMounts(script, train), { encoding: "utf8" });
    expect(stderr).toMatch(
      /^error: .*disk\/run: cannot be written: a run's checkpoint needs .* on the disk, and .* are left\n$/,
    );
    expect([status, stdout]).toEqual([2, ""]);
  });

  test.skipIf(!canMount)("a gallery on a full disk is still read (skipped likewise)", async () => {
    const folder = await newFolder();
    const [disk, gallery] = [join(folder, "disk"), join(folder, "g.sqlite")];
    await mkdir(disk);
    const store = await openStore(gallery, { model: "m", codeBytes: 8, dimension: 0, keyCheck: "" });
    await store.add([{ person: "Ann", code: new Uint8Array(8) }]);
    await store.close();
    const script = `mount -t tmpfs -o size=1m none ${disk} && cp ${gallery} ${disk}/g && head -c 2000000 /dev/zero >${disk}/rest; "$@"`;
    const list = [...COMMAND, "gallery", "list", "--store", `${disk}/g`];
    const { status, stdout } = spawnSync(...withMounts(script, list), { encoding: "utf8" });
    expect(stdout).toContain("1 person, 1 face");
    expect(status).toBe(0);
  });
});

describe.skipIf(!existsSync("/dev/full"))(
  "where what is said cannot be written (skipped without /dev/full)",
  () => {
    const saying = (redirection: string, ...args: string[]) =>
      spawnSync("bash", ["-c", `"$@" ${redirection}`, "-", ...COMMAND, ...args], { encoding: "utf8" });

    test("a result that cannot be written is told", () => {
      const { status, stderr } = saying(">/dev/full", "--help");
      expect(stderr).toBe("error: standard output: cannot be written: no space left on the disk\n");
      expect(status).toBe(2);
    });

    test.each(["2>/dev/full", "2> >(exit)"])("work goes on with %s", async (redirection) => {
      const file = join(await newFolder(), "f.safetensors");
      const drawn = ["--data", "synthetic", "--people", "2", "--pictures", "2"];
      const { status } = saying(redirection, "extract", "--model", tiny.model, ...drawn, "--out", file);
      expect(existsSync(file)).toBe(true);
      expect(status).toBe(0);
    });
  },
);

describe("wrong use", () => {
  test.each([
    [["trian"], /unknown command 'trian'\n\(Did you mean train\?\)/],
    [["verify", "--model", "."], /missing required argument 'a'/],
    [["demo", "--steps", "-3"], /--steps.*whole number of 1 or more/],
    [["demo", "--people", "20"], /demo: needs \d+ people/],
    [["release", "."], /required option '--out <model>'/],
    [["release", ".", "--out", "m", "--views", "1,9"], /Up to 16 numbers from 0.25 to 4 are needed/],
    [["release", ".", "--out", "m", "--views", Array(17).fill(1).join(",")], /Up to 16 numbers/],
    [["release", ".", "--out", "m", "--taps", "3,3"], /Numbers from 1 to 4 are needed/],
    [["evaluate", "verification"], /required option '--pairs <file>'/],
  ])("%j", async (args, message) => {
    const { code, err, out } = await deepid(...args);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(out).toBe("");
  });

  test("evaluating without what is needed for it", async () => {
    const evaluate = ["evaluate", "verification", "--pairs", lfw.pairs];
    const cases = [
      [[], "give either --images or --features"],
      [["--images", lfw.images], "--images needs --model"],
      [["--features", lfw.pairs], "--metric joint-bayesian needs --model"],
    ] as const;
    for (const [more, message] of cases) {
      const { code, err } = await deepid(...evaluate, ...more);
      expect(err).toContain(message);
      expect(code).toBe(2);
    }
  });

  test("data options that lack something", async () => {
    const extract = ["extract", "--model", tiny.model, "--out", join(await newFolder(), "f.safetensors")];
    expect((await deepid(...extract)).err).toBe(
      "error: --data people needs --images (or choose --data synthetic)\n",
    );
    const celeba = await deepid(...extract, "--data", "celeba", "--images", lfw.images);
    expect(celeba.err).toBe("error: --data celeba needs --identities identity_CelebA.txt\n");
    expect(celeba.code).toBe(2);
    const further = await deepid(...extract, "--images", lfw.images, "--with", "more.zip");
    expect(further.err).toBe("error: --with: needs --data celeba, got people\n");
    const list = [
      "--data",
      "celeba",
      "--identities",
      tiny.model,
      "--images",
      lfw.images,
      "--with",
      "a.zip=b.txt",
    ];
    expect((await deepid(...extract, ...list)).err).toBe("error: --with a.zip=b.txt: a.zip does not exist\n");
  });

  test("a picture that a landmark file does not list", async () => {
    const picture = join(lfw.images, PICTURE);
    const verify = ["verify", picture, picture, "--model", tiny.model];
    const other = await withLine(lfw.landmarks, 8, ""); // the line of this picture
    expect(await deepid(...verify, "--landmarks", other)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no landmarks for .* \(looked for Person_of_C\/Person_of_C_0002 and /),
    });
  });

  test("a false accept rate that was not observed", async () => {
    const picture = join(lfw.images, PICTURE);
    const { code, err } = await deepid(
      ...["verify", picture, picture, "--aligned", "--model", tiny.model, "--far", "0.00001"],
    );
    expect(err).toMatch(/a false accept rate of 0\.00001 needs at least 100000 different pairs/);
    expect(code).toBe(2);
  });

  test("something that inspect does not know", async () => {
    expect(await deepid("inspect", lfw.folder)).toMatchObject({ code: 2, err: /neither a model.*nor a run/ });
    expect(await deepid("inspect", lfw.pairs)).toMatchObject({ code: 2, err: /none of them/ });
  });
});

test("every command explains itself with examples", async () => {
  const commands = [
    "demo",
    "train",
    "release",
    "extract",
    "evaluate verification",
    "verify",
    "align",
    "inspect",
    "key list",
    "key revoke",
  ];
  for (const group of ["key", "study", "reproduce", "gallery"]) {
    expect((await deepid(group, "--help")).out).toMatch(new RegExp(`Examples:\\n  \\$ deepid ${group} `));
  }
  const { out: identify } = await deepid("identify", "--help");
  expect(identify).toMatch(/\nGallery:\n(?: +.*\n)*? +--where/);
  expect(identify).toMatch(/\nFiles:\n(?: +.*\n)*? +--picture/);
  expect(identify).not.toContain("default: []");
  for (const command of commands) {
    const { code, out } = await deepid(...command.split(" "), "--help");
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\\n  \\$ deepid ${command}`));
    expect(out).toContain("--json");
  }
  expect((await deepid("--help")).out).toContain("Exit codes: 0 done");
  expect((await deepid("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});
