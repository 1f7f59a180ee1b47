/**
 * Writes what scripts/torch/train.py trains on:
 *
 *   npx tsx scripts/torch/faces.ts --split configs/whole-face-taught-8.ts --teacher models/dlib --out runs/faces $SETS
 *
 * faces.u8 holds the aligned faces, [n, 104, 88, 3]; faces.json their names and people, and the rows of the pictures that train a net and
 * of validation people. bent.u8 holds each training picture once more, bent at random, so that the teacher sees somebody else in it;
 * bent.safetensors holds what the teacher says of these. Takes 20 minutes for 82,738 pictures, nearly all of it the teacher's.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { cacheFolder, writeFileAtomic } from "../../src/base/files/index.ts";
import { createRng, type Rng } from "../../src/base/random/index.ts";
import {
  type AlignedFaces,
  facesOfRows,
  openAligned,
  openSets,
  openSource,
  rowsOf,
} from "../../src/faces/data/index.ts";
import { TEMPLATE } from "../../src/faces/face/index.ts";
import { addBilinear } from "../../src/faces/image/index.ts";
import { writeFeatures } from "../../src/matching/files/index.ts";
import { openModel } from "../../src/nets/models/index.ts";
import { extractFeatures } from "../../src/nets/net/index.ts";
import { readConfig, splitFor } from "../../src/nets/train/index.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" }, // CelebA's layout alone
    images: { type: "string", default: "img_align_celeba.zip" },
    identities: { type: "string" },
    with: { type: "string", multiple: true },
    cache: { type: "string" },
    split: { type: "string", default: "configs/whole-face-taught-8.ts" },
    teacher: { type: "string" },
    out: { type: "string", default: "runs/faces" },
  },
});

const FACE_BYTES = TEMPLATE.height * TEMPLATE.width * 3;

/** Faces read at a time. */
const CHUNK = 512;

/** How far the points of the bending grid move, in pixels, and how much wider or longer a face becomes: deviations. */
const BENT = { rows: 6, columns: 5, pixels: 2, sides: 0.05 } as const;

/** Writes `change` of every face to `file`. */
async function writePixels(file: string, faces: AlignedFaces, change?: (face: Uint8Array) => Uint8Array) {
  const stream = createWriteStream(file);
  for (let first = 0; first < faces.count; first += CHUNK) {
    const pixels = await faces.readRange(first, Math.min(CHUNK, faces.count - first));
    for (let at = 0; change && at < pixels.length; at += FACE_BYTES) {
      pixels.set(change(pixels.subarray(at, at + FACE_BYTES)), at);
    }
    if (!stream.write(pixels)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
}

/** A smooth random field over the face: at each of its pixels, where the bent face takes its colour from, [104, 88, 2]. */
function bendingField(rng: Rng): Float32Array {
  const { width, height } = TEMPLATE;
  const grid = Array.from({ length: BENT.rows * BENT.columns * 2 }, () => BENT.pixels * rng.normal());
  const sides = [0, 0].map(() => 1 + BENT.sides * Math.max(-2, Math.min(2, rng.normal())));
  const smooth = (t: number) => t * t * (3 - 2 * t);
  const field = new Float32Array(width * height * 2);
  for (let y = 0, at = 0; y < height; y++) {
    const v = (y / (height - 1)) * (BENT.rows - 1);
    const row = Math.min(BENT.rows - 2, Math.floor(v));
    const down = smooth(v - row);
    for (let x = 0; x < width; x++) {
      const u = (x / (width - 1)) * (BENT.columns - 1);
      const column = Math.min(BENT.columns - 2, Math.floor(u));
      const right = smooth(u - column);
      for (let axis = 0; axis < 2; axis++) {
        const point = (i: number, j: number) => grid[((row + i) * BENT.columns + column + j) * 2 + axis];
        const above = point(0, 0) * (1 - right) + point(0, 1) * right;
        const below = point(1, 0) * (1 - right) + point(1, 1) * right;
        const [centre, place] = axis === 0 ? [width / 2, x + 0.5] : [height / 2, y + 0.5];
        field[at++] = centre + (place - centre) * sides[axis] + above * (1 - down) + below * down;
      }
    }
  }
  return field;
}

/** The face [104, 88, 3] bent by a field of its own. */
function bent(face: Uint8Array, rng: Rng): Uint8Array {
  const field = bendingField(rng);
  const image = { ...TEMPLATE, pixels: face };
  const out = new Uint8Array(face.length);
  const colour = new Float64Array(3);
  for (let at = 0, from = 0; at < out.length; at += 3, from += 2) {
    addBilinear(image, 3, field[from], field[from + 1], colour.fill(0));
    for (let c = 0; c < 3; c++) out[at + c] = Math.round(colour[c]);
  }
  return out;
}

const { split, teacher, out, cache = cacheFolder(process.env), ...rest } = values;
const choice = { ...rest, data: "celeba" as const };
await using opened = await openSets(choice, async (set) =>
  openAligned(
    await openSource({ ...choice, ...set }, undefined),
    { cacheFolder: cache, onPassedOver: ({ file, reason }) => console.error(`${file}: ${reason}`) },
    {},
  ),
);
const { faces } = opened;
const { train, validation } = splitFor(faces, await readConfig(split));
const rows = { train: rowsOf(faces.identities, train), validation: rowsOf(faces.identities, validation) };
await mkdir(out, { recursive: true });
await writePixels(join(out, "faces.u8"), faces);
await writeFileAtomic(
  join(out, "faces.json"),
  JSON.stringify({
    names: faces.names,
    identities: faces.identities,
    train: Array.from(rows.train),
    validation: Array.from(rows.validation),
  }),
);
console.log(`${out}: ${faces.count} faces, ${rows.train.length} of them train the net`);

if (teacher !== undefined) {
  const trained = facesOfRows(faces, rows.train);
  const rng = createRng(5);
  const file = join(out, "bent.u8");
  await writePixels(file, trained, (face) => bent(face, rng));
  const handle = await open(file);
  const model = await openModel(teacher, {});
  const read = async (first: number, count: number) => {
    const pixels = new Uint8Array(count * FACE_BYTES);
    await handle.read(pixels, 0, pixels.length, first * FACE_BYTES);
    return pixels;
  };
  const { region, feature: name } = model.card;
  const said = await extractFeatures({ net: model.net, region, name }, { ...trained, readRange: read });
  await writeFeatures(join(out, "bent.safetensors"), said, { model: model.card.name });
  await model.release();
  await handle.close();
  console.log(`${file}: ${said.rows} bent faces and what ${model.card.name} says of them`);
}
