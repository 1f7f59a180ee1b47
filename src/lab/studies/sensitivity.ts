/** Where a neuron looks: how much of its activation is lost when a square of the face is covered. Beyond the paper. */
import { type FaceReader, TEMPLATE, WHOLE_FACE } from "../../faces/face/index.ts";

/** A square of the aligned frame, in its pixels. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

export const SENSITIVITY_DEFAULTS = { side: 14, step: 7 } as const;

/** Squares that cover the whole-face region and overlap by half, row by row. */
export function sensitivityPatches({ side, step } = SENSITIVITY_DEFAULTS): Patch[] {
  const { x, y, width, height } = WHOLE_FACE.box;
  const along = (start: number, length: number) =>
    Array.from({ length: Math.floor((length - side) / step) + 1 }, (_, i) => Math.round(start + i * step));
  return along(y, height).flatMap((top) => along(x, width).map((left) => ({ x: left, y: top, side })));
}

/** `faces` with the square covered by middle grey, which adds no edge as dark as black does. */
export function coveredFaces(faces: FaceReader, { x, y, side }: Patch): FaceReader {
  return {
    ...faces,
    key: undefined, // other pixels than those that the key names
    async readRange(first, count) {
      const pixels = (await faces.readRange(first, count)).slice();
      for (let i = 0; i < count; i++) {
        for (let row = y; row < Math.min(y + side, TEMPLATE.height); row++) {
          const at = ((i * TEMPLATE.height + row) * TEMPLATE.width + x) * 3;
          pixels.fill(128, at, at + Math.min(side, TEMPLATE.width - x) * 3);
        }
      }
      return pixels;
    },
  };
}
