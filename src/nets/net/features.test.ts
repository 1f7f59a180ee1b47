import { describe, expect, test } from "vitest";
import { FACE_BYTES, facesOfBytes } from "../../../test/support/faces.ts";
import { createRng } from "../../base/random/index.ts";
import { cropRegion, TEMPLATE, WHOLE_FACE } from "../../faces/face/index.ts";
import { mirror } from "../../faces/image/index.ts";
import type { FaceNet } from "./faceNet.ts";
import { extractFeatures } from "./features.ts";

/** `count` faces of noise. */
function noise(count: number) {
  const rng = createRng(1);
  return facesOfBytes(count, () => rng.integer(256));
}

/** A net whose activation "corner" is the first and the last byte of a crop. */
const CORNERS: FaceNet = {
  size: { height: 55, width: 47, channels: 3 },
  activations: new Map([["corner", 2]]),
  async run(crops) {
    const size = 55 * 47 * 3;
    const n = crops.length / size;
    return [Float32Array.from({ length: 2 * n }, (_, i) => crops[(i >> 1) * size + (i & 1) * (size - 1)])];
  },
  rest: async () => {},
  release: async () => {},
};

const extract = { net: CORNERS, region: WHOLE_FACE, name: "corner" };

describe("extractFeatures", () => {
  test("puts the features of each face beside those of its mirror image", async () => {
    const faces = noise(67); // more than are read at a time
    const progress: number[] = [];
    const features = await extractFeatures(extract, faces, { onProgress: (done) => progress.push(done) });
    expect(features).toMatchObject({
      rows: 67,
      dimension: 4,
      names: faces.names,
      identities: faces.identities,
    });
    expect(progress).toEqual([64, 67]);
    for (const row of [0, 1, 63, 64, 66]) {
      const pixels = faces.pixels.subarray(row * FACE_BYTES, (row + 1) * FACE_BYTES);
      const face = { width: TEMPLATE.width, height: TEMPLATE.height, pixels };
      const corners = [face, mirror(face)].flatMap((image) => {
        const crop = cropRegion(image, WHOLE_FACE);
        return [crop[0], crop[crop.length - 1]];
      });
      expect(Array.from(features.values.subarray(row * 4, row * 4 + 4))).toEqual(corners);
    }
  });

  test("averages over the views of a region, each a smaller or larger box around the same middle", async () => {
    const faces = noise(67);
    const { box } = WHOLE_FACE;
    const half = {
      x: box.x + box.width / 4,
      y: box.y + box.height / 4,
      width: box.width / 2,
      height: box.height / 2,
    };
    const [whole, middle, both] = await Promise.all(
      [WHOLE_FACE, { ...WHOLE_FACE, box: half }, { ...WHOLE_FACE, views: [1, 0.5] }].map((region) =>
        extractFeatures({ ...extract, region }, faces),
      ),
    );
    expect(middle.values).not.toEqual(whole.values);
    expect(both.values).toEqual(whole.values.map((value, at) => (value + middle.values[at]) / 2));
  });

  test("stops when it is told to", async () => {
    const controller = new AbortController();
    const progress: number[] = [];
    const extraction = extractFeatures(extract, noise(200), {
      signal: controller.signal,
      onProgress: (done) => {
        progress.push(done);
        controller.abort();
      },
    });
    await expect(extraction).rejects.toThrow("aborted");
    expect(progress).toEqual([64]);
  });
});
