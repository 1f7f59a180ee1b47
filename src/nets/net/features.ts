/** From aligned faces to a FeatureSet: the narrow waist. */
import {
  createRegionCropper,
  cropSize,
  type FaceReader,
  type Region,
  TEMPLATE,
  TEMPLATE_VERSION,
  viewsOf,
} from "../../faces/face/index.ts";
import { mirror } from "../../faces/image/index.ts";
import { createFeatureSet, type FeatureSet, type Provenance } from "../../matching/features/index.ts";
import type { FaceNet } from "./faceNet.ts";

export interface FeatureOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** All that the features of a net depend on besides the faces, for files of them and for caches. */
export const featureSource = (hash: string, region: Region, name: string): Provenance => ({
  net: `sha256 ${hash}`,
  region: JSON.stringify(region),
  feature: name,
  alignment: String(TEMPLATE_VERSION),
});

/** Faces read and run at a time, each two crops a view; the next so many are cut meanwhile. */
const CHUNK = 64;

/**
 * The features of every face: the activation `name` of its crop and of its mirror image's, side by side
 * [original | mirror]. The aligned face is mirrored before it is cropped, so that a region off the middle meets its
 * counterpart. Paper: Section 4. Where the region has several views, the mean over them.
 */
export async function extractFeatures(
  { net, region, name }: { readonly net: FaceNet; readonly region: Region; readonly name: string },
  faces: FaceReader,
  options: FeatureOptions = {},
): Promise<FeatureSet> {
  const [set] = await extractActivations({ net, region, names: [name] }, faces, options);
  return set;
}

/** The same of several activations, from one pass through the net: a set for each of `names`. */
export async function extractActivations(
  {
    net,
    region,
    names,
  }: { readonly net: FaceNet; readonly region: Region; readonly names: readonly string[] },
  faces: FaceReader,
  { onProgress, signal }: FeatureOptions = {},
): Promise<FeatureSet[]> {
  const views = viewsOf(region).map((view) => createRegionCropper(view));
  const { height, width, channels } = cropSize(region);
  const [faceBytes, cropBytes] = [TEMPLATE.height * TEMPLATE.width * 3, height * width * channels];
  const lengths = names.map((name) => net.activations.get(name) ?? 0);
  const values = lengths.map((length) => new Float32Array(faces.count * 2 * length));
  const cut = async (first: number, count: number): Promise<Uint8Array> => {
    const pixels = await faces.readRange(first, count);
    const crops = new Uint8Array(views.length * 2 * count * cropBytes);
    const place = (row: number) => crops.subarray(row * cropBytes, (row + 1) * cropBytes);
    for (let i = 0; i < count; i++) {
      const face = pixels.subarray(i * faceBytes, (i + 1) * faceBytes);
      const mirrored = mirror({ width: TEMPLATE.width, height: TEMPLATE.height, pixels: face }).pixels;
      for (const [view, crop] of views.entries()) {
        const row = 2 * (view * count + i);
        crop(face, place(row));
        crop(mirrored, place(row + 1));
      }
    }
    return crops;
  };
  const compute = async (crops: Uint8Array, first: number, count: number) => {
    const activations = await net.run(crops, names); // rows of each view: original, mirror, original, mirror, ...
    for (const [i, length] of lengths.entries()) {
      const to = values[i].subarray(first * 2 * length, (first + count) * 2 * length);
      for (let view = 0; view < views.length; view++) {
        const seen = activations[i].subarray(view * to.length, (view + 1) * to.length);
        for (let at = 0; at < seen.length; at++) to[at] += seen[at] / views.length;
      }
    }
    onProgress?.(first + count, faces.count);
  };
  let running = Promise.resolve(); // the net computes one chunk while the next is cut
  try {
    for (let first = 0; first < faces.count; first += CHUNK) {
      const count = Math.min(CHUNK, faces.count - first);
      const crops = await cut(first, count);
      await running;
      signal?.throwIfAborted();
      running = compute(crops, first, count);
      running.catch(() => {}); // thrown by the next await
    }
    await running;
  } finally {
    await running.catch(() => {}); // the caller may release the net afterwards
  }
  return values.map((of, i) => createFeatureSet(of, 2 * lengths[i], faces));
}
