/** Aligned faces, wherever they lie: names, people, and pixels by row. */

import { InputError } from "../../base/errors/index.ts";
import { sha256 } from "../../base/files/index.ts";
import { createRegionCropper, cropSize, type Region, TEMPLATE } from "../face/index.ts";
import { mirror } from "../image/index.ts";
import { rowsOf } from "./split.ts";

/** Bytes of one aligned face: 104 x 88 RGB. */
export const FACE_BYTES = TEMPLATE.height * TEMPLATE.width * 3;

export interface AlignedFaces {
  readonly count: number;
  /** [count], sorted and unique: `000001`, `Name/Name_0001`. */
  readonly names: readonly string[];
  /** The person of each face [count]. */
  readonly identities: readonly string[];
  /** The identities of the pictures by which people are split into parts, where not of all: see `joinFaces`. */
  readonly splitBy?: readonly string[];
  /** Equal keys mean equal pixels of faces of equal names. */
  readonly key: string;
  /** The faces of rows `first` to `first + count`: [count, 104, 88, 3]. */
  readRange(first: number, count: number): Promise<Uint8Array>;
}

/** Row numbers of a set of faces. */
export type FaceRows = readonly number[] | Int32Array;

/** Faces that are in memory already: `pixels` [n, 104, 88, 3]. */
export function facesInMemory(
  names: readonly string[],
  identities: readonly string[],
  pixels: Uint8Array,
): AlignedFaces {
  const count = names.length;
  if (identities.length !== count || pixels.length !== count * FACE_BYTES) {
    throw new InputError(
      `facesInMemory: ${count} names, ${identities.length} identities and ${pixels.length / FACE_BYTES} faces`,
    );
  }
  let key: string | undefined;
  return {
    count,
    names,
    identities,
    get key() {
      key ??= sha256(pixels);
      return key;
    },
    readRange: async (first, length) => {
      checkRange(first, length, count);
      return pixels.subarray(first * FACE_BYTES, (first + length) * FACE_BYTES);
    },
  };
}

/** The same faces, each with left and right exchanged. */
export function mirroredFaces(faces: AlignedFaces): AlignedFaces {
  return {
    ...faces,
    key: `${faces.key} mirrored`,
    async readRange(first, count) {
      const pixels = await faces.readRange(first, count);
      const mirrored = new Uint8Array(pixels.length);
      for (let at = 0; at < pixels.length; at += FACE_BYTES) {
        const face = { ...TEMPLATE, pixels: pixels.subarray(at, at + FACE_BYTES) };
        mirrored.set(mirror(face).pixels, at);
      }
      return mirrored;
    },
  };
}

/** The faces of some people, in the order of all, read when they are asked for. */
export function facesOfPeople(faces: AlignedFaces, people: Iterable<string>): AlignedFaces {
  return facesOfRows(faces, rowsOf(faces.identities, people));
}

/** The faces of `rows`, in that order, read when they are asked for. */
export function facesOfRows(faces: AlignedFaces, chosen: FaceRows): AlignedFaces {
  const rows = Int32Array.from(chosen);
  const pick = (list: readonly string[]) => Array.from(rows, (row) => list[row]);
  return {
    count: rows.length,
    names: pick(faces.names),
    identities: pick(faces.identities),
    key: faces.key,
    async readRange(first, count) {
      checkRange(first, count, rows.length);
      return readRows(faces, rows.subarray(first, first + count));
    },
  };
}

/** The faces of `rows`, in that order: [rows.length, 104, 88, 3]. */
export async function readRows(faces: AlignedFaces, rows: FaceRows): Promise<Uint8Array> {
  const pixels = new Uint8Array(rows.length * FACE_BYTES);
  for await (const { at, face } of eachFace(faces, rows)) pixels.set(face, at * FACE_BYTES);
  return pixels;
}

/**
 * The crops of `region` for `rows`, in that order, all in memory: [rows.length, height + 2 m, width + 2 m, channels]
 * with m = `marginPixels` on each side for augmentation by shifts. Takes about 0.2 ms a face.
 */
export async function loadRegion(
  faces: AlignedFaces,
  rows: FaceRows,
  region: Region,
  marginPixels = 0,
): Promise<Uint8Array> {
  const { height, width, channels } = cropSize(region, marginPixels);
  const cropBytes = height * width * channels;
  const crop = createRegionCropper(region, marginPixels);
  const crops = new Uint8Array(rows.length * cropBytes);
  for await (const { at, face } of eachFace(faces, rows)) {
    crop(face, crops.subarray(at * cropBytes, (at + 1) * cropBytes));
  }
  return crops;
}

/** Faces read at a time; also how long a crop loop runs before others may. */
const CHUNK = 256;

/** Yields the face of each row, `at` its place in `rows`; nearby rows are read together, in rising order. */
async function* eachFace(
  faces: AlignedFaces,
  rows: FaceRows,
): AsyncGenerator<{ at: number; face: Uint8Array }> {
  const order = Int32Array.from(rows, (_, i) => i).sort((a, b) => rows[a] - rows[b]);
  for (let i = 0; i < order.length; ) {
    const first = rows[order[i]];
    let end = i;
    while (end < order.length && rows[order[end]] < first + CHUNK) end++;
    const chunk = await faces.readRange(first, rows[order[end - 1]] - first + 1);
    for (; i < end; i++) {
      const from = (rows[order[i]] - first) * FACE_BYTES;
      yield { at: order[i], face: chunk.subarray(from, from + FACE_BYTES) };
    }
  }
}

/** Throws InputError unless rows `first` to `first + length` exist. */
export function checkRange(first: number, length: number, count: number): void {
  if (!(Number.isInteger(first) && length >= 0 && first >= 0 && first + length <= count)) {
    throw new InputError(`faces: rows ${first} to ${first + length} asked for, there are ${count}`);
  }
}
