import fc from "fast-check";
import { expect, test } from "vitest";
import { applyTo, mirror, type Similarity, warp } from "../image/index.ts";
import {
  alignFace,
  CELEBA_FRAME,
  type Landmarks,
  mapLandmarks,
  mirrorLandmarks,
  type Point,
  similarityFrom,
  TEMPLATE,
} from "./index.ts";

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 2, maxLength: 9 });
const transforms: fc.Arbitrary<Similarity> = fc
  .record({
    scale: fc.double({ min: 0.01, max: 100, noNaN: true }),
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    shiftX: coordinate,
    shiftY: coordinate,
  })
  .map(({ scale, angle, ...shift }) => ({
    a: scale * Math.cos(angle),
    b: scale * Math.sin(angle),
    ...shift,
  }));

const squaredError = (transform: Similarity, from: readonly Point[], to: readonly Point[]) =>
  from.reduce((sum, point, i) => {
    const { x, y } = applyTo(point, transform);
    return sum + (x - to[i].x) ** 2 + (y - to[i].y) ** 2;
  }, 0);

test("the template lies where CelebA's landmarks fall in the crop of 88 x 104", () => {
  const rounded = TEMPLATE.landmarks.map(({ x, y }) => [Math.round(10 * x) / 10, Math.round(10 * y) / 10]);
  expect(rounded).toEqual([
    [31.3, 42.3],
    [56.6, 42.3],
    [44.0, 57.9],
    [32.7, 68.9],
    [54.9, 68.8],
  ]);
});

test("similarityFrom recovers a transform exactly from points and where it takes them", () => {
  fc.assert(
    fc.property(points, transforms, (from, transform) => {
      const extent = Math.max(...from.map((p) => Math.hypot(p.x - from[0].x, p.y - from[0].y)));
      fc.pre(extent > 1);
      const found = similarityFrom(
        from,
        from.map((point) => applyTo(point, transform)),
      );
      const scale = Math.hypot(transform.a, transform.b);
      expect(Math.hypot(found.a - transform.a, found.b - transform.b) / scale).toBeLessThan(1e-8);
      for (const point of from) {
        const [is, should] = [applyTo(point, found), applyTo(point, transform)];
        expect(Math.hypot(is.x - should.x, is.y - should.y)).toBeLessThan(1e-6 * (1 + scale));
      }
    }),
  );
});

test("similarityFrom fits inexact points better than its neighbours do", () => {
  fc.assert(
    fc.property(points, fc.infiniteStream(coordinate), transforms, (from, stream, nudge) => {
      const extent = Math.max(...from.map((p) => Math.hypot(p.x - from[0].x, p.y - from[0].y)));
      fc.pre(extent > 1);
      const to = from.map(() => ({ x: stream.next().value as number, y: stream.next().value as number }));
      const best = similarityFrom(from, to);
      const other = {
        a: best.a + nudge.a / 1000,
        b: best.b + nudge.b / 1000,
        shiftX: best.shiftX + nudge.shiftX / 100,
        shiftY: best.shiftY + nudge.shiftY / 100,
      };
      const error = squaredError(best, from, to);
      expect(squaredError(other, from, to)).toBeGreaterThanOrEqual(error * (1 - 1e-9));
    }),
  );
});

test("similarityFrom never reflects: a mirrored square is fitted by no turn, only by a smaller square", () => {
  const square = [
    { x: 0, y: 0 },
    { x: 2, y: 0 },
    { x: 2, y: 2 },
    { x: 0, y: 1 },
  ];
  const { a, b } = similarityFrom(
    square,
    square.map(({ x, y }) => ({ x: -x, y })),
  );
  expect(Math.hypot(a, b)).toBeLessThan(0.5);
});

test("similarityFrom refuses too few points, unequal lists, one place and NaN", () => {
  const here = { x: 1, y: 2 };
  expect(() => similarityFrom([here], [here])).toThrow("got 1 and 1 points");
  expect(() => similarityFrom([here, { x: 3, y: 4 }], [here])).toThrow("got 2 and 1 points");
  expect(() => similarityFrom([here, here], [here, { x: 0, y: 0 }])).toThrow("all lie in one place");
  expect(() => similarityFrom([here, { x: Number.NaN, y: 0 }], [here, { x: 0, y: 0 }])).toThrow("finite");
});

/** A black photo with a white disc at each landmark. */
function photoOf(landmarks: Landmarks, width: number, height: number, radius: number) {
  const pixels = new Uint8Array(width * height * 3);
  for (const { x, y } of landmarks) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const cover = Math.min(1, radius + 0.5 - Math.hypot(column + 0.5 - x, row + 0.5 - y)); // a soft edge
        if (cover > 0) pixels.fill(255 * cover, (row * width + column) * 3, (row * width + column + 1) * 3);
      }
    }
  }
  return { width, height, pixels };
}

/** Centre of the brightness within 6 pixels of `near`. */
function brightCentre({ width, pixels }: { width: number; pixels: Uint8Array }, near: Point): Point {
  let [x, y, sum] = [0, 0, 0];
  for (let i = 0; i < pixels.length / 3; i++) {
    const [column, row] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    if (Math.hypot(column - near.x, row - near.y) > 6) continue;
    x += pixels[3 * i] * column;
    y += pixels[3 * i] * row;
    sum += pixels[3 * i];
  }
  return { x: x / sum, y: y / sum };
}

test("alignFace brings the landmarks of any photo onto the template", () => {
  for (const [angle, scale] of [
    [0, 1],
    [0.4, 2.7],
    [-0.7, 1.4],
  ]) {
    const place = { a: scale * Math.cos(angle), b: scale * Math.sin(angle), shiftX: 60, shiftY: 70 };
    const landmarks = mapLandmarks(TEMPLATE.landmarks, (point) => applyTo(point, place));
    const face = alignFace(photoOf(landmarks, 340, 380, 3 * scale), landmarks);
    expect([face.width, face.height]).toEqual([88, 104]);
    for (const target of TEMPLATE.landmarks) {
      const { x, y } = brightCentre(face, target);
      expect(Math.hypot(x - target.x, y - target.y)).toBeLessThan(0.1);
    }
  }
});

test("CelebA's own frame is aligned by a scale and a shift alone", () => {
  const { a, b, shiftX } = similarityFrom(CELEBA_FRAME.landmarks, TEMPLATE.landmarks);
  expect(a).toBeCloseTo(88 / 136, 12);
  expect(b).toBeCloseTo(0, 12);
  expect(shiftX).toBeCloseTo((-21 * 88) / 136, 10);
});

test("mirrored landmarks are the landmarks of the mirrored photo", () => {
  const landmarks: Landmarks = [
    { x: 10, y: 11 },
    { x: 30, y: 13 },
    { x: 22, y: 24 },
    { x: 12, y: 34 },
    { x: 29, y: 36 },
  ];
  expect(mirrorLandmarks(mirrorLandmarks(landmarks, 41), 41)).toEqual(landmarks);
  expect(mirrorLandmarks(landmarks, 41)[0]).toEqual({ x: 11, y: 13 }); // the right eye is now the left one
  const photo = photoOf(landmarks, 41, 50, 2);
  const mirrored = photoOf(mirrorLandmarks(landmarks, 41), 41, 50, 2);
  expect(mirror(photo)).toEqual(mirrored);
  // The template is nearly but not quite symmetric, so this is no exact mirror image.
  const face = alignFace(mirrored, mirrorLandmarks(landmarks, 41));
  expect(brightCentre(face, TEMPLATE.landmarks[2]).y).toBeCloseTo(
    brightCentre(alignFace(photo, landmarks), TEMPLATE.landmarks[2]).y,
    0,
  );
  expect(warp(photo, { a: 1, b: 0, shiftX: 0, shiftY: 0 }, photo)).toEqual(photo);
});
