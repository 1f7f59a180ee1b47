import type { Point } from "./landmarks.ts";

/** A picture of a thing with transparency, and where some of the five landmarks of a face lie behind it. */
export interface Occluder {
  readonly name: string;
  /** What it covers: "eye", "lower_face". */
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  /** RGBA, [height, width, 4]. */
  readonly pixels: Uint8Array;
  /** In pixels of its picture; at least two are there. Order as Landmarks. */
  readonly anchors: readonly (Point | undefined)[];
}
