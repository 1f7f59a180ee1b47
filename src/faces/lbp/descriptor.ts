/**
 * The high-dimensional LBP of one aligned face: 21 landmarks x 5 scales x 4 x 4 cells x 59 bins = 99,120 counts.
 * Source: Chen, Cao, Wen and Sun, "Blessing of Dimensionality", CVPR 2013, the baseline of the paper's Sections 6
 * and 7. Patches have a fixed size over a pyramid of pictures, so that a small picture's patch covers more of the face.
 *
 * Departures. Landmarks: see landmarks.ts. Pictures: the pyramid is made of the aligned frame, whose eyes lie 25 pixels
 * apart, while the original's largest picture has 75: the three finer scales show the frame enlarged, smooth between its
 * pixels, and hold none of the detail that a larger photo would have.
 *
 * The border is dlib's: a pixel without a full circle of neighbours falls in the bin of non-uniform patterns. Here so do
 * the pixels of a patch that lie beyond the frame, so that every cell counts exactly 100 pixels.
 */
import { InputError } from "../../base/errors/index.ts";
import { TEMPLATE } from "../face/index.ts";
import { createGreyResampler, type Size, toGrey } from "../image/index.ts";
import { EYE_DISTANCE, LBP_LANDMARKS } from "./landmarks.ts";
import { BINS, binPixels, OTHER } from "./patterns.ts";

/** Cells along a patch's side, and pixels along a cell's. */
export const CELLS = 4;
export const CELL_SIDE = 10;
const PATCH_SIDE = CELLS * CELL_SIDE;

/** Distance between the eyes at each scale, in pixels: a quarter of the original's sides of 300, 212, 150, 106 and 75. */
export const SCALES: readonly number[] = [75, 53, 37.5, 26.5, 18.75];

/** Numbers of one landmark at one scale, [4, 4, 59]. */
export const PATCH_LENGTH = CELLS * CELLS * BINS;

/** Numbers of one face, [21, 5, 4, 4, 59]: landmark, scale, row and column of the cell, bin. */
export const LBP_LENGTH: number = LBP_LANDMARKS.length * SCALES.length * PATCH_LENGTH;

/** Changes whenever the numbers of a face change: components fitted to others must not be used. */
export const DESCRIPTOR_VERSION = 1;

const FACE_BYTES = TEMPLATE.height * TEMPLATE.width * 3;

/** Counts the patterns of one aligned `face` [104, 88, 3] into `counts` [21, 5, 4, 4, 59], each 0 to 100. */
export type LbpDescriptor = (face: Uint8Array, counts: Uint8Array) => void;

/** Prepares to describe many faces. What it returns keeps its working memory and so serves one face at a time. */
export function createLbpDescriptor(): LbpDescriptor {
  const grey = new Uint8Array(TEMPLATE.height * TEMPLATE.width);
  const scales = SCALES.map(createScale);
  return (face, counts) => {
    if (!(face.length === FACE_BYTES && counts.length === LBP_LENGTH)) {
      throw new InputError(
        `lbp: needs a face of ${FACE_BYTES} bytes and ${LBP_LENGTH} counts, got ${face.length} and ${counts.length}`,
      );
    }
    counts.fill(0);
    toGrey(face, grey);
    for (const [scale, { bins, stride, patches, code }] of scales.entries()) {
      code(grey);
      for (const [landmark, start] of patches.entries()) {
        countPatch(bins, start, stride, counts, (landmark * SCALES.length + scale) * PATCH_LENGTH);
      }
    }
  };
}

/** One picture of the pyramid. */
interface Scale {
  /** The bin of every pixel, in a margin wide enough for all patches; rows are `stride` apart. */
  readonly bins: Uint8Array;
  readonly stride: number;
  /** Where each landmark's patch begins in `bins`. */
  readonly patches: readonly number[];
  /** Fills `bins` from a grey face [104, 88]. */
  code(grey: Uint8Array): void;
}

/**
 * The sides of the aligned frame where its eyes lie `eyeDistance` pixels apart. The width is even: then the middle line
 * falls between two pixels, and the patches of a mirror image are mirrored patches.
 */
export function sizeAt(eyeDistance: number): Size {
  const factor = eyeDistance / EYE_DISTANCE;
  return {
    width: 2 * Math.round((TEMPLATE.width * factor) / 2),
    height: Math.round(TEMPLATE.height * factor),
  };
}

function createScale(eyeDistance: number): Scale {
  const { width, height } = sizeAt(eyeDistance);
  const stride = width + 2 * PATCH_SIDE;
  const bins = new Uint8Array(stride * (height + 2 * PATCH_SIDE)).fill(OTHER);
  const resample = createGreyResampler(TEMPLATE, { width, height });
  const resized = new Uint16Array(width * height);
  const at = PATCH_SIDE * stride + PATCH_SIDE;
  const patches = LBP_LANDMARKS.map(({ x, y }) => {
    const left = Math.round((x * width) / TEMPLATE.width - PATCH_SIDE / 2);
    const top = Math.round((y * height) / TEMPLATE.height - PATCH_SIDE / 2);
    return at + top * stride + left; // landmarks lie inside the frame, so patches inside the margin
  });
  return {
    bins,
    stride,
    patches,
    code(grey) {
      resample(grey, resized);
      binPixels(resized, { width, height }, bins, { at, stride });
    },
  };
}

/** Adds the histograms of the 16 cells of the patch that begins at `start` of `bins` to `counts` from `to` on. */
function countPatch(bins: Uint8Array, start: number, stride: number, counts: Uint8Array, to: number): void {
  for (let y = 0; y < PATCH_SIDE; y++) {
    let at = start + y * stride;
    let cell = to + Math.floor(y / CELL_SIDE) * CELLS * BINS;
    for (let column = 0; column < CELLS; column++, cell += BINS) {
      for (let x = 0; x < CELL_SIDE; x++) counts[cell + bins[at++]]++;
    }
  }
}
