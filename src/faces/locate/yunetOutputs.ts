/** YuNet's outputs as faces: one place for each cell of three grids, of which the best are kept. */
import type { Tensors } from "../../math/session/index.ts";
import { landmarksFrom } from "../face/index.ts";
import type { Size } from "../image/index.ts";
import type { LocatedFace } from "./faceLocator.ts";
import { withoutRepeats } from "./overlap.ts";

/** Pixels from one cell of a grid to the next. */
export const STRIDES = [8, 16, 32] as const;
const POINTS = 5;
/** Boxes that share more than this of their union are one face. */
const SAME_FACE = 0.3;

export const YUNET_OUTPUTS = ["cls", "obj", "bbox", "kps"].flatMap((kind) =>
  STRIDES.map((stride) => `${kind}_${stride}`),
);

/** The faces scored `minScore` or more in the outputs for a picture of `size`, the best first. */
export function decodeYunet(outputs: Tensors, { width, height }: Size, minScore: number): LocatedFace[] {
  const faces: LocatedFace[] = [];
  for (const stride of STRIDES) {
    const [cls, obj, bbox, kps] = ["cls", "obj", "bbox", "kps"].map(
      (kind) => outputs[`${kind}_${stride}`].data as Float32Array,
    );
    const columns = width / stride;
    for (let cell = 0; cell < columns * (height / stride); cell++) {
      const score = Math.sqrt(share(cls[cell]) * share(obj[cell]));
      if (!(score >= minScore)) continue;
      const [column, row] = [cell % columns, Math.floor(cell / columns)];
      const at = (values: Float32Array, i: number) => ({
        x: (values[i] + column) * stride,
        y: (values[i + 1] + row) * stride,
      });
      const centre = at(bbox, 4 * cell);
      const [boxWidth, boxHeight] = [2, 3].map((i) => Math.exp(bbox[4 * cell + i]) * stride);
      const landmarks = Array.from({ length: POINTS }, (_, i) => at(kps, 2 * POINTS * cell + 2 * i));
      faces.push({
        box: { x: centre.x - boxWidth / 2, y: centre.y - boxHeight / 2, width: boxWidth, height: boxHeight },
        score,
        landmarks: landmarksFrom(landmarks),
      });
    }
  }
  return withoutRepeats(faces, SAME_FACE);
}

const share = (value: number) => Math.min(1, Math.max(0, value));
