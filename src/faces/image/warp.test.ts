import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addBilinear,
  applyTo,
  createImage,
  type Image,
  invert,
  mirror,
  type Similarity,
  warp,
} from "./index.ts";

const IDENTITY: Similarity = { a: 1, b: 0, shiftX: 0, shiftY: 0 };

/** A picture of random bytes. */
const pictures = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((pixels) => createImage(width, height, pixels)),
  );

const similarities = fc
  .record({
    scale: fc.double({ min: 0.05, max: 4, noNaN: true }),
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    shiftX: fc.double({ min: -50, max: 50, noNaN: true }),
    shiftY: fc.double({ min: -50, max: 50, noNaN: true }),
  })
  .map(({ scale, angle, shiftX, shiftY }) => ({
    a: scale * Math.cos(angle),
    b: scale * Math.sin(angle),
    shiftX,
    shiftY,
  }));

const red = ({ width, pixels }: Image, x: number, y: number) => pixels[(y * width + x) * 3];

/** Red grows by 2 a column, green by 2 a row. */
function gradient(width: number, height: number): Image {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    return channel === 0 ? 2 * (pixel % width) : channel === 1 ? 2 * Math.floor(pixel / width) : 7;
  });
  return { width, height, pixels };
}

test("the identity changes nothing", () => {
  fc.assert(
    fc.property(pictures, (image) => {
      expect(warp(image, IDENTITY, image)).toEqual(image);
    }),
  );
});

test("a shift by whole pixels moves pixels exactly and repeats the edge", () => {
  const image = gradient(5, 4);
  const shifted = warp(image, { ...IDENTITY, shiftX: 2, shiftY: 1 }, image);
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 5; x++) {
      expect(red(shifted, x, y)).toBe(red(image, Math.max(0, x - 2), Math.max(0, y - 1)));
    }
  }
});

test("a quarter turn moves pixels exactly", () => {
  const image = gradient(4, 4);
  // (x, y) goes to (4 - y, x): clockwise, as y points down.
  const turned = warp(image, { a: 0, b: 1, shiftX: 4, shiftY: 0 }, image);
  for (let y = 0; y < 4; y++)
    for (let x = 0; x < 4; x++) expect(red(turned, 3 - y, x)).toBe(red(image, x, y));
});

test("every pixel is the mean of look-ups on a grid, one at least for each pixel of the picture that it covers", () => {
  fc.assert(
    fc.property(pictures, similarities, (picture, transform) => {
      const [size, back] = [{ width: 5, height: 4 }, invert(transform)];
      const grid = Math.min(64, Math.max(1, Math.ceil(Math.hypot(back.a, back.b) - 1e-6)));
      const drawn = warp(picture, transform, size);
      for (let at = 0; at < size.width * size.height; at++) {
        const sum = new Float64Array(3);
        for (let look = 0; look < grid * grid; look++) {
          const x = (at % size.width) + ((look % grid) + 0.5) / grid;
          const y = Math.floor(at / size.width) + (Math.floor(look / grid) + 0.5) / grid;
          const from = applyTo({ x, y }, back);
          addBilinear(picture, 3, from.x, from.y, sum);
        }
        const means = Array.from(sum, (value) => Math.round(value / grid ** 2));
        expect([...drawn.pixels.subarray(3 * at, 3 * at + 3)]).toEqual(means);
      }
    }),
  );
});

test("a picture of one colour keeps it under any transform", () => {
  fc.assert(
    fc.property(similarities, fc.uint8Array({ minLength: 3, maxLength: 3 }), (transform, colour) => {
      const image = createImage(
        6,
        5,
        Uint8Array.from({ length: 90 }, (_, i) => colour[i % 3]),
      );
      const warped = warp(image, transform, { width: 3, height: 2 });
      expect([...warped.pixels]).toEqual(Array.from({ length: 18 }, (_, i) => colour[i % 3]));
    }),
    { numRuns: 50 },
  );
});

test("shrinking a linear gradient samples it at the pixels' centres", () => {
  const image = gradient(40, 40);
  const scale = 1 / 3.7;
  const small = warp(image, { a: scale, b: 0, shiftX: 0, shiftY: 0 }, { width: 10, height: 10 });
  for (let x = 1; x < 9; x++) {
    // The value at a point is 2 (x - 1/2), for column x has its centre at x + 1/2.
    expect(Math.abs(red(small, x, 5) - 2 * ((x + 0.5) / scale - 0.5))).toBeLessThanOrEqual(0.51); // rounding
  }
});

test("shrinking averages: a fine checkerboard becomes even grey", () => {
  const side = 64;
  const pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return ((pixel % side) + Math.floor(pixel / side)) % 2 === 0 ? 255 : 0;
  });
  const small = warp(createImage(side, side, pixels), { ...IDENTITY, a: 1 / 8 }, { width: 8, height: 8 });
  for (const value of small.pixels) expect(Math.abs(value - 127.5)).toBeLessThan(3);
});

test("invert undoes a transform", () => {
  fc.assert(
    fc.property(similarities, fc.double({ min: -99, max: 99, noNaN: true }), (transform, x) => {
      const back = applyTo(applyTo({ x, y: 3 }, transform), invert(transform));
      expect(back.x).toBeCloseTo(x, 8);
      expect(back.y).toBeCloseTo(3, 8);
    }),
  );
});

test("a transform without scale and an empty canvas are refused", () => {
  const image = gradient(2, 2);
  expect(() => warp(image, { ...IDENTITY, a: 0 }, image)).toThrow("got 0");
  expect(() => warp(image, { ...IDENTITY, a: Number.NaN }, image)).toThrow("got NaN");
  expect(() => warp(image, IDENTITY, { width: 0, height: 2 })).toThrow("got 0 x 2");
});

test("mirrored twice is the picture, mirrored once has its columns reversed", () => {
  fc.assert(
    fc.property(pictures, (image) => {
      const mirrored = mirror(image);
      expect(mirror(mirrored)).toEqual(image);
      expect(red(mirrored, 0, 0)).toBe(red(image, image.width - 1, 0));
    }),
  );
});

test("createImage refuses pixels that do not fill the picture", () => {
  expect(() => createImage(2, 2, new Uint8Array(11))).toThrow("needs 12 bytes, got 11");
  expect(() => createImage(1.5, 2, new Uint8Array(9))).toThrow("1.5 x 2");
});

test("so many look-ups as are asked for, in place of one for each pixel, and 64 a side at most", () => {
  const stripes = createImage(
    512,
    512,
    Uint8Array.from({ length: 512 * 512 * 3 }, (_, i) => (i * i) % 251),
  );
  const quarter = { ...IDENTITY, a: 1 / 4 };
  const drawn = (looks?: number) => warp(stripes, quarter, { width: 9, height: 5 }, looks);
  expect(drawn(4)).toEqual(drawn());
  expect(drawn(1)).not.toEqual(drawn());
  expect(drawn(65)).toEqual(drawn(64)); // a narrow photo's frame would ask for thousands
});
