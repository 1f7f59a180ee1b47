import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyModel } from "../../../test/support/miniature.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { alignFace } from "../../faces/face/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import type { Photo } from "../answers/index.ts";
import { openRecognizer, type Recognizer } from "./index.ts";

const [{ image, landmarks }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 9 });
const crop = alignFace(image, landmarks);

let recognizer: Recognizer;
let folder: string;
let path: string;
let bytes: Buffer;
beforeAll(async () => {
  const { model } = await tinyModel();
  recognizer = await openRecognizer({ model, locator: null, threads: 1 });
  folder = await mkdtemp(join(tmpdir(), "photo-"));
  path = join(folder, "a face.png");
  bytes = Buffer.from(await encodePng(crop));
  await writeFile(path, bytes);
});
afterAll(() => recognizer.release());

test("a path, a URL, bytes, blobs and pixels give the same answer", async () => {
  const shared = new Uint8Array(bytes); // an ArrayBuffer of its own, unlike that of a small Buffer
  const ways: readonly Photo[] = [
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    bytes,
    shared,
    shared.buffer,
    new Blob([shared]),
    new File([shared], "a face.png"),
    crop,
  ];
  const answers = await Promise.all(ways.map((photo) => recognizer.represent(photo)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).toMatchObject({ ok: true, face: { source: "aligned" } });
  const { faces, passedOver } = await recognizer.facesOn(pathToFileURL(path).href);
  expect({ found: faces.length, passedOver }).toEqual({ found: 1, passedOver: [] });
});

describe("what is no photo is refused by name, with what was needed:", () => {
  const failureOf = (photo: unknown) => recognizer.represent(photo as Photo).catch((error: Error) => error);
  test.each([
    ["nothing", undefined, /^the picture: a photo is a path, .*; got undefined$/],
    ["a number", 7, /got 7$/],
    ["an object", { bytes: 1 }, /got an object with bytes$/],
    ["an address", "https://example.org/a.jpg", /^https:\/\/example.org\/a.jpg: nothing is fetched/],
    ["an address as a URL", new URL("https://example.org/a.jpg"), /nothing is fetched from https:/],
    ["a file of another machine", "file://there/a.jpg", /^file:\/\/there\/a.jpg: File URL host must be/],
    ["a path that leads nowhere", "no/such.jpg", /^no\/such.jpg: there is no such file \(looked for \//],
    [
      "too few pixels",
      { width: 88, height: 104, pixels: new Uint8Array(5) },
      /^the picture: a picture of 88 x 104 RGB pixels needs 27456 bytes, got 5/,
    ],
  ])("%s", async (_, photo, message) => {
    const error = await failureOf(photo);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  test("a file that is no picture, and a folder", async () => {
    const text = join(folder, "text.jpg");
    await writeFile(text, "hello");
    for (const [photo, message] of [
      [text, /text.jpg: not a picture: needed JPEG/],
      [folder, /needed a file, got a folder/],
      [new File(["hello"], "hello.png"), /^hello.png: not a picture/],
    ] as const) {
      const error = await failureOf(photo);
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toMatch(message);
    }
  });
});

test("without options the model of the package answers, and a model that is not there is refused by the names that are", async () => {
  await using faces = await openRecognizer();
  expect(faces.about).toMatchObject({ model: "whole-face-taught", nets: ["whole-face"] });
  expect(await faces.represent(path)).toMatchObject({ ok: true });
  await expect(openRecognizer({ model: "hole-face" })).rejects.toThrow(
    /^hole-face: there is no such model here; needed .*whole-face\b.*, or the folder of/,
  );
});
