import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tgzOf, zipOf } from "../../../test/support/archives.ts";
import { failureOf, folderOf, greyFile } from "../../../test/support/pictures.ts";
import { DataError } from "../../base/errors/index.ts";
import { TEMPLATE } from "../face/index.ts";
import { type FaceSource, openCelebA, openLfw, openPeople, openPhotos, readLandmarks } from "./index.ts";

const png = await greyFile(7);
const large = await greyFile(7, { width: 250, height: 250 });

const listOf = ({ pictures }: FaceSource) => pictures.map(({ name, identity }) => [name, identity]);

const imageOf = (width: number, height: number) => ({
  width,
  height,
  pixels: new Uint8Array(width * height * 3).fill(9),
});

/** The columns of the template's own landmarks, moved and scaled. */
const points = (scale = 1) => TEMPLATE.landmarks.map(({ x, y }) => `${x * scale}\t${y * scale}`).join("\t");

describe("CelebA", () => {
  const identities = "000001.jpg 2880\n000002.jpg 2937\n000003.jpg 2880\n";

  test("pictures of a zip get identities by name, whatever their extension", async () => {
    const zip = zipOf([
      { name: "img_align_celeba/" },
      { name: "img_align_celeba/000003.webp", content: await greyFile(3, { format: "webp" }) },
      { name: "img_align_celeba/000001.jpg", content: await greyFile(1, { format: "jpeg" }) },
      { name: "__MACOSX/img_align_celeba/._000001.jpg", content: "junk" },
    ]);
    const folder = await folderOf({ "celeba.zip": zip, "identity.txt": identities });
    const source = await openCelebA({
      images: join(folder, "celeba.zip"),
      identities: join(folder, "identity.txt"),
    });
    expect(listOf(source)).toEqual([
      ["000001", "2880"],
      ["000003", "2880"],
    ]);
    const read: number[] = [];
    for await (const { index, bytes } of source.read()) {
      expect((bytes as Uint8Array).length).toBeGreaterThan(10);
      read.push(index);
    }
    expect(read.sort()).toEqual([0, 1]);
  });

  test("88 x 104 pictures are taken as they are, 178 x 218 ones are scaled, others refused", async () => {
    const folder = await folderOf({ "img/000001.png": png, "identity.txt": identities });
    const { pictures } = await openCelebA({
      images: join(folder, "img"),
      identities: join(folder, "identity.txt"),
    });
    const crop = imageOf(88, 104);
    expect(pictures[0].align(crop)).toBe(crop);
    expect(pictures[0].align(imageOf(178, 218))).toEqual(crop);
    expect(() => pictures[0].align(imageOf(218, 178))).toThrow(
      "178 x 218 pixels or a crop of 88 x 104, got 218 x 178",
    );
  });

  test("without a list of identities each picture is a person of its own", async () => {
    const folder = await folderOf({ "000004.png": png, "000001.png": png });
    expect(listOf(await openCelebA({ images: folder }))).toEqual([
      ["000001", "000001"],
      ["000004", "000004"],
    ]);
  });

  test("pictures without identity are listed, and bad lines are named", async () => {
    const open = async (text: string) => {
      const folder = await folderOf({ "000004.png": png, "000001.png": png, "identity.txt": text });
      const error = await failureOf(openCelebA({ images: folder, identities: join(folder, "identity.txt") }));
      expect(error).toBeInstanceOf(DataError);
      return error.message;
    };
    expect(await open(identities)).toMatch(/identity.txt: no identity for 1 pictures: "000004.png"/);
    expect(await open("000001.jpg 1\n000004.jpg\n")).toMatch(/identity.txt:2: needed 2 columns.*got 1/);
    expect(await open("000001.jpg one\n")).toMatch(
      /identity.txt:1: the identity must be a number, got "one"/,
    );
    expect(await open("000001.jpg 1\n000001.png 2\n")).toMatch(
      /identity.txt:2: 000001 has an identity already/,
    );
    const twice = await folderOf({ "x/1.png": png, "y/1.png": png });
    expect((await failureOf(openCelebA({ images: twice }))).message).toMatch(/x\/1.png and y\/1.png/);
  });
});

describe("landmark files", () => {
  const read = async (text: string) => readLandmarks(join(await folderOf({ "l.txt": text }), "l.txt"));
  const refusal = async (text: string) => {
    const error = await failureOf(read(text));
    expect(error).toBeInstanceOf(DataError);
    return error.message;
  };

  test("are read with tabs or spaces, comments aside, by name without extension", async () => {
    const landmarks = await read(
      "# made by hand\nAnn/1.jpg\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10.5\nBo/2.png 1 2 3 4 5 6 7 8 9 0\n",
    );
    expect([...landmarks.keys()]).toEqual(["Ann/1", "Bo/2"]);
    expect(landmarks.get("Ann/1")).toEqual([
      { x: 1, y: 2 },
      { x: 3, y: 4 },
      { x: 5, y: 6 },
      { x: 7, y: 8 },
      { x: 9, y: 10.5 },
    ]);
  });

  test("with faults are refused with file and line", async () => {
    expect(await refusal("Ann/1.jpg 1 2 3 4 5 6 7 8 9\n")).toMatch(/l.txt:1: needed 11 columns.* got 10/);
    expect(await refusal(`Ann/1.jpg\t${points()}\nAnn/2.jpg 1 2 3 4 5 x 7 8 9 10`)).toMatch(
      /l.txt:2: y of point 3 must be a number, got "x"/,
    );
    expect(await refusal("Ann/1.jpg 1 2 3 4 5 NaN 7 8 9 10")).toMatch(/l.txt:1: .* got "NaN"/);
    expect(await refusal(`Ann/1.jpg\t${points()}\nAnn/1.png\t${points()}`)).toMatch(
      /l.txt:2: Ann\/1 has landmarks/,
    );
    expect(await refusal("Ann/1.jpg 5 5 5 5 5 5 5 5 5 5")).toMatch(/l.txt:1: no face can be aligned/);
  });
});

describe("folders of people and LFW", () => {
  test("each picture's own folder is its person, in a folder, or in a tgz with a folder around all", async () => {
    const folder = await folderOf({
      "Ann_Ok/a.png": png,
      "Bo/b.jpeg": await greyFile(9, { format: "jpeg" }),
      "Bo/notes.txt": "no picture",
      "Bo/.hidden.png": "junk",
    });
    expect(listOf(await openPeople({ images: folder }))).toEqual([
      ["Ann_Ok/a", "Ann_Ok"],
      ["Bo/b", "Bo"],
    ]);
    const tgz = await tgzOf([
      { name: "lfw/", type: "directory" },
      { name: "lfw/Bo/Bo_0001.webp", content: png },
      { name: "lfw/Ann_Ok/Ann_Ok_0001.webp", content: png },
      { name: "lfw/cover.png", content: png },
    ]);
    const archive = join(await folderOf({ "lfw.tgz": tgz }), "lfw.tgz");
    expect(listOf(await openLfw({ images: archive }))).toEqual([
      ["Ann_Ok/Ann_Ok_0001", "Ann_Ok"],
      ["Bo/Bo_0001", "Bo"],
    ]);
  });

  test("a person's folder without a picture is told of", async () => {
    const images = await folderOf({ "Ann/a.png": png, "Bo/notes.txt": "none", ".cache/x/y.bin": "" });
    await mkdir(join(images, "Cy"));
    const source = await openPeople({ images });
    expect(listOf(source)).toEqual([["Ann/a", "Ann"]]);
    expect(source.passedOver).toEqual(
      ["Bo", "Cy"].map((file) => ({ file, reason: `${file}: no picture lies in this folder` })),
    );
  });

  test("pictures in folders of a person's folder are passed over: people are never put together by a year", async () => {
    const nest = { "Ann/2024/a.png": png, "Bob/2024/b.png": png };
    const files = { ...nest, "Zoë/2024/x.png": png, "Zoë/y.png": png };
    const entries = Object.entries(files).map(([name, content]) => ({ name, content }));
    const zip = join(await folderOf({ "nest.zip": zipOf(entries) }), "nest.zip");
    for (const images of [await folderOf(files), zip]) {
      const source = await openPeople({ images });
      expect(listOf(source)).toEqual([["Zoë/y", "Zoë"]]);
      expect(source.passedOver.map(({ reason }) => reason)).toEqual(
        ["Ann/2024/a", "Bob/2024/b", "Zoë/2024/x"].map(
          (name) => `${name}.png: lies 2 folders deep; needed person/photo.jpg`,
        ),
      );
    }
    expect((await failureOf(openPeople({ images: await folderOf(nest) }))).message).toMatch(
      /none of its 2 pictures lies in a person's folder: Ann\/2024\/a.png: lies 2 folders deep; needed person/,
    );
  });

  test("landmarks align a photo; they are found although the list says .jpg", async () => {
    const folder = await folderOf({ "Ann/1.webp": large, "l.txt": `Ann/1.jpg\t${points(2)}` });
    const { pictures } = await openLfw({ images: folder, landmarks: join(folder, "l.txt") });
    // Red is the column: at twice the template's size, template column x comes from photo columns 2x and 2x + 1.
    const photo = imageOf(200, 220);
    for (let i = 0; i < photo.pixels.length; i += 3) photo.pixels[i] = (i / 3) % 200;
    const face = await pictures[0].align(photo);
    expect([face.width, face.height]).toEqual([88, 104]);
    expect(Math.abs(face.pixels[3 * 40] - 80.5)).toBeLessThanOrEqual(0.5);
    expect(() => pictures[0].align(imageOf(60, 60))).toThrow(
      /centre of its landmarks, .* lies outside its 60 x 60/,
    );
  });

  test("without landmarks only crops of the template's size pass, unless said to be aligned", async () => {
    const folder = await folderOf({ "Ann/1.png": png });
    const { pictures } = await openPeople({ images: folder });
    const crop = imageOf(88, 104);
    expect(pictures[0].align(crop)).toBe(crop);
    expect(() => pictures[0].align(imageOf(250, 250))).toThrow(
      /no landmark file, and 250 x 250 is not the 88 x 104/,
    );
    const aligned = await openPeople({ images: folder, aligned: true });
    expect(aligned.pictures[0].align(imageOf(250, 250))).toEqual(crop);
  });

  test("only the pictures asked for are taken, and only they need landmarks", async () => {
    const folder = await folderOf({
      "Ann/1.png": png,
      "Ann/2.png": png,
      "l.txt": `set/Ann/1.jpg\t${points()}`,
    });
    const open = (...only: string[]) =>
      openLfw({ images: folder, landmarks: join(folder, "l.txt"), only: new Set(only) });
    expect(listOf(await open("Ann/1", "Ann/9"))).toEqual([["Ann/1", "Ann"]]);
    expect((await failureOf(open("Ann/9"))).message).toMatch(/none of the 1 pictures asked for .*"Ann\/9"/);
    expect((await failureOf(open("Ann/1", "Ann/2"))).message).toMatch(
      /l.txt: no landmarks for 1 pictures: "Ann\/2"/,
    );
  });

  test("empty files are told by the list alone, and never read, unless they are named", async () => {
    const names = Array.from({ length: 2000 }, (_, i) => `Bob/${i}.jpg`);
    const folder = await folderOf({
      "all.zip": zipOf([{ name: "Ann/1.png", content: png }, ...names.map((name) => ({ name }))]),
      "none.zip": zipOf(names.map((name) => ({ name }))),
    });
    const images = join(folder, "all.zip");
    for (const opened of [await openPeople({ images }), await openPhotos([images])]) {
      const read: unknown[] = [];
      for await (const one of opened.read()) read.push(one);
      expect(read.length).toBe(1);
      expect(opened.passedOver.length).toBe(2000);
      expect(opened.passedOver[0].reason).toMatch(/Bob\/0\.jpg: the file is empty$/);
    }
    expect(listOf(await openPeople({ images, only: new Set(["Bob/7"]) }))).toEqual([["Bob/7", "Bob"]]);
    const none = join(folder, "none.zip");
    for (const opening of [() => openPeople({ images: none }), () => openPhotos([none])]) {
      expect((await failureOf(opening())).message).toMatch(
        /none.zip: none of its 2000 pictures can be used: Bob\/0.jpg: the file is empty$/,
      );
    }
  });

  test("of pictures that differ in their ending only, the one that can be read is taken; strays are skipped", async () => {
    const folder = await folderOf({ "Ann/1.heic": "x", "Ann/1.jpg": png, "Ann/1.png": png, "b.png": png });
    const source = await openPeople({ images: folder });
    expect(source.pictures).toMatchObject([{ name: "Ann/1", file: "Ann/1.jpg" }]);
    expect(source.passedOver.map(({ reason }) => reason)).toEqual([
      "Ann/1.heic: Ann/1.jpg has the same name, and is taken",
      "Ann/1.png: Ann/1.jpg has the same name, and is taken",
      "b.png: lies in no person's folder; needed person/photo.jpg",
    ]);
  });

  test("nothing but pictures outside a person's folder, or none at all, is refused", async () => {
    const refusal = async (files: Record<string, Uint8Array | string>) =>
      (await failureOf(openPeople({ images: await folderOf(files) }))).message;
    expect(await refusal({ "a.png": png })).toMatch(
      /none of its 1 pictures lies in a person's folder: a.png: /,
    );
    expect(await refusal({ "readme.txt": "" })).toMatch(/no pictures \(\.jpg, \.png, \.webp/);
  });
});
