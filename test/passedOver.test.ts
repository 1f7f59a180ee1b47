/** One bad picture among many is named and skipped, whatever the command; and what many tools write is read. */
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { PassedOver } from "../src/faces/data/index.ts";
import { tgzOf, zipOf } from "./support/archives.ts";
import { deepid } from "./support/cli.ts";
import { miniatureLfw, tinyModel } from "./support/miniature.ts";

const cases = (name: string) => fileURLToPath(new URL(`cases/${name}`, import.meta.url));
const newFolder = () => mkdtemp(join(tmpdir(), "passed-over-"));

describe("gallery import", () => {
  test("reads every kind of picture that verify reads", async () => {
    const folder = await newFolder();
    const { code, out } = await deepid(
      ...["gallery", "import", "--images", cases("formats-in-folders/people"), "--aligned", "--json"],
      ...["--store", join(folder, "f.sqlite")],
    );
    expect(JSON.parse(out)).toMatchObject({ added: 4, people: 3, faces: 4 });
    expect(code).toBe(0);
  });

  test("passes over faces that are all of one colour, names that deceive and what is no picture; twice is once", async () => {
    const folder = await newFolder();
    const images = join(folder, "people");
    await cp(cases("formats-in-folders/people"), images, { recursive: true });
    await cp(cases("blank-faces/people/Ann/1.png"), join(images, "Ann", "blank.png"));
    await cp(join(images, "Ann", "1.png"), join(images, "Ann\u200b", "1.png"), { recursive: true });
    await writeFile(join(images, "Cy", "note.bmp"), "BM no picture");
    const run = () =>
      deepid(
        ...["gallery", "import", "--images", images, "--aligned", "--json"],
        ...["--store", join(folder, "f.sqlite")],
      );
    const first = await run();
    expect(first.err).toMatch(/^error: 3 were skipped:\n/);
    expect(first.err).toMatch(/Cy\/note\.bmp: not a picture/);
    expect(first.err).toMatch(/Ann\/blank\.png: the face is too blurred: sharpness 0\.00/);
    expect(first.err).toMatch(/U\+200B/);
    expect(first.code).toBe(3);
    expect(JSON.parse(first.out)).toMatchObject({ added: 4, known: 0, people: 3, passedOver: { length: 3 } });
    expect(JSON.parse(first.out).passedOver).toContainEqual({
      file: "Ann/blank.png",
      reason: expect.stringMatching(/^Ann\/blank\.png: the face is too blurred/),
    });
    expect(JSON.parse((await run()).out)).toMatchObject({ added: 0, known: 4, faces: 4 });
  });

  test("finds faces by itself, in a folder and in an archive of it", async () => {
    const [lfw, folder] = await Promise.all([miniatureLfw(), newFolder()]);
    await writeFile(join(lfw.images, "Person_of_A", "empty.jpg"), "");
    const store = ["--store", join(folder, "f.sqlite"), "--json"];
    const first = await deepid("gallery", "import", lfw.images, ...store);
    expect(first.err).toMatch(/\n {2}Person_of_A\/empty\.jpg: the file is empty/);
    expect(first.code).toBe(3);
    const { added, passedOver } = JSON.parse(first.out);
    expect(added).toBeGreaterThan(30); // drawn faces are not all found
    const faceless = passedOver.filter(
      ({ file, reason }: PassedOver) =>
        file.endsWith(".png") && /no face was found$|which way up the face is/.test(reason),
    );
    expect(passedOver).toHaveLength(1 + faceless.length);
    expect(added + faceless.length).toBe(36);
    const again = await deepid("gallery", "import", lfw.archive, ...store);
    expect(JSON.parse(again.out)).toMatchObject({ added: 0, known: added, faces: added });
  });

  test("names people's folders without a picture, in a folder and in archives, with a folder around them or none", async () => {
    const folder = await newFolder();
    const picture = await readFile(cases("formats-in-folders/people/Ann/1.png"));
    const entries = (around: string) => [
      ...["", "Ann/", "Bo/"]
        .filter((name) => around + name)
        .map((name) => ({ name: around + name, type: "directory" as const, mode: 0o040755 })),
      { name: `${around}Ann/1.png`, content: picture },
    ];
    for (const [name, bytes] of [
      ["bare.zip", zipOf(entries(""))],
      ["around.zip", zipOf(entries("people/"))],
      ["around.tgz", await tgzOf(entries("people/"))],
    ] as const) {
      const images = join(folder, name);
      await writeFile(images, bytes);
      const { out, code } = await deepid(
        ...["gallery", "import", "--images", images, "--aligned", "--json"],
        ...["--store", join(folder, `${name}.sqlite`)],
      );
      const file = name === "bare.zip" ? "Bo" : "people/Bo";
      const { added, passedOver } = JSON.parse(out);
      expect(passedOver).toEqual([{ file, reason: `${file}: no picture lies in this folder` }]);
      expect([added, code]).toEqual([1, 3]);
    }
  });

  test("of nothing but blank pictures is refused", async () => {
    const folder = await newFolder();
    const { code, err } = await deepid(
      ...["gallery", "import", "--images", cases("blank-faces/people"), "--aligned"],
      ...["--store", join(folder, "b.sqlite")],
    );
    expect(err).toMatch(/none of the pictures can be imported:\n.*too blurred/);
    expect(code).toBe(3);
  });
});

test("represent prints nothing where no photo can be used, and lists them", async () => {
  const [folder, tiny] = await Promise.all([newFolder(), tinyModel()]);
  for (const name of ["a.jpg", "b.jpg"]) await writeFile(join(folder, name), "no picture");
  const { code, out, err } = await deepid("represent", folder, "--model", tiny.model, "--quiet");
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toMatch(/2 were skipped:\n.*a\.jpg: .*\n.*b\.jpg: /);
});

test("align looks at every photo, and lists the one it cannot read", async () => {
  const out = join(await newFolder(), "o");
  const folder = cases("one-bad-photo/Ann");
  const photos = (await readdir(folder)).sort().map((name) => join(folder, name));
  const { code, err } = await deepid("align", ...photos, "--people", "--out", out);
  expect(err).toMatch(/one was skipped:\n.*2\.png: /);
  expect(code).toBe(3);
  expect((await readdir(join(out, "Ann"))).sort()).toEqual(["1.png", "3.png"]);
});

test("evaluate leaves out the pairs of a picture that is cut off, and says so", async () => {
  const [lfw, tiny, folder] = await Promise.all([miniatureLfw(), tinyModel(), newFolder()]);
  const images = join(folder, "lfw");
  await cp(lfw.images, images, { recursive: true });
  await truncate(join(images, "Person_of_C", "Person_of_C_0002.png"), 3000);
  const { code, out, err } = await deepid(
    ...["evaluate", "verification", "--model", tiny.model, "--images", images, "--landmarks", lfw.landmarks],
    ...["--pairs", lfw.pairs, "--cache", join(folder, "cache"), "--json"],
  );
  expect(err).toMatch(/Person_of_C_0002\.png: not a readable PNG picture/);
  expect(code).toBe(3);
  const { pairs, pairsLeftOut, passedOver } = JSON.parse(out);
  expect([pairs, pairsLeftOut]).toEqual([23, 1]); // Person_of_C 1 2
  expect(passedOver).toHaveLength(1);
});

test("features of pictures are found by lists of any ending", async () => {
  const scores = await Promise.all(
    ["jpg", "tif", "bmp", "pgm"].map(async (ending) => {
      const features = cases(`formats-in-folders/features-${ending}.csv`);
      const pairs = cases("formats-in-folders/pairs.txt");
      const { out, err } = await deepid(
        ...[
          "evaluate",
          "verification",
          "--features",
          features,
          "--pairs",
          pairs,
          "--metric",
          "cosine",
          "--json",
        ],
      );
      return err || JSON.parse(out).accuracy;
    }),
  );
  expect(scores).toEqual([scores[0], scores[0], scores[0], scores[0]]);
  expect(typeof scores[0]).not.toBe("string");
});

test("an exported gallery is restored once, however often, without its broken lines", async () => {
  const folder = await newFolder();
  const [store, again, out] = ["a.sqlite", "b.sqlite", "a.jsonl"].map((name) => join(folder, name));
  await deepid(
    ...["gallery", "import", "--images", cases("formats-in-folders/people"), "--aligned", "--quiet"],
    ...["--store", store],
  );
  expect((await deepid("gallery", "export", "--out", out, "--store", store)).code).toBe(0);
  const restore = async () => {
    const { code, out: text, err } = await deepid("gallery", "restore", out, "--store", again, "--json");
    return { code, err, ...JSON.parse(text) };
  };
  const together = await Promise.all([restore(), restore()]);
  expect(together.map(({ added }) => added).reduce((a, b) => a + b)).toBe(4);
  expect(await restore()).toMatchObject({ code: 0, added: 0, known: 4, faces: 4 });
  const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
  const face = JSON.parse(lines[1]);
  const vector = Buffer.from(face.vector, "base64");
  const bad = [
    "{",
    JSON.stringify({ ...face, vector: vector.subarray(4).toString("base64") }),
    JSON.stringify({ ...face, vector: Buffer.from(vector).fill(0xff, 0, 4).toString("base64") }),
    JSON.stringify({ ...face, person: "Ann\u202e" }),
    lines[4].slice(0, 500),
  ];
  await writeFile(out, [...lines.slice(0, 4), ...bad].join("\n"));
  await rm(again);
  const partly = await restore();
  expect(partly).toMatchObject({ code: 3, added: 3, passedOver: { length: 5 } });
  expect(partly.err).toMatch(
    /line 5: no face: needs JSON\n.*line 6: its vector must have \d+ bytes.*\n.*line 7: .*not finite\n.*line 8: a person's name.*\n.*line 9: no face/,
  );
  await writeFile(out, lines.join("\n"));
  expect(await restore()).toMatchObject({ code: 0, added: 1, known: 3 });
  expect((await deepid("gallery", "check", "--store", again)).out).toMatch(/damaged +nothing/);
});
