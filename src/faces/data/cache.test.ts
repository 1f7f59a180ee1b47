import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tgzOf } from "../../../test/support/archives.ts";
import { failureOf, folderOf, greyFile } from "../../../test/support/pictures.ts";
import { DataError } from "../../base/errors/index.ts";
import { createRng, shuffle } from "../../base/random/index.ts";
import { cropRegion, TEMPLATE, WHOLE_FACE } from "../face/index.ts";
import { facesInMemory, loadRegion, openAlignedFaces, openPeople, readRows } from "./index.ts";

const FACE_BYTES = 88 * 104 * 3;
const newCache = () => mkdtemp(join(tmpdir(), "cache-"));

/** A folder of `count` aligned grey pictures, two of each person; picture i has the grey value i. */
async function people(count: number): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) {
    files[`person${Math.floor(i / 2)}/${String(i).padStart(3, "0")}.png`] = await greyFile(i);
  }
  return folderOf(files);
}

test("faces are aligned once, in the order of their names, and read from the cache after that", async () => {
  const cacheFolder = await newCache();
  const images = await people(9);
  const progress: number[] = [];
  const open = async () =>
    openAlignedFaces(await openPeople({ images }), {
      cacheFolder,
      onProgress: (done, total) => {
        expect(total).toBe(9);
        progress.push(done);
      },
    });
  await using first = await open();
  expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(first.count).toBe(9);
  expect(first.names.slice(0, 3)).toEqual(["person0/000", "person0/001", "person1/002"]);
  expect(first.identities.slice(0, 3)).toEqual(["person0", "person0", "person1"]);
  const pixels = await first.readRange(0, 9);
  expect(Array.from({ length: 9 }, (_, i) => pixels[i * FACE_BYTES])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  await using second = await open();
  expect(progress.length).toBe(9); // no picture was aligned again
  expect(await second.readRange(3, 2)).toEqual(pixels.subarray(3 * FACE_BYTES, 5 * FACE_BYTES));
  expect(await readdir(cacheFolder)).toEqual([second.path.slice(cacheFolder.length + 1)]);
});

test("a changed picture or other landmarks make another cache", async () => {
  const cacheFolder = await newCache();
  const images = await people(2);
  const open = async (aligned: boolean) => {
    await using faces = await openAlignedFaces(await openPeople({ images, aligned }), { cacheFolder });
    return faces.readRange(0, 1);
  };
  expect((await open(false))[0]).toBe(0);
  await open(true);
  expect((await readdir(cacheFolder)).length).toBe(2);
  await writeFile(join(images, "person0/000.png"), await greyFile(200));
  expect((await open(false))[0]).toBe(200);
});

test("a broken picture is skipped and named, the first time and from the cache", async () => {
  const cacheFolder = await newCache();
  const jpeg = await greyFile(1, { format: "jpeg", width: 900, height: 900 });
  const halfOfPicture = jpeg.subarray(0, jpeg.length / 2);
  const tgz = await tgzOf([
    { name: "lfw/Al/0.png", content: "none" },
    ...(await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (i) => ({ name: `lfw/Ann/${i}.png`, content: await greyFile(i) })),
    )),
    { name: "lfw/Bo/broken.jpg", content: halfOfPicture },
    { name: "lfw/Bo/small.jpg", content: await greyFile(1, { width: 20, height: 20 }) },
    { name: "lfw/Cy/1.png", content: await greyFile(9) },
  ]);
  const images = join(await folderOf({ "lfw.tgz": tgz }), "lfw.tgz");
  for (let round = 0; round < 2; round++) {
    await using faces = await openAlignedFaces(await openPeople({ images }), { cacheFolder });
    expect(faces.passedOver.map(({ file }) => file)).toEqual([
      "lfw/Al/0.png",
      "lfw/Bo/broken.jpg",
      "lfw/Bo/small.jpg",
    ]);
    expect(faces.passedOver.map(({ reason }) => reason).join("\n")).toMatch(
      /lfw\/Al\/0.png: not a picture.*\nlfw\/Bo\/broken.jpg: not a readable JPEG.*\nlfw\/Bo\/small.jpg: cannot be aligned/,
    );
    expect(faces.names).toEqual([...[1, 2, 3, 4, 5, 6].map((i) => `Ann/${i}`), "Cy/1"]);
    expect(faces.identities).toEqual([...new Array(6).fill("Ann"), "Cy"]);
    const all = await readRows(faces, [0, 5, 6, 5]);
    expect([0, 1, 2, 3].map((i) => all[i * FACE_BYTES])).toEqual([1, 6, 9, 6]);
    expect((await faces.readRange(5, 2))[FACE_BYTES]).toBe(9);
    await expect(faces.readRange(6, 2)).rejects.toThrow("there are 7");
  }
});

test("where none can be used the first reason is told, and no file is left", async () => {
  const cacheFolder = await newCache();
  const images = await folderOf({ "Ann/1.png": await greyFile(1, { width: 20, height: 20 }) });
  const error = await failureOf(openAlignedFaces(await openPeople({ images }), { cacheFolder }));
  expect(error).toBeInstanceOf(DataError);
  expect(error.message).toMatch(
    /its only picture cannot be used: Ann\/1.png: cannot be aligned: there is no land/,
  );
  expect(await readdir(cacheFolder)).toEqual([]);
});

test("an aborted run leaves no file", async () => {
  const cacheFolder = await newCache();
  const abort = new AbortController();
  const source = await openPeople({ images: await people(30) });
  const error = await failureOf(
    openAlignedFaces(source, {
      cacheFolder,
      signal: abort.signal,
      onProgress: (done) => {
        expect(done).toBeLessThan(30);
        if (done === 5) abort.abort(new Error("stopped by the user"));
      },
    }),
  );
  expect(error.message).toBe("stopped by the user");
  expect(await readdir(cacheFolder)).toEqual([]);
});

test("a damaged cache file is refused with the advice to delete it", async () => {
  const cacheFolder = await newCache();
  const images = await people(2);
  const open = async () => openAlignedFaces(await openPeople({ images }), { cacheFolder });
  const { path, close } = await open();
  await close();
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 1));
  expect((await failureOf(open())).message).toContain(`${path}: truncated`);
  await writeFile(path, bytes.toString("latin1").replace('\\",\\"', "     "), "latin1");
  expect((await failureOf(open())).message).toMatch(/delete it to have it made again/);
});

test("loadRegion and readRows give rows in the order asked for, however far apart", async () => {
  const rng = createRng(1);
  const count = 600; // more than are read at a time
  const pixels = Uint8Array.from(
    { length: count * FACE_BYTES },
    (_, i) => (i * 7 + Math.floor(i / FACE_BYTES)) % 256,
  );
  const names = Array.from({ length: count }, (_, i) => `${i}`);
  const faces = facesInMemory(names, names, pixels);
  const rows = [...shuffle([...names.keys()], rng).slice(0, 20), 599, 0, 0];
  const read = await readRows(faces, rows);
  const crops = await loadRegion(faces, rows, WHOLE_FACE, 2);
  const cropBytes = 59 * 51 * 3;
  expect(crops.length).toBe(rows.length * cropBytes);
  for (const [i, row] of rows.entries()) {
    const face = pixels.subarray(row * FACE_BYTES, (row + 1) * FACE_BYTES);
    expect(Buffer.compare(read.subarray(i * FACE_BYTES, (i + 1) * FACE_BYTES), face)).toBe(0);
    const crop = cropRegion({ ...TEMPLATE, pixels: face }, WHOLE_FACE, 2);
    expect(Buffer.compare(crops.subarray(i * cropBytes, (i + 1) * cropBytes), crop)).toBe(0);
  }
});

test("rows that do not exist are refused", async () => {
  const faces = facesInMemory(["a"], ["A"], new Uint8Array(FACE_BYTES));
  await expect(readRows(faces, [1])).rejects.toThrow("there are 1");
  await expect(loadRegion(faces, [-1], WHOLE_FACE)).rejects.toThrow("there are 1");
  expect(() => facesInMemory(["a"], [], new Uint8Array(FACE_BYTES))).toThrow(
    "1 names, 0 identities and 1 faces",
  );
});
