import { expect, test } from "vitest";
import { createRng } from "../../../base/random/index.ts";
import type { Point } from "../../face/index.ts";
import type { Image } from "../../image/index.ts";
import { createPerson, createShot, type Person, renderFace, type Shot } from "../index.ts";

const GREY = [0.2, 0.2, 0.2] as const;

/** A plain portrait: even light, grey walls, sharp, no glasses, eyes open, mouth closed; changed by `changes`. */
function portrait(person: Person, changes: Partial<Shot> = {}): Shot {
  const shot = createShot(person, createRng(1));
  return {
    ...shot,
    yaw: 0,
    pitch: 0,
    roll: 0,
    light: { side: 0, height: 0.3, strength: 0.5, ambient: 0.5, colour: [1, 1, 1], rim: 0, exposure: 1 },
    expression: { smile: 0, open: 0, browRaise: 0, eyesOpen: 1, gaze: [0, 0] },
    eyewear: "none",
    makeup: 0,
    stubble: 0,
    blur: 0,
    noise: 0,
    background: { seed: 1, colours: [GREY, GREY, GREY], detail: 0 },
    cloth: { colour: GREY, neckline: 0.3 },
    ...changes,
  };
}

const poses = [
  {},
  { yaw: 0.4 },
  { yaw: -0.35, pitch: 0.15 },
  { roll: 0.2, pitch: -0.2 },
  { yaw: 0.2, roll: -0.15, shift: [0.04, -0.03], scale: 1.1 },
] as const satisfies Partial<Shot>[];

const fast = { smoothing: 1 } as const;

const people = Array.from({ length: 4 }, (_, k) => createPerson(createRng(100 + k)));

test("the eye landmarks are the middles of the irises in any pose", () => {
  for (const person of people) {
    const marked: Person = {
      ...person,
      eyes: { ...person.eyes, irisColour: [0, 2, 0] },
      hair: { ...person.hair, fringe: 0 },
    };
    for (const pose of poses) {
      const { image, landmarks } = renderFace(marked, portrait(marked, { ...pose, eyewear: "none" }), fast);
      for (const eye of landmarks.slice(0, 2)) {
        const centre = centroid(image, eye, 16, ([r, g, b]) => g > 60 && g > 1.5 * r && g > 1.5 * b);
        expect(distance(centre, eye), JSON.stringify({ pose, eye })).toBeLessThan(3); // of 250 pixels; irises are 8 wide
      }
    }
  }
});

test("the mouth landmarks are the two ends of the lips, smiling or not", () => {
  for (const person of people) {
    const marked: Person = {
      ...person,
      mouth: { ...person.mouth, colour: [0, 0, 1.5] },
      whiskers: { ...person.whiskers, style: "none" },
    };
    for (const smile of [0, 0.8]) {
      const expression = { smile, open: 0, browRaise: 0, eyesOpen: 1, gaze: [0, 0] } as const;
      const { image, landmarks } = renderFace(marked, portrait(marked, { expression, shift: [0, 0] }), fast);
      const [, , , left, right] = landmarks;
      const middle = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 };
      const lips = pixelsWhere(image, middle, 30, ([r, , b]) => b > r + 8);
      const xs = lips.map(({ x }) => x);
      expect(Math.abs(Math.min(...xs) - left.x)).toBeLessThan(4);
      expect(Math.abs(Math.max(...xs) - right.x)).toBeLessThan(4);
      const corner = lips.filter(({ x }) => x < Math.min(...xs) + 3);
      expect(Math.abs(corner.reduce((sum, { y }) => sum + y / corner.length, 0) - left.y)).toBeLessThan(4);
    }
  }
});

test("the nose tip runs ahead of the eyes when the head turns", () => {
  for (const person of people) {
    const offset = (yaw: number) => {
      const [left, right, nose] = renderFace(person, portrait(person, { yaw, shift: [0, 0] }), {
        size: 64,
      }).landmarks;
      return nose.x - (left.x + right.x) / 2;
    };
    expect(offset(0.4)).toBeGreaterThan(2);
    expect(offset(-0.4)).toBeLessThan(-2);
  }
});

test("glasses change the picture around the eyes and not at the chin", () => {
  for (const person of people) {
    const bare = renderFace(person, portrait(person), fast);
    const worn = renderFace(person, portrait(person, { eyewear: "glasses" }), fast);
    const [left, right, , mouthLeft, mouthRight] = bare.landmarks;
    expect(worn.landmarks).toEqual(bare.landmarks);
    for (const eye of [left, right]) expect(change(bare.image, worn.image, eye, 20)).toBeGreaterThan(2);
    const chin = { x: (mouthLeft.x + mouthRight.x) / 2, y: mouthLeft.y + 20 };
    expect(change(bare.image, worn.image, chin, 12)).toBe(0);
  }
});

test("a beard darkens a pale chin, a smile changes the mouth, closed lids hide the iris", () => {
  const pale = people.find(({ skin, sex }) => skin.melanin < 0.5 && sex === "male")!;
  const shaved: Person = { ...pale, whiskers: { ...pale.whiskers, style: "none", density: 0 } };
  const bearded: Person = {
    ...pale,
    whiskers: { ...pale.whiskers, style: "beard", density: 1 },
    hair: { ...pale.hair, colour: [0.01, 0.01, 0.01] },
  };
  const { image, landmarks } = renderFace(shaved, portrait(shaved), fast);
  const [leftEye, , , mouthLeft, mouthRight] = landmarks;
  const chin = { x: (mouthLeft.x + mouthRight.x) / 2, y: mouthLeft.y + 16 };
  expect(brightness(renderFace(bearded, portrait(bearded), fast).image, chin, 8)).toBeLessThan(
    0.6 * brightness(image, chin, 8),
  );
  const grin = portrait(shaved, {
    expression: { smile: 1, open: 0.5, browRaise: 0, eyesOpen: 0, gaze: [0, 0] },
  });
  const smiling = renderFace(shaved, grin, fast).image;
  expect(change(image, smiling, { x: chin.x, y: mouthLeft.y }, 14)).toBeGreaterThan(10);
  expect(change(image, smiling, leftEye, 8)).toBeGreaterThan(10);
});

test("impossible sizes are refused", () => {
  expect(() => renderFace(people[0], portrait(people[0]), { size: 31.5 })).toThrow("got 31.5");
  expect(() => renderFace(people[0], portrait(people[0]), { smoothing: Number.NaN })).toThrow("got NaN");
});

type Rgb = readonly [number, number, number];

/** Centres of the pixels within `reach` of `around` whose colour passes `test`. */
function pixelsWhere(image: Image, around: Point, reach: number, test: (colour: Rgb) => boolean): Point[] {
  const found: Point[] = [];
  for (let y = Math.max(0, Math.floor(around.y - reach)); y < Math.min(image.height, around.y + reach); y++) {
    for (
      let x = Math.max(0, Math.floor(around.x - reach));
      x < Math.min(image.width, around.x + reach);
      x++
    ) {
      const k = (y * image.width + x) * 3;
      if (test([image.pixels[k], image.pixels[k + 1], image.pixels[k + 2]]))
        found.push({ x: x + 0.5, y: y + 0.5 });
    }
  }
  return found;
}

function centroid(image: Image, around: Point, reach: number, test: (colour: Rgb) => boolean): Point {
  const found = pixelsWhere(image, around, reach, test);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { x: mean(found.map(({ x }) => x)), y: mean(found.map(({ y }) => y)) };
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

function brightness(image: Image, around: Point, reach: number): number {
  let sum = 0;
  const count = pixelsWhere(image, around, reach, ([r, g, b]) => {
    sum += r + g + b;
    return true;
  }).length;
  return sum / count / 3;
}

/** Mean absolute difference of two pictures around a point, in display values. */
function change(a: Image, b: Image, around: Point, reach: number): number {
  const difference = { ...a, pixels: a.pixels.map((value, k) => Math.abs(value - b.pixels[k])) };
  return brightness(difference, around, reach);
}
