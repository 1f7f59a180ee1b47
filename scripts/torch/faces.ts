/**
 * Writes what scripts/torch/train.py trains on:
 *
 *   npx tsx scripts/torch/faces.ts --split configs/whole-face-taught-8.ts --teacher models/dlib --out runs/faces $SETS
 *
 * faces.u8 holds the aligned faces, [n, 104, 88, 3]; faces.json their names and people, and the rows of the pictures that train a net and
 * of validation people. bent.u8 holds each training picture once more, bent at random, so that the teacher sees somebody else in it;
 * bent.safetensors holds what the teacher says of these. Of 82,738 pictures: three
 * minutes to bend them, 20 for the teacher on a core (measured beside a training).
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { InputError } from "../../src/base/errors/index.ts";
import { cacheFolder, writeFileAtomic } from "../../src/base/files/index.ts";
import { createRng, type Rng } from "../../src/base/random/index.ts";
import type { Io } from "../../src/cli/support/io.ts";
import { createProgress } from "../../src/cli/support/progress.ts";
import {
  type AlignedFaces,
  facesOfRows,
  openAligned,
  openSets,
  openSource,
  rowsOf,
} from "../../src/faces/data/index.ts";
import { TEMPLATE, WHOLE_FACE } from "../../src/faces/face/index.ts";
import { addBilinear } from "../../src/faces/image/index.ts";
import { writeFeatures } from "../../src/matching/files/index.ts";
import { openModel } from "../../src/nets/models/index.ts";
import { extractFeatures } from "../../src/nets/net/index.ts";
import { readConfig, splitFor } from "../../src/nets/train/index.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "celeba" },
    images: { type: "string", default: "img_align_celeba.zip" },
    identities: { type: "string" },
    with: { type: "string", multiple: true },
    cache: { type: "string" },
    split: { type: "string", default: "configs/whole-face-taught-8.ts" },
    teacher: { type: "string" },
    out: { type: "string", default: "runs/faces" },
  },
});

/** Lines of a log: no bar is drawn. */
const IO: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  now: () => performance.now(),
  interrupt: new AbortController().signal,
};

const FACE_BYTES = TEMPLATE.height * TEMPLATE.width * 3;

/** Faces read at a time. */
const CHUNK = 512;

/** How far the points of the bending grid move, in pixels, and how much wider or longer a face becomes: deviations. */
const BENT = { rows: 6, columns: 5, pixels: 2, sides: 0.05 } as const;

/** Writes the pixels of all `faces`, one after the other. */
async function writePixels(file: string, faces: AlignedFaces): Promise<void> {
  const stream = createWriteStream(file);
  for (let first = 0; first < faces.count; first += CHUNK) {
    const pixels = await faces.readRange(first, Math.min(CHUNK, faces.count - first));
    if (!stream.write(pixels)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
}

/** Between which points of a grid of `points` each of `pixels` lies: the first of the two, and the share of the second, smoothed. */
const placesAlong = (pixels: number, points: number) =>
  Array.from({ length: pixels }, (_, pixel) => {
    const place = (pixel / (pixels - 1)) * (points - 1);
    const first = Math.min(points - 2, Math.floor(place));
    const share = (place - first) ** 2 * (3 - 2 * (place - first));
    return { first, share };
  });
const ALONG = {
  rows: placesAlong(TEMPLATE.height, BENT.rows),
  columns: placesAlong(TEMPLATE.width, BENT.columns),
};

/** By how much each pixel of a face is moved along one side, [104, 88]: a smooth random field. */
function smoothField(rng: Rng): Float32Array {
  const grid = Float64Array.from({ length: BENT.rows * BENT.columns }, () => BENT.pixels * rng.normal());
  const field = new Float32Array(TEMPLATE.height * TEMPLATE.width);
  let to = 0;
  for (const { first: row, share: down } of ALONG.rows) {
    for (const { first: column, share: right } of ALONG.columns) {
      const at = row * BENT.columns + column;
      const above = grid[at] + (grid[at + 1] - grid[at]) * right;
      const below = grid[at + BENT.columns] + (grid[at + BENT.columns + 1] - grid[at + BENT.columns]) * right;
      field[to++] = above + (below - above) * down;
    }
  }
  return field;
}

/** The face [104, 88, 3] bent at random, and made wider or longer around its middle. */
function bent(face: Uint8Array, rng: Rng): Uint8Array {
  const { width, height } = TEMPLATE;
  const [acrossBy, downBy] = [smoothField(rng), smoothField(rng)];
  const [wider, longer] = [0, 0].map(() => 1 + BENT.sides * Math.max(-2, Math.min(2, rng.normal())));
  const image = { ...TEMPLATE, pixels: face };
  const out = new Uint8Array(face.length);
  const colour = new Float64Array(3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const fromX = width / 2 + (x + 0.5 - width / 2) * wider + acrossBy[at];
      const fromY = height / 2 + (y + 0.5 - height / 2) * longer + downBy[at];
      addBilinear(image, 3, fromX, fromY, colour.fill(0));
      for (let c = 0; c < 3; c++) out[3 * at + c] = Math.round(colour[c]);
    }
  }
  return out;
}

/** The same faces, each bent in a way of its own: always the same for a picture of the same name. */
function bentFaces(faces: AlignedFaces, rng: Rng): AlignedFaces {
  return {
    ...faces,
    key: `${faces.key} bent`,
    async readRange(first, count) {
      const pixels = Uint8Array.from(await faces.readRange(first, count));
      for (let i = 0; i < count; i++) {
        const face = pixels.subarray(i * FACE_BYTES, (i + 1) * FACE_BYTES);
        face.set(bent(face, rng.fork(faces.names[first + i])));
      }
      return pixels;
    },
  };
}

const { split, teacher, out, cache = cacheFolder(process.env), ...choice } = values;
if (choice.data !== "celeba") throw new InputError(`--data: needs celeba, got ${choice.data}`);
const source = { ...choice, data: "celeba" } as const;
await using opened = await openSets(source, async (set) =>
  openAligned(
    await openSource({ ...source, ...set }, undefined),
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
    people: train,
    train: Array.from(rows.train),
    validation: Array.from(rows.validation),
    wholeFace: WHOLE_FACE.box,
  }),
);
console.log(`${out}: ${faces.count} faces, ${rows.train.length} of them train the net`);

if (teacher !== undefined) {
  const others = bentFaces(facesOfRows(faces, rows.train), createRng(5));
  const file = join(out, "bent.u8");
  await writePixels(file, others);
  console.log(`${file}: ${others.count} bent faces`);
  const model = await openModel(teacher, {});
  const { region, feature, name } = model.card;
  const progress = createProgress(IO, `what ${name} says of them`);
  const said = await extractFeatures({ net: model.net, region, name: feature }, others, {
    onProgress: progress.update,
  });
  progress.stop();
  await writeFeatures(join(out, "bent.safetensors"), said, { model: name });
  await model.release();
}
