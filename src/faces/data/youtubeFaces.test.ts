import { existsSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tgzOf } from "../../../test/support/archives.ts";
import { DataError } from "../../base/errors/index.ts";
import { TEMPLATE } from "../face/index.ts";
import { openYoutubeFaces, peopleInVideos, readVideoPairs, videosIn } from "./index.ts";

const folder = await mkdtemp(join(tmpdir(), "ytf-"));
const fileOf = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};

describe("splits.txt", () => {
  test("is read with and without a line of titles", async () => {
    const lines = "1, 1, Ann/1, Ann/5, 1\n1, 2, Ann/1, Bo B/0, 0\n2, 1, Cy/0, Cy/1, 1\n";
    for (const text of [lines, `split number, pair number, first name, second name, is same?\n${lines}`]) {
      const pairs = await readVideoPairs(await fileOf("splits.txt", text));
      expect(pairs).toEqual({
        folds: [
          [
            { a: "Ann/1", b: "Ann/5", same: true },
            { a: "Ann/1", b: "Bo B/0", same: false },
          ],
          [{ a: "Cy/0", b: "Cy/1", same: true }],
        ],
      });
      expect([...videosIn(pairs)].sort()).toEqual(["Ann/1", "Ann/5", "Bo B/0", "Cy/0", "Cy/1"]);
      expect([...peopleInVideos(pairs)].sort()).toEqual(["Ann", "Bo B", "Cy"]);
    }
  });

  test.each([
    ["1, 1, Ann/1, Ann/5\n", "splits.txt:1: needed 5 columns"],
    ["1, 1, Ann/1, Ann/5, 1\n3, 1, Cy/0, Cy/1, 1\n", "splits.txt:2: split 3 comes after split 1"],
    ["1, 1, Ann/1, ../../etc, 1\n", 'splits.txt:1: a video must look like "Person/2", got "../../etc"'],
    ["1, 1, Ann/1, Ann/1, 1\n", "the video Ann/1 is paired with itself"],
    ["1, 1, Ann/1, Bo/2, 1\n", "labelled as one person, but the videos are Ann/1 and Bo/2"],
    ["1, 1, Ann/1, Ann/2, yes\n", 'the last column must be 0 or 1, got "yes"'],
    ["1, 1, Ann/1, Ann/2, 1\n", "needs two splits of pairs or more, got 1"],
    ["", "needs two splits of pairs or more, got 0"],
  ])("%j is refused", async (text, fault) => {
    const reading = readVideoPairs(await fileOf("splits.txt", text));
    await expect(reading).rejects.toThrow(DataError);
    await expect(readVideoPairs(join(folder, "splits.txt"))).rejects.toThrow(fault);
  });

  const official = fileURLToPath(new URL("../../../../shared/data/ytf/splits.txt", import.meta.url));
  const absent = existsSync(official) ? "" : " (skipped: the official list is not beside this repository)";
  test.skipIf(absent)(
    `has 10 official splits of 250 + 250 pairs, 3,226 videos of 1,447 people${absent}`,
    async () => {
      const pairs = await readVideoPairs(official);
      expect(pairs.folds.map((fold) => fold.length)).toEqual(Array(10).fill(500));
      expect(pairs.folds.map((fold) => fold.filter(({ same }) => same).length)).toEqual(Array(10).fill(250));
      expect(videosIn(pairs).size).toBe(3226);
      expect(peopleInVideos(pairs).size).toBe(1447);
      const people = pairs.folds.map((fold) => peopleInVideos({ folds: [fold] }));
      expect(people.reduce((sum, { size }) => sum + size, 0)).toBe(1447); // no person is in two splits
    },
  );
});

describe("frames", () => {
  const root = join(folder, "aligned_images_DB");
  const frame = (video: string, number: number) => `${video}/aligned_detect_0.${number}.jpg`;
  const files = [
    ...[3, 20, 100].map((number) => frame("Ann/1", number)),
    ...[1, 2, 3, 4, 5, 6, 7].map((number) => frame("Bo/0", number)),
    frame("Cy/2", 1),
    "Ann/1/thumbs.db",
  ];
  const made = (async () => {
    for (const file of files) {
      await mkdir(join(root, file, ".."), { recursive: true });
      await writeFile(join(root, file), "");
    }
  })();
  const open = async (videos: string[], more: object = {}) => {
    await made;
    return openYoutubeFaces({ images: root, videos: new Set(videos), ...more });
  };
  const namesIn = ({ pictures }: Awaited<ReturnType<typeof open>>) => pictures.map(({ name }) => name);

  test("of the videos wanted are found, named by person, video and frame", async () => {
    const source = await open(["Ann/1", "Cy/2"]);
    expect(source.kind).toBe("ytf");
    expect(source.pictures.map(({ identity }) => identity)).toEqual(["Ann", "Ann", "Ann", "Cy"]);
    expect(namesIn(source)).toContain("Ann/1/aligned_detect_0.20");
  });

  test("are thinned evenly over the video, in the order of their numbers", async () => {
    const numbers = (names: string[]) => names.map((name) => Number(name.split(".").at(-1)));
    expect(numbers(namesIn(await open(["Bo/0"], { framesPerVideo: 3 })))).toEqual([1, 3, 5]);
    expect(numbers(namesIn(await open(["Ann/1"], { framesPerVideo: 2 }))).sort((a, b) => a - b)).toEqual([
      3, 20,
    ]);
  });

  test("lie in an archive just as well", async () => {
    await made;
    const path = join(folder, "frames.tgz");
    const entries = files.map((file) => ({ name: `YouTubeFaces/aligned_images_DB/${file}`, content: "x" }));
    await writeFile(path, await tgzOf(entries));
    const [packed, unpacked] = [
      await openYoutubeFaces({ images: path, videos: new Set(["Bo/0"]) }),
      await open(["Bo/0"]),
    ];
    expect(namesIn(packed)).toEqual(namesIn(unpacked));
  });

  test("that climb out of their archive are refused", async () => {
    const path = join(folder, "hostile.tgz");
    await writeFile(path, await tgzOf([{ name: "../../Ann/1/frame.jpg", content: "x" }]));
    await expect(openYoutubeFaces({ images: path, videos: new Set(["Ann/1"]) })).rejects.toThrow(DataError);
  });

  test("of a video that is not there are asked for by name", async () => {
    await expect(open(["Ann/1", "Ann/2", "Zoe/0"])).rejects.toThrow(
      /no frames \(Person\/Video\/frame\.jpg\) of 2 of 3 videos: "Ann\/2", "Zoe\/0"/,
    );
  });

  test("are aligned by landmarks, or their middle is taken for a face", async () => {
    const landmarks = await fileOf(
      "landmarks.txt",
      "Cy/2/aligned_detect_0.1.jpg 30 42 56 42 44 58 33 69 55 69\n",
    );
    const photo = { width: 200, height: 120, pixels: new Uint8Array(200 * 120 * 3) };
    for (let y = 0; y < 120; y++) {
      for (let x = 0; x < 200; x++) photo.pixels[(y * 200 + x) * 3] = x; // red rises along x
    }
    const [byLandmarks] = (await open(["Cy/2"], { landmarks })).pictures;
    expect(byLandmarks.align(photo)).toMatchObject({ width: TEMPLATE.width, height: TEMPLATE.height });
    const [byMiddle] = (await open(["Cy/2"], { middle: 0.5 })).pictures;
    const face = await byMiddle.align(photo);
    const width = (60 * 88) / 104; // half of 120 high, 50.8 wide, around x = 100
    const red = (x: number) => face.pixels[(52 * 88 + x) * 3];
    expect(red(0)).toBeCloseTo(100 - width / 2, -0.5);
    expect(red(87)).toBeCloseTo(100 + width / 2, -0.5);
    await expect(open(["Bo/0"], { landmarks })).rejects.toThrow(
      'no landmarks for 7 frames: "Bo/0/aligned_detect_0.1"',
    );
    await expect(open(["Cy/2"], { landmarks, middle: 0.5 })).rejects.toThrow("without landmarks, got 0.5");
    await expect(open(["Cy/2"], { framesPerVideo: 0 })).rejects.toThrow(
      "framesPerVideo must be a whole number",
    );
  });
});
