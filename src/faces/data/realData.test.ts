import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeImage } from "../pictureFiles/index.ts";
import { openCelebA, openLfw, picturesIn, readLandmarks, readPairs, rowsOfPairs } from "./index.ts";

const data = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));
const present = existsSync(data);
const skipped = present ? "" : " (skipped: the real pictures are not beside this repository)";

describe.skipIf(!present)(`the real data sets${skipped}`, () => {
  test("LFW's View 2 has 10 folds of 300 + 300 pairs of 7,701 pictures; no person is in two folds", async () => {
    const pairs = await readPairs(`${data}lfw/pairs.txt`);
    expect(pairs.folds.map((fold) => fold.filter(({ same }) => same).length)).toEqual(Array(10).fill(300));
    expect(pairs.folds.map((fold) => fold.length)).toEqual(Array(10).fill(600));
    expect(picturesIn(pairs).size).toBe(7701);
    const people = pairs.folds.map(
      (fold) => new Set(fold.flatMap(({ a, b }) => [a, b].map((n) => n.split("/")[0]))),
    );
    expect(people.map(({ size }) => size)).toEqual([435, 409, 397, 423, 422, 419, 443, 443, 439, 451]);
    expect(new Set(people.flatMap((set) => [...set])).size).toBe(4281);
  });

  test("LFW's View 1 has 1,100 + 1,100 and 500 + 500 pairs", async () => {
    for (const [file, count] of [
      ["pairsDevTrain.txt", 1100],
      ["pairsDevTest.txt", 500],
    ] as const) {
      const { folds } = await readPairs(`${data}lfw/${file}`);
      expect(folds.map((fold) => fold.filter(({ same }) => same).length)).toEqual([count]);
      expect(folds[0].length).toBe(2 * count);
    }
  });

  test("LFW has 13,233 pictures of 5,749 people, each with landmarks, and all that its pairs name", async () => {
    const landmarks = `${data}lfw/landmarks_5pt.txt`;
    const source = await openLfw({ images: `${data}lfw/lfw.tgz`, landmarks });
    expect(source.pictures.length).toBe(13233);
    expect(new Set(source.pictures.map(({ identity }) => identity)).size).toBe(5749);
    const names = source.pictures.map(({ name }) => name);
    rowsOfPairs(await readPairs(`${data}lfw/pairs.txt`), names);
    expect((await readLandmarks(landmarks)).size).toBe(13233);
    for await (const { index, bytes } of source.read()) {
      const { name, align } = source.pictures[index];
      const face = await align(await decodeImage(bytes as Uint8Array, name));
      expect([face.width, face.height]).toEqual([88, 104]);
      break;
    }
  });

  test("CelebA's part has 68,784 crops of 9,143 people", async () => {
    const source = await openCelebA({
      images: `${data}celeba/img_align_celeba.zip`,
      identities: `${data}celeba/identity_CelebA.txt`,
    });
    expect(source.pictures.length).toBe(68784);
    expect(new Set(source.pictures.map(({ identity }) => identity)).size).toBe(9143);
    for await (const { index, bytes } of source.read()) {
      const { name, align } = source.pictures[index];
      const photo = await decodeImage(bytes as Uint8Array, name);
      expect(align(photo)).toBe(photo);
      break;
    }
  });
});
