/** The descriptors of many faces, a byte a number. */

import type { RowSource } from "../../math/linalg/index.ts";
import type { FaceReader } from "../face/index.ts";
import { createLbpDescriptor, LBP_LENGTH } from "./descriptor.ts";

/** Descriptors [rows, 99120] of faces, as rows of square roots of their counts (see `rootsOf`). */
export interface LbpCounts extends RowSource {
  readonly counts: Uint8Array;
  readonly names: readonly string[];
  readonly identities: readonly string[];
}

export interface LbpOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Faces read and described between two looks at the outside world. */
const CHUNK = 64;

/** Descriptors of all `faces` in memory: 99 kB a face. */
export async function countLbp(faces: FaceReader, options: LbpOptions = {}): Promise<LbpCounts> {
  const counts = new Uint8Array(faces.count * LBP_LENGTH);
  for await (const { first, chunk } of eachLbpChunk(faces, options)) counts.set(chunk, first * LBP_LENGTH);
  return {
    counts,
    names: faces.names,
    identities: faces.identities,
    rows: faces.count,
    columns: LBP_LENGTH,
    read: (first, count) => rootsOf(counts.subarray(first * LBP_LENGTH, (first + count) * LBP_LENGTH)),
  };
}

/** The descriptors of some consecutive faces at a time: [count, 99120] counts, good until the next are asked for. */
export async function* eachLbpChunk(
  faces: FaceReader,
  { onProgress, signal }: LbpOptions,
): AsyncGenerator<{ readonly first: number; readonly count: number; readonly chunk: Uint8Array }> {
  const describe = createLbpDescriptor();
  const faceBytes = faces.count > 0 ? (await faces.readRange(0, 1)).length : 0;
  const room = new Uint8Array(Math.min(CHUNK, faces.count) * LBP_LENGTH);
  for (let first = 0; first < faces.count; first += CHUNK) {
    signal?.throwIfAborted();
    const count = Math.min(CHUNK, faces.count - first);
    const pixels = await faces.readRange(first, count);
    for (let i = 0; i < count; i++) {
      describe(
        pixels.subarray(i * faceBytes, (i + 1) * faceBytes),
        room.subarray(i * LBP_LENGTH, (i + 1) * LBP_LENGTH),
      );
    }
    yield { first, count, chunk: room.subarray(0, count * LBP_LENGTH) };
    onProgress?.(first + count, faces.count);
  }
}

const ROOTS = Float32Array.from({ length: 256 }, (_, count) => Math.sqrt(count));

/**
 * Square roots of counts, as in dlib's descriptor. Between roots the Euclidean distance, on which principal components
 * and Joint Bayesian rest, is Hellinger's between histograms (Arandjelović and Zisserman, CVPR 2012, on SIFT), which
 * weighs a change in a rare bin as much as one in a common bin; and every cell, hence every face, has the same length.
 */
export function rootsOf(counts: Uint8Array): Float32Array {
  const roots = new Float32Array(counts.length);
  for (let i = 0; i < counts.length; i++) roots[i] = ROOTS[counts[i]];
  return roots;
}
