/** 200 files that a stranger may send as a photo: each ends in an answer or a clear error, soon, and in little memory. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DataError, InputError } from "../src/base/errors/index.ts";
import { openFileTree } from "../src/base/files/index.ts";
import { createRng } from "../src/base/random/index.ts";
import type { FaceLocator } from "../src/faces/locate/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { openRecognizer, type Recognizer } from "../src/people/recognizer/index.ts";
import { tarOf, tgzOf, zipOf } from "./support/archives.ts";
import { newFolder, tinyModel } from "./support/miniature.ts";

/** Of processor time, which other programs on the machine do not change. */
const MOST_SECONDS = 2;
const MOST_MEGABYTES = 500;

const [{ image, landmarks }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 9 });
const locator: FaceLocator = {
  name: "told",
  locate: async () => [{ box: { x: 10, y: 10, width: 80, height: 80 }, score: 0.9, landmarks }],
  release: async () => {},
};
const FORMATS = ["jpeg", "png", "webp", "tiff", "gif", "avif"] as const;
const rng = createRng(11);

let recognizer: Recognizer;
let photos: Map<string, Uint8Array>;
beforeAll(async () => {
  const { model } = await tinyModel();
  recognizer = await openRecognizer({ model, locator, threads: 1 });
  const png = await encodePng(image);
  const encoded = FORMATS.map(
    async (format) => [format, await sharp(png).toFormat(format).toBuffer()] as const,
  );
  photos = new Map(await Promise.all(encoded));
});
afterAll(() => recognizer.release());

/** What became of a file: "answer", a reason of refusal, or the message of its error. */
async function outcomeOf(name: string, work: () => Promise<unknown>): Promise<string> {
  const before = process.cpuUsage();
  let outcome: string;
  try {
    outcome = JSON.stringify(await work()).slice(0, 20);
  } catch (error) {
    if (!(error instanceof DataError || error instanceof InputError)) throw new Error(name, { cause: error });
    outcome = error.message;
    expect(outcome).toContain(name); // whoever sent many must know which
    expect(outcome).not.toMatch(/\n\s+at |node_modules/);
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6, name).toBeLessThan(MOST_SECONDS);
  expect(process.memoryUsage().rss / 1e6, name).toBeLessThan(MOST_MEGABYTES + restMegabytes);
  return outcome;
}
let restMegabytes = 0;
const asPhoto = (name: string, bytes: Uint8Array) =>
  outcomeOf(name, () => recognizer.represent({ photo: bytes, name }));

const chunk = (type: string, data: Uint8Array) => {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  out.set(data, 8);
  return out; // its checksum is not looked at before its sizes are
};

/** A PNG that says it has these sides. */
function pngOf(width: number, height: number, parts: readonly Uint8Array[] = []): Uint8Array {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const data = chunk("IDAT", deflateSync(Buffer.alloc(10_000)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), ...parts, data]);
}

/** The picture of a format with the bytes at `at` replaced: where each format says how large it is. */
function withSize(format: string, at: number, bytes: readonly number[]): Uint8Array {
  const file = Uint8Array.from(photos.get(format)!);
  file.set(bytes, at);
  return file;
}

function bombs(): Uint8Array[] {
  const jpeg = photos.get("jpeg")!;
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && (jpeg[i + 1] === 0xc0 || jpeg[i + 1] === 0xc2));
  const huge = deflateSync(Buffer.alloc(60_000_000)); // 60 kB that become 60 MB
  return [
    ...[60_000, 100_000, 2 ** 31 - 1].flatMap((side) => [pngOf(side, side), pngOf(side, 1), pngOf(1, side)]),
    withSize("gif", 6, [255, 255, 255, 255]),
    withSize("jpeg", frame + 5, [255, 255, 255, 255]),
    withSize("webp", 26, [255, 63, 255, 63]),
    withSize("tiff", 4, [255, 255, 255, 127]),
    pngOf(20_000, 20_000, [chunk("iCCP", Buffer.concat([Buffer.from("profile\0\0", "latin1"), huge]))]),
    pngOf(50, 50, [chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0", "latin1"), huge]))]),
    gzipSync(Buffer.alloc(50_000_000)),
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="90000" height="90000"/>`),
    Buffer.from(
      `<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "${"x".repeat(1e4)}">]><svg>${"&a;".repeat(1e4)}</svg>`,
    ),
    new Uint8Array(20_000_001).fill(255),
  ];
}

test("200 files that are no sound photo end in an answer or a clear error, within 2 s each and bounded memory", {
  timeout: 300_000,
}, async () => {
  for (const [format, bytes] of photos) {
    expect(await asPhoto(format, bytes)).toContain('"ok":true'); // every format is answered while it is sound
  }
  restMegabytes = process.memoryUsage().rss / 1e6;
  let count = 0;
  const outcomes: Record<string, string[]> = {};
  const send = async (kind: string, bytes: Uint8Array) => {
    const outcome = await asPhoto(`${kind}-${++count}.jpg`, bytes);
    outcomes[kind] = [...(outcomes[kind] ?? []), outcome];
  };
  for (const bytes of photos.values()) {
    for (let round = 0; round < 6; round++)
      await send("truncated", bytes.subarray(0, rng.integer(bytes.length)));
    for (let round = 0; round < 13; round++) {
      const flipped = Uint8Array.from(bytes);
      for (let flip = 0; flip < 1 + rng.integer(10); flip++)
        flipped[rng.integer(bytes.length)] ^= 1 << rng.integer(8);
      await send("flipped", flipped);
    }
  }
  for (const bytes of bombs()) await send("bomb", bytes);

  const text = (content: string) => Buffer.from(content, "latin1");
  const disguised = [
    "",
    "\0",
    "\xff\xd8\xff",
    "\x89PNG\r\n\x1a\n",
    "GIF89a",
    "RIFF\0\0\0\0WEBP",
    "II*\0",
    "%PDF-1.7\n",
    "#!/bin/sh\nreboot",
    "<html><script>alert(1)</script></html>",
    "\x7fELF\x02\x01\x01",
    "MZ\x90\0",
    "{}",
    "BM6\0\0\0",
    "\0\0\0\x18ftypheic",
    "\0\0\0\x20ftypmp42isom",
    "\0asm\x01\0\0\0",
    "OggS",
    "id,name\n1,Ann",
    "\0".repeat(9000),
  ];
  for (const content of disguised) await send("disguised", text(content));
  await send(
    "disguised",
    Uint8Array.from({ length: 50_000 }, () => rng.integer(256)),
  );

  const slips = [
    zipOf([{ name: "../../evil.jpg", content: "x" }]),
    await tarOf([{ name: "/etc/evil.jpg", content: "x" }]),
  ];
  for (const [format, bytes] of photos) {
    for (const tail of [slips[0], text("<script>alert(1)</script>"), text("%PDF-1.7"), photos.get("png")!]) {
      await send("polyglot", Buffer.concat([bytes, tail]));
      if (format === "jpeg") await send("polyglot", Buffer.concat([tail, bytes]));
    }
  }
  for (const slip of slips) await send("archive", slip);

  const folder = join(await newFolder(), "inside");
  await mkdir(folder);
  const names = [
    "../evil.jpg",
    "a/../../evil.jpg",
    "/evil.jpg",
    "..\\evil.jpg",
    "C:\\evil.jpg",
    "a/\0.jpg",
    "./../evil.jpg",
  ];
  for (const name of names) {
    for (const [ending, make] of [
      ["zip", zipOf],
      ["tar", tarOf],
      ["tgz", tgzOf],
    ] as const) {
      const file = join(folder, `slip-${++count}.${ending}`);
      await writeFile(file, await make([{ name, content: photos.get("png")! }]));
      await outcomeOf(`slip-${count}`, async () => {
        const tree = await openFileTree(file);
        for (const { path } of tree.files) expect(path).not.toMatch(/(^|\/)\.\.(\/|$)|^\//);
        return tree.files.length;
      });
    }
  }
  expect((await readdir(join(folder, ".."))).sort()).toEqual(["inside"]); // nothing was written outside

  expect(count).toBeGreaterThanOrEqual(200);
  const answered = (kind: string) =>
    outcomes[kind].flatMap((outcome, i) => (outcome.includes('"ok":true') ? [i] : []));
  expect([...answered("disguised"), ...answered("archive")]).toEqual([]);
  expect(answered("bomb")).toEqual([9]); // a GIF is as large as its frames are, whatever its screen claims
  expect(outcomes.truncated.filter((outcome) => outcome.includes("ok")).length).toBeLessThan(6);
});
