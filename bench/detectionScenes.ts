/** Photos whose faces are known: real ones as they are and turned, and groups composed of them at a size that is asked for. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRng } from "../src/base/random/index.ts";
import { picturesIn, readLandmarks, readPairs } from "../src/faces/data/index.ts";
import { type Landmarks, mapLandmarks } from "../src/faces/face/index.ts";
import { applyTo, createImage, type Image, type Similarity, warp } from "../src/faces/image/index.ts";
import { eyeDistanceOf } from "../src/faces/locate/index.ts";
import { decodeImage } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";

/** A picture of one face. */
export interface Portrait {
  readonly image: Image;
  readonly landmarks: Landmarks;
}

/** A photo and its faces; within `pasted` nothing else counts as wrong, as bystanders are there. */
export interface Scene {
  readonly photo: Image;
  readonly faces: readonly Landmarks[];
  readonly pasted: readonly { readonly x: number; readonly y: number; readonly side: number }[];
}

/** So many pictures of LFW's View 1 (test pairs), of a folder with LFW's layout, and landmarks for them. */
export async function readPortraits(folder: string, data: string, count: number): Promise<Portrait[]> {
  const names = [...picturesIn(await readPairs(join(data, "pairsDevTest.txt")))].sort();
  const landmarksOf = await readLandmarks(join(data, "landmarks_5pt.txt"));
  const step = Math.floor(names.length / count);
  const chosen = names.filter((_, i) => i % step === 0).slice(0, count);
  return Promise.all(chosen.map((name) => readPortrait(join(folder, `${name}.webp`), name, landmarksOf)));
}

/** The picture in `file`, which is called `name` where the landmarks are. */
export async function readPortrait(
  file: string,
  name: string,
  landmarksOf: ReadonlyMap<string, Landmarks>,
): Promise<Portrait> {
  const landmarks = landmarksOf.get(name) ?? landmarksOf.get(`${name}.jpg`);
  if (!landmarks) throw new Error(`${name}: no landmarks`);
  return { image: await decodeImage(await readFile(file), name), landmarks };
}

/** Drawn people, one picture of each. */
export const drawnPortraits = (count: number): Portrait[] =>
  [...createPopulation({ people: count, picturesPerPerson: 1, seed: 31 })].map(({ image, landmarks }) => ({
    image,
    landmarks,
  }));

/** The portrait turned clockwise about the middle of its picture. */
export function turnedScene({ image, landmarks }: Portrait, degrees: number): Scene {
  const turn = placed(image, degrees, 1, { x: image.width / 2, y: image.height / 2 });
  return {
    photo: degrees === 0 ? image : warp(image, turn, image),
    faces: [mapLandmarks(landmarks, (point) => applyTo(point, turn))],
    pasted: [{ x: 0, y: 0, side: Math.max(image.width, image.height) }],
  };
}

/** A photo of 12 megapixels with `portraits` in a grid, all with `eyes` pixels between the eyes, leaning by up to 15 degrees. */
export function groupScene(portraits: readonly Portrait[], eyes: number, seed: number): Scene {
  const [width, height] = [4000, 3000];
  const rng = createRng(seed);
  const photo = createImage(width, height, background(width, height, seed));
  const columns = Math.ceil(Math.sqrt((portraits.length * width) / height));
  const rows = Math.ceil(portraits.length / columns);
  const faces: Landmarks[] = [];
  const pasted: { x: number; y: number; side: number }[] = [];
  for (const [i, { image, landmarks }] of portraits.entries()) {
    const scale = eyes / eyeDistanceOf(landmarks);
    const side = Math.round(Math.min(image.width, image.height) * scale);
    const free = { x: width / columns - side, y: height / rows - side };
    const x = Math.round((i % columns) * (width / columns) + rng.uniform() * Math.max(0, free.x));
    const y = Math.round(Math.floor(i / columns) * (height / rows) + rng.uniform() * Math.max(0, free.y));
    const lean = placed(image, 30 * rng.uniform() - 15, scale, { x: side / 2, y: side / 2 });
    paste(photo, warp(image, lean, { width: side, height: side }), x, y);
    faces.push(
      mapLandmarks(landmarks, (point) => {
        const there = applyTo(point, lean);
        return { x: there.x + x, y: there.y + y };
      }),
    );
    pasted.push({ x, y, side });
  }
  return { photo, faces, pasted };
}

/** Turns and scales a picture so that its middle comes to `middle`. */
function placed(
  { width, height }: Image,
  degrees: number,
  scale: number,
  middle: { readonly x: number; readonly y: number },
): Similarity {
  const angle = (degrees * Math.PI) / 180;
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const { x, y } = applyTo({ x: width / 2, y: height / 2 }, { a, b, shiftX: 0, shiftY: 0 });
  return { a, b, shiftX: middle.x - x, shiftY: middle.y - y };
}

function paste(photo: Image, image: Image, x: number, y: number): void {
  const right = Math.min(image.width, photo.width - x);
  for (let row = 0; row < Math.min(image.height, photo.height - y); row++) {
    const from = image.pixels.subarray(row * image.width * 3, (row * image.width + right) * 3);
    photo.pixels.set(from, ((y + row) * photo.width + x) * 3);
  }
}

/** Colours that change over 200 pixels, over 30 and from pixel to pixel, so that there is something to see at every scale. */
function background(width: number, height: number, seed: number): Uint8Array {
  const rng = createRng(seed);
  const waves = Array.from({ length: 24 }, (_, i) => ({
    x: (rng.uniform() - 0.5) / (i % 2 === 0 ? 60 : 12),
    y: (rng.uniform() - 0.5) / (i % 2 === 0 ? 60 : 12),
    phase: 7 * rng.uniform(),
    of: [40 * rng.uniform(), 40 * rng.uniform(), 40 * rng.uniform()],
  }));
  const along = (length: number, axis: "x" | "y") =>
    waves.map((wave) => Float32Array.from({ length }, (_, i) => i * wave[axis]));
  const [across, down] = [along(width, "x"), along(height, "y")];
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      const wave = (x >> 6) % waves.length;
      const other = (y >> 6) % waves.length;
      const [s, t] = [wave, other].map((k) => Math.sin(across[k][x] + down[k][y] + waves[k].phase));
      for (let c = 0; c < 3; c++) pixels[at + c] = 120 + waves[wave].of[c] * s + waves[other].of[c] * t;
    }
  }
  return pixels;
}
