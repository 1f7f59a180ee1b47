import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { tinyModel } from "../../../test/support/miniature.ts";
import { openPeople } from "../../faces/data/index.ts";
import type { FaceLocator, LocatedFace } from "../../faces/locate/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import { openRecognizer } from "./index.ts";

const drawn = [...createPopulation({ people: 3, picturesPerPerson: 2, seed: 9 })];
const size = drawn[0].image.pixels.length;

/** A detector that knows the drawn pictures, and finds nothing in others. */
const locator: FaceLocator = {
  name: "told",
  async locate({ pixels }): Promise<LocatedFace[]> {
    const known = drawn.find(({ image }) => Buffer.compare(image.pixels, pixels) === 0);
    const box = { x: 10, y: 10, width: 80, height: 80 };
    return known ? [{ box, score: 0.9, landmarks: known.landmarks }] : [];
  },
  release: async () => {},
};

let model: string;
beforeAll(async () => {
  ({ model } = await tinyModel());
});
const open = () => openRecognizer({ model, locator, gallery: "memory:", threads: 1 });

/** Six good pictures of three people, person/photo.png. */
async function people(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "people-"));
  for (const { identity, index, image } of drawn) {
    await mkdir(join(folder, `P${identity}`), { recursive: true });
    await writeFile(join(folder, `P${identity}`, `${index}.png`), await encodePng(image));
  }
  return folder;
}

describe("registerFolder", () => {
  test("finds, aligns and registers every picture under its person, once", async () => {
    await using faces = await open();
    const folder = await people();
    const progress: string[] = [];
    const first = await faces.registerFolder(folder, {
      onProgress: (done, total) => progress.push(`${done}/${total}`),
    });
    expect(first).toEqual({ added: 6, known: 0, passedOver: [], place: "memory:", people: 3, faces: 6 });
    expect(progress).toEqual(["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]);
    expect(await faces.registerFolder(folder)).toMatchObject({ added: 0, known: 6, faces: 6 });
    const kept = await faces.gallery!.faces("P1");
    expect(kept.map(({ fields }) => fields.picture)).toEqual(["P1/0", "P1/1"]);
  });

  test("goes on past what is no picture, broken, empty, not there or without a face, and names each", async () => {
    await using faces = await open();
    const folder = await people();
    const bad = {
      "P0/broken.png": (await encodePng(drawn[0].image)).subarray(0, size / 20),
      "P0/empty.jpg": "",
      "P1/text.jpg": "hello",
      "P1/notes.txt": "a list",
      "P2/phone.heic": "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
      "P2/0.heic": "\0\0\0\x18ftypheic\0\0\0\0mif1heic",
      "P2/Thumbs.db": "left behind by a system",
      "P2/grey.png": await encodePng({ width: 9, height: 9, pixels: new Uint8Array(243) }),
      "stray.png": await encodePng(drawn[0].image),
    };
    for (const [name, content] of Object.entries(bad)) await writeFile(join(folder, name), content);
    await symlink(join(folder, "nowhere"), join(folder, "P1", "gone.png"));
    const done = await faces.registerFolder(folder);
    expect(done).toMatchObject({ added: 6, people: 3, faces: 6 });
    const reasons = done.passedOver.map(({ reason }) => reason).sort();
    for (const pattern of [
      /P0\/broken.png: not a readable PNG/,
      /P0\/empty.jpg: the file is empty/,
      /P1\/gone.png: cannot be read/,
      /P1\/notes.txt: not a picture, by its name/,
      /P1\/text.jpg: not a picture: needed JPEG/,
      /P2\/0.heic: P2\/0.png has the same name, and is taken/,
      /P2\/grey.png: no face was found/,
      /P2\/phone.heic: HEIC pictures cannot be read/,
      /stray.png: lies in no person's folder/,
    ]) {
      expect(reasons).toContainEqual(expect.stringMatching(pattern));
    }
    expect(reasons.length).toBe(9);
  });

  test("extract gives features of the same pictures, in the order of their names, and names the rest", async () => {
    await using faces = await open();
    const folder = await people();
    await writeFile(join(folder, "P1", "empty.jpg"), "");
    const set = await faces.extract(folder);
    expect(set.names).toEqual(["P0/0", "P0/1", "P1/0", "P1/1", "P2/0", "P2/1"]);
    expect(set.identities).toEqual(["P0", "P0", "P1", "P1", "P2", "P2"]);
    expect(set.passedOver).toMatchObject([{ reason: "P1/empty.jpg: the file is empty" }]);
    expect(await faces.represent(join(folder, "P1", "1.png"))).toMatchObject({
      features: [...rowOf(set, 3)],
    });
  });

  test("resumes where it was stopped", async () => {
    await using faces = await open();
    const folder = await people();
    const stop = new AbortController();
    const stopped = faces.registerPictures(
      await openPeople({ images: folder, finder: undefined, aligned: true }),
      {
        onProgress: (done) => done === 3 && stop.abort(new Error("enough")),
        signal: stop.signal,
      },
    );
    await expect(stopped).rejects.toThrow("enough");
    expect(await faces.registerFolder(folder, { aligned: true })).toMatchObject({ faces: 6, people: 3 });
  });
});
