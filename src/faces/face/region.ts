/**
 * Regions: the part of an aligned face that one net looks at. Each is data, so that a model file can carry it.
 * Paper: Section 4, 25 nets for 25 face regions of 55 x 47 and 47 x 47 pixels, colour or grey.
 */
import { InputError } from "../../base/errors/index.ts";
import { type Box, createResampler, type Image, type Size, toGrey } from "../image/index.ts";
import { fromCelebA, TEMPLATE } from "./template.ts";

export interface Region {
  readonly name: string;
  /** In pixels of the template. */
  readonly box: Box;
  /** Sides of the crop in pixels. */
  readonly height: number;
  readonly width: number;
  readonly colour: "rgb" | "grey";
  /** Sizes of the box, relative to its own, at which a face is looked at: its features are their mean (default: 1 alone). */
  readonly views?: readonly number[];
}

/** The whole face, 55 x 47 RGB: x 40 to 138, y 60.5 to 175.5 of CelebA's frame, brow to chin. */
export const WHOLE_FACE: Region = {
  name: "whole-face",
  box: {
    ...fromCelebA.point({ x: 40, y: 60.5 }),
    width: fromCelebA.length(138 - 40),
    height: fromCelebA.length(175.5 - 60.5),
  },
  height: 55,
  width: 47,
  colour: "rgb",
};

/** Whether the mirror image of the crop is the crop of the mirrored face: regions in the middle of the frame. */
export const isSymmetric = ({ box }: Region): boolean =>
  Math.abs(2 * box.x + box.width - TEMPLATE.width) < 0.5;

/** The regions that `region` is looked at as: one for each of its views, around the same middle. */
export const viewsOf = ({ views = [1], ...region }: Region): Region[] =>
  views.map((size) => {
    const { x, y, width, height } = region.box;
    const [left, top] = [x + (width * (1 - size)) / 2, y + (height * (1 - size)) / 2];
    return { ...region, box: { x: left, y: top, width: width * size, height: height * size } };
  });

/** The shape of a crop with `marginPixels` more on each side. */
export function cropSize(region: Region, marginPixels = 0): Size & { readonly channels: 1 | 3 } {
  return {
    height: region.height + 2 * marginPixels,
    width: region.width + 2 * marginPixels,
    channels: region.colour === "rgb" ? 3 : 1,
  };
}

/** Cuts `region` out of an aligned face; returns [height + 2 m, width + 2 m, channels], m = `marginPixels`. */
export function cropRegion(face: Image, region: Region, marginPixels = 0): Uint8Array {
  if (face.width !== TEMPLATE.width || face.height !== TEMPLATE.height) {
    throw new InputError(
      `cropRegion: needs an aligned face of ${TEMPLATE.width} x ${TEMPLATE.height} pixels, got ${face.width} x ${face.height}`,
    );
  }
  const { height, width, channels } = cropSize(region, marginPixels);
  const crop = new Uint8Array(height * width * channels);
  createRegionCropper(region, marginPixels)(face.pixels, crop);
  return crop;
}

/**
 * Prepares the cutting of one region out of many aligned faces [104, 88, 3] into [height + 2 m, width + 2 m, channels].
 * The margin is in pixels of the crop, at the crop's own density; beyond the frame its edge pixels go on.
 */
export function createRegionCropper(
  region: Region,
  marginPixels = 0,
): (face: Uint8Array, crop: Uint8Array) => void {
  if (!(Number.isInteger(marginPixels) && marginPixels >= 0)) {
    throw new InputError(`cropRegion: the margin must be a whole number of pixels, got ${marginPixels}`);
  }
  const { box } = region;
  const marginX = (marginPixels * box.width) / region.width;
  const marginY = (marginPixels * box.height) / region.height;
  const wider = {
    x: box.x - marginX,
    y: box.y - marginY,
    width: box.width + 2 * marginX,
    height: box.height + 2 * marginY,
  };
  const size = cropSize(region, marginPixels);
  const resample = createResampler(TEMPLATE, wider, size);
  if (region.colour === "rgb") return resample;
  const colour = new Uint8Array(size.height * size.width * 3);
  return (face, crop) => {
    resample(face, colour);
    toGrey(colour, crop);
  };
}
