import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import type { Image } from "../image/index.ts";
import { decodeImage, encodePng, pictureSize } from "./index.ts";

/** A picture of 4 x 2 whose pixel values are all different. */
const small: Image = { width: 4, height: 2, pixels: Uint8Array.from({ length: 24 }, (_, i) => 10 * i) };

/** Noise, which fills a file, so that half of the file is half of the picture. */
const rng = createRng(1);
const noise: Image = {
  width: 120,
  height: 90,
  pixels: Uint8Array.from({ length: 120 * 90 * 3 }, () => rng.integer(256)),
};

const raw = ({ width, height, pixels }: Image) => sharp(pixels, { raw: { width, height, channels: 3 } });
const flat = (colour: string | { r: number; g: number; b: number; alpha: number }, channels: 3 | 4 = 3) =>
  sharp({ create: { width: 5, height: 3, channels, background: colour } });

/** The colours of a picture, one list a pixel, without repeats. */
const coloursOf = ({ pixels }: Image) => [
  ...new Set(Array.from({ length: pixels.length / 3 }, (_, i) => pixels.subarray(3 * i, 3 * i + 3).join())),
];

test("a PNG comes back as it was encoded", async () => {
  expect(await decodeImage(await encodePng(small), "small.png")).toEqual(small);
});

test("JPEG, WebP, AVIF, TIFF and GIF are read", async () => {
  const grey = flat("rgb(100, 100, 100)");
  for (const bytes of await Promise.all([
    grey.clone().jpeg().toBuffer(),
    grey.clone().webp({ lossless: true }).toBuffer(),
    grey.clone().avif({ lossless: true }).toBuffer(),
    grey.clone().tiff().toBuffer(),
    grey.clone().gif().toBuffer(),
  ])) {
    const image = await decodeImage(bytes, "grey");
    expect([image.width, image.height, coloursOf(image)]).toEqual([5, 3, ["100,100,100"]]);
  }
});

test("grey, 16-bit and transparent pictures become 8-bit RGB, transparency on white", async () => {
  const grey = await flat("rgb(100, 100, 100)").toColourspace("b-w").png().toBuffer();
  expect(coloursOf(await decodeImage(grey, "grey"))).toEqual(["100,100,100"]);
  const deep = await flat("rgb(100, 150, 200)").toColourspace("rgb16").png().toBuffer();
  expect((await sharp(deep).metadata()).depth).toBe("ushort");
  expect(coloursOf(await decodeImage(deep, "deep"))).toEqual(["100,150,200"]);
  const clear = await flat({ r: 0, g: 0, b: 0, alpha: 0 }, 4).png().toBuffer();
  expect(coloursOf(await decodeImage(clear, "clear"))).toEqual(["255,255,255"]);
});

test("CMYK becomes RGB", async () => {
  const cmyk = await flat("rgb(250, 250, 250)").toColourspace("cmyk").jpeg().toBuffer();
  expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
  for (const value of (await decodeImage(cmyk, "cmyk")).pixels) expect(value).toBeGreaterThan(235);
});

test("EXIF rotation is applied", async () => {
  const turned = await raw(small).withMetadata({ orientation: 6 }).png().toBuffer(); // to be turned clockwise
  const image = await decodeImage(turned, "turned");
  expect([image.width, image.height]).toEqual([2, 4]);
  expect([...image.pixels.subarray(0, 3)]).toEqual([120, 130, 140]); // the lower left pixel is now the first
  expect(await pictureSize(turned)).toEqual({ width: 2, height: 4 });
  expect(await pictureSize(Buffer.from("no picture"))).toBeUndefined();
});

test("of an animation the first frame is taken", async () => {
  const frames = await sharp([await flat("red").png().toBuffer(), await flat("blue").png().toBuffer()], {
    join: { animated: true },
  })
    .gif()
    .toBuffer();
  expect((await sharp(frames).metadata()).pages).toBe(2);
  const image = await decodeImage(frames, "frames");
  expect([image.height, coloursOf(image)]).toEqual([3, ["255,0,0"]]);
});

test.each(["jpeg", "png", "webp", "tiff", "gif"] as const)(
  "half of a %s file is refused by name",
  async (format) => {
    const bytes = await raw(noise).toFormat(format).toBuffer();
    await decodeImage(bytes, "whole");
    const half = decodeImage(bytes.subarray(0, bytes.length / 2), "people/half");
    await expect(half).rejects.toThrow(DataError);
    await expect(half).rejects.toThrow(/^people\/half: not a readable /);
  },
);

test("a picture of more pixels than allowed is refused", async () => {
  const bytes = await encodePng(small);
  await expect(decodeImage(bytes, "large", { maxPixels: 7 })).rejects.toThrow(
    /large: .*pixel limit.*7 pixels/,
  );
  await decodeImage(bytes, "large", { maxPixels: 8 });
});

test("a file of more bytes than allowed is refused unread", async () => {
  const bytes = await encodePng(small);
  const refused = decodeImage(bytes, "large", { maxBytes: bytes.length - 1 });
  await expect(refused).rejects.toThrow(`large: ${bytes.length} bytes, more than the ${bytes.length - 1}`);
  await decodeImage(bytes, "large", { maxBytes: bytes.length });
});

test("what is no picture is refused with what it is", async () => {
  const refused = async (content: string, reason: RegExp) => {
    const error = await decodeImage(Buffer.from(content, "latin1"), "x").catch((e) => e);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(reason);
  };
  await refused("", /x: the file is empty/);
  await refused("hello", /x: not a picture: needed JPEG.* got 5 bytes/);
  await refused("\0\0\0\x18ftypheic\0\0\0\0mif1heic", /HEIC/);
  await refused('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', /SVG/);
});

test("a JPEG that was cut off is refused, if only the mark at its end is missing, too", async () => {
  const read = (name: string) =>
    readFile(fileURLToPath(new URL(`../../../test/cases/jpeg/${name}.jpg`, import.meta.url)));
  await expect(decodeImage(await read("whole"), "whole.jpg")).resolves.toMatchObject({ width: 128 });
  for (const name of ["half", "no-end-marker"]) {
    await expect(decodeImage(await read(name), `${name}.jpg`)).rejects.toThrow(
      `${name}.jpg: not a readable JPEG picture: VipsJpeg: premature end`,
    );
  }
});

/** A grey TIFF of 2 x 2 values of `bits` bits; `format` 1: whole numbers, 2: signed, 3: floating. */
function tiffOf(bits: 8 | 16 | 32, format: 1 | 2 | 3): Buffer {
  const tags = [
    [256, 3, 1, 2], // width
    [257, 3, 1, 2], // height
    [258, 3, 1, bits],
    [259, 3, 1, 1], // not compressed
    [262, 3, 1, 1], // 0 is black
    [273, 4, 1, 8], // where the values begin
    [277, 3, 1, 1], // one a pixel
    [278, 3, 1, 2], // rows
    [279, 4, 1, (4 * bits) / 8],
    [339, 3, 1, format],
  ];
  const values = Buffer.alloc((4 * bits) / 8, 7);
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length, 0);
  for (const [i, [tag, type, count, value]] of tags.entries()) {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(type, 4 + 12 * i);
    directory.writeUInt32LE(count, 6 + 12 * i);
    directory.writeUInt32LE(value, 10 + 12 * i);
  }
  const head = Buffer.from("II*\0\0\0\0\0", "latin1");
  head.writeUInt32LE(8 + values.length, 4);
  return Buffer.concat([head, values, directory]);
}

test("a TIFF of 8 or 16 bits is read, one of other values is refused rather than guessed", async () => {
  for (const bits of [8, 16] as const) {
    const { pixels } = await decodeImage(tiffOf(bits, 1), "t.tif");
    expect([...pixels]).toEqual(new Array(12).fill(7));
  }
  for (const [bits, format, kind] of [
    [32, 3, "float"],
    [32, 1, "uint"],
    [32, 2, "int"],
  ] as const) {
    await expect(decodeImage(tiffOf(bits, format), "t.tif")).rejects.toThrow(
      `t.tif: not a readable TIFF picture: its values are of the kind ${kind}`,
    );
  }
});
