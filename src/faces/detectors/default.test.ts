import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createSession } from "../../math/engine/index.ts";
import type { OpenSession, Session } from "../../math/session/index.ts";
import { applyTo, createImage, type Image, mirror, warp } from "../image/index.ts";
import { DETECTOR_FILES, LocateTimeout, openMeshLocator } from "../locate/index.ts";
import { createPopulation } from "../synthetic/index.ts";
import { DETECTOR_FOLDER, openDefaultLocator } from "./index.ts";

describe("the default detector", () => {
  const locator = openDefaultLocator();
  afterAll(() => locator.release());
  const [{ image: portrait, landmarks }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 9 });
  const apart = (a: { x: number; y: number }, b: { x: number; y: number }) =>
    Math.hypot(a.x - b.x, a.y - b.y);
  const eyes = apart(landmarks[0], landmarks[1]);

  test("finds a drawn face and its five points within a fifth of the distance of the eyes", async () => {
    const faces = await locator.locate(portrait);
    expect(faces.length).toBe(1);
    for (const [i, point] of landmarks.entries()) {
      expect(apart(faces[0].landmarks[i], point)).toBeLessThan(eyes / 5);
    }
    expect(faces[0].score).toBeGreaterThan(0.5);
  });

  test("finds it in the corner of a wide picture of ten times the size, in that picture's pixels", async () => {
    const wide = warp(portrait, { a: 6, b: 0, shiftX: 1700, shiftY: 0 }, { width: 2500, height: 900 });
    const [face] = await locator.locate(wide);
    for (const [i, { x, y }] of landmarks.entries()) {
      expect(apart(face.landmarks[i], { x: 6 * x + 1700, y: 6 * y })).toBeLessThan((6 * eyes) / 5);
    }
  });

  test("finds two faces, the larger one first", async () => {
    const { width, height } = portrait;
    const pair = new Uint8Array(3 * width * height * 3).fill(128);
    const draw = ({ width: w, height: h, pixels }: Image, left: number) => {
      for (let y = 0; y < h; y++) {
        pair.set(pixels.subarray(y * w * 3, (y + 1) * w * 3), (y * 3 * width + left) * 3);
      }
    };
    draw(warp(portrait, { a: 0.8, b: 0, shiftX: 0, shiftY: 0 }, { width: 102, height: 102 }), 0);
    draw(mirror(portrait), 2 * width);
    const faces = await locator.locate(createImage(3 * width, height, pair));
    expect(faces.map(({ box }) => box.x > width)).toEqual([true, false]);
  });

  test("finds nothing in a grey picture, in noise and in one pixel", async () => {
    const grey = createImage(200, 100, new Uint8Array(60_000).fill(100));
    const noise = createImage(
      200,
      200,
      Uint8Array.from({ length: 120_000 }, (_, i) => (i * 7919) % 251),
    );
    for (const picture of [grey, noise, createImage(1, 1, new Uint8Array(3))]) {
      expect(await locator.locate(picture)).toEqual([]);
    }
  });

  test.each([90, 180, 270, 130])(
    "finds a face that is turned by %i degrees, upright in its own frame",
    async (degrees) => {
      const [a, b] = [2 * Math.cos((degrees * Math.PI) / 180), 2 * Math.sin((degrees * Math.PI) / 180)];
      const middle = portrait.width / 2;
      const turn = { a, b, shiftX: 200 - (a - b) * middle, shiftY: 200 - (a + b) * middle };
      const [face, ...others] = await locator.locate(warp(portrait, turn, { width: 400, height: 400 }));
      expect(others).toEqual([]);
      expect(face.upright).toBe(true);
      for (const [i, point] of landmarks.entries()) {
        expect(apart(face.landmarks[i], applyTo(point, turn))).toBeLessThan((2 * eyes) / 5);
      }
    },
  );

  test("finds faces of 12 pixels between the eyes in a large photo, unless one face alone is asked for", async () => {
    const [width, height] = [1600, 1200];
    const photo = createImage(width, height, new Uint8Array(width * height * 3).fill(110));
    const draw = (scale: number, x: number, y: number) => {
      const side = Math.round(portrait.width * scale);
      const drawn = warp(portrait, { a: scale, b: 0, shiftX: 0, shiftY: 0 }, { width: side, height: side });
      for (let row = 0; row < side; row++) {
        photo.pixels.set(
          drawn.pixels.subarray(row * side * 3, (row + 1) * side * 3),
          ((y + row) * width + x) * 3,
        );
      }
    };
    const small = 12 / eyes;
    draw(small, 90, 70);
    draw(small, 1405, 1100);
    draw(3, 700, 500);
    const faces = await locator.locate(photo);
    expect(faces.length).toBe(3);
    for (const [x, y] of [
      [90, 70],
      [1405, 1100],
    ]) {
      const there = landmarks.map((point) => ({ x: small * point.x + x, y: small * point.y + y }));
      const [nearest] = faces.map((face) => apart(face.landmarks[2], there[2])).sort((a, b) => a - b);
      expect(nearest).toBeLessThan(12 / 4);
    }
    const large = await locator.locate(photo, { small: "if-none" });
    expect(large.length).toBeLessThan(3);
    expect(large[0].box.x).toBeGreaterThan(650);
  });

  test("a search that is called off rejects with its reason, and the next one is answered", async () => {
    const control = new AbortController();
    const first = locator.locate(portrait, { signal: control.signal });
    const second = locator.locate(portrait);
    control.abort(new Error("no longer wanted"));
    await expect(first).rejects.toThrow("no longer wanted");
    expect((await second).length).toBe(1);
  });

  test("a photo that takes too long is given up, and those behind it lose none of their time", async () => {
    const slow = locator.locate(portrait, { timeoutMs: 1 });
    const next = locator.locate(portrait, { timeoutMs: 100_000 });
    await expect(slow).rejects.toThrow(LocateTimeout);
    expect((await next).length).toBe(1);
  });
});

test("a face that is seen in the photo as a whole and in its tiles is fitted once", async () => {
  let fits = 0;
  const counting: OpenSession = async (model, options, name) => {
    const session = await createSession(model, options, name);
    const run: Session["run"] = (...asked) => {
      if (name === DETECTOR_FILES.facemesh) fits++;
      return session.run(...asked);
    };
    return { ...session, run };
  };
  const locator = await openMeshLocator((file) => readFile(join(DETECTOR_FOLDER, file)), counting);
  const [{ image: portrait }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 9 });
  const photo = warp(portrait, { a: 4, b: 0, shiftX: 500, shiftY: 300 }, { width: 1600, height: 1200 });
  const fitsOf = async (small: "always" | "if-none") => {
    fits = 0;
    expect((await locator.locate(photo, { small })).length).toBe(1);
    return fits;
  };
  expect(await fitsOf("always")).toBeLessThan(2 * (await fitsOf("if-none")));
  await locator.release();
});

describe("its folder", () => {
  const [{ image: portrait }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 9 });

  test("a net that was changed, and a folder without a detector, are refused with the first photo", async () => {
    const folder = await mkdtemp(join(tmpdir(), "detector-"));
    const empty = openDefaultLocator({ folder });
    await expect(empty.locate(portrait)).rejects.toThrow(InputError);
    await expect(empty.locate(portrait)).rejects.toThrow(/no face detector here/);
    await cp(DETECTOR_FOLDER, folder, { recursive: true });
    const net = await readFile(join(folder, "facemesh.onnx"));
    net[net.length >> 1] ^= 1;
    await writeFile(join(folder, "facemesh.onnx"), net);
    const changed = openDefaultLocator({ folder }).locate(portrait);
    await expect(changed).rejects.toThrow(DataError);
    await expect(changed).rejects.toThrow(/facemesh\.onnx: truncated or changed/);
    await rm(folder, { recursive: true });
  });

  test("released in the middle of a search, it ends after it, and answers no more", async () => {
    const locator = openDefaultLocator();
    const search = locator.locate(portrait);
    await locator.release();
    expect((await search).length).toBe(1);
    await expect(locator.locate(portrait)).rejects.toThrow("released");
  });
});
