/**
 * Ways to spoil an aligned face. Paper: Section 7, Fig. 14: partial occlusion of 10 to 70 % from the bottom, and random
 * black blocks of 10 x 10 to 70 x 70 pixels; beyond it: blur, noise, JPEG, darkness, and cut-out things before the face.
 *
 * The paper does not say of which picture its percentages and pixels are. Here they are of the whole-face region drawn
 * 100 pixels high (85 wide): eyes are then covered above 56 %, as its text has it, and a block of 50 takes 29 % of it.
 * A second reading takes blocks anywhere in CelebA's aligned frame, of which the face is the smaller part.
 * All are drawn into the aligned frame, before regions are cut, so that every net and LBP see the same face; landmarks
 * are those of the clean picture, so that features are tested and not the finding of landmarks.
 */
import { InputError } from "../../base/errors/index.ts";
import { createRng, type Rng } from "../../base/random/index.ts";
import { CELEBA_FRAME, type FaceReader, fromCelebA, TEMPLATE, WHOLE_FACE } from "../../faces/face/index.ts";
import type { Box, Image } from "../../faces/image/index.ts";

export interface Corruption {
  readonly name: string;
  /** What its levels are, for axes: "Share of the face covered, %". */
  readonly label: string;
  /** From mild to strong; 0 is always the clean face and is not listed. */
  readonly levels: readonly number[];
  /** Spoils `face` [104, 88, 3] in place. The `rng` depends on the picture's name and the level. */
  apply(face: Image, level: number, rng: Rng): void | Promise<void>;
}

/** Height of the whole-face region in the pixels that blocks are measured in. */
export const CANONICAL_HEIGHT = 100;

/** Template pixels per canonical pixel. */
const CANONICAL = WHOLE_FACE.box.height / CANONICAL_HEIGHT;

/** The face covered from the bottom up, and what lies below it too. */
export const partialOcclusion: Corruption = {
  name: "partial",
  label: "Share of the face covered from the bottom (%)",
  levels: [10, 20, 30, 40, 50, 60, 70],
  apply(face, level) {
    checkLevel("partial", level, 100);
    const { y, height } = WHOLE_FACE.box;
    const top = Math.round(y + height * (1 - level / 100));
    face.pixels.fill(0, Math.max(0, top) * face.width * 3);
  },
};

/** Fills with `grey` the part of a square at a random place of `area` that lies on the face; all in template pixels. */
function cover(face: Image, area: Box, { side, grey }: { side: number; grey: number }, rng: Rng): void {
  const place = (start: number, length: number) => Math.round(start + rng.uniform() * (length - side));
  const [left, top] = [place(area.x, area.width), place(area.y, area.height)];
  const [first, last] = [Math.max(0, left), Math.min(face.width, left + side)];
  for (let row = Math.max(0, top); row < Math.min(face.height, top + side); row++) {
    face.pixels.fill(grey, (row * face.width + first) * 3, (row * face.width + Math.max(first, last)) * 3);
  }
}

/** One square of `grey` at a random place inside the whole-face region. */
const blocks = (name: string, what: string, grey: number): Corruption => ({
  name,
  label: `Side of a random ${what} (pixels of a face 100 high)`,
  levels: [10, 20, 30, 40, 50, 60, 70],
  apply(face, level, rng) {
    checkLevel(name, level, 85);
    cover(face, WHOLE_FACE.box, { side: Math.round(level * CANONICAL), grey }, rng);
  },
});

/** The paper's blocks, black. */
export const blockOcclusion = blocks("block", "block", 0);

/** Beyond the paper: in middle grey, which has no edges as hard as black on skin. */
export const greyBlockOcclusion = blocks("grey-block", "grey block", 128);

/** CelebA's aligned frame, of which the template shows a window. */
const FRAME: Box = {
  ...fromCelebA.point({ x: 0, y: 0 }),
  width: fromCelebA.length(CELEBA_FRAME.width),
  height: fromCelebA.length(CELEBA_FRAME.height),
};

/** Another reading of the paper's blocks: of the pixels of CelebA's aligned pictures, anywhere in these. */
export const frameBlockOcclusion: Corruption = {
  name: "frame-block",
  label: "Side of a block anywhere in CelebA's frame of 178 x 218 (pixels)",
  levels: [10, 20, 30, 40, 50, 60, 70],
  apply(face, level, rng) {
    checkLevel("frame-block", level, CELEBA_FRAME.width);
    cover(face, FRAME, { side: Math.round(fromCelebA.length(level)), grey: 0 }, rng);
  },
};

/** Light taken away: every pixel times 1 - level/100, and rounded, as a camera would have. */
export const darkness: Corruption = {
  name: "darkness",
  label: "Light taken away (%)",
  levels: [50, 70, 80, 90, 95, 98],
  apply({ pixels }, level) {
    checkLevel("darkness", level, 100);
    for (let i = 0; i < pixels.length; i++) pixels[i] = Math.round(pixels[i] * (1 - level / 100));
  },
};

/** Gaussian noise on every value. */
export const noise: Corruption = {
  name: "noise",
  label: "Standard deviation of the noise (of 255)",
  levels: [10, 20, 40, 60, 80, 120],
  apply({ pixels }, level, rng) {
    checkLevel("noise", level, 255);
    for (let i = 0; i < pixels.length; i++) {
      pixels[i] = Math.min(255, Math.max(0, Math.round(pixels[i] + level * rng.normal())));
    }
  },
};

/** Gaussian blur, one side after the other; beyond the frame its edge pixels go on. */
export const blur: Corruption = {
  name: "blur",
  label: "Standard deviation of the blur (pixels of a face 100 high)",
  levels: [2, 4, 6, 8, 12, 16],
  apply(face, level) {
    checkLevel("blur", level, 100);
    const kernel = gaussian(level * CANONICAL);
    const { width, height, pixels } = face;
    const across = convolve(pixels, kernel, { lines: height, length: width, step: 3, stride: width * 3 });
    const down = convolve(across, kernel, { lines: width, length: height, step: width * 3, stride: 3 });
    for (let i = 0; i < pixels.length; i++) pixels[i] = Math.round(down[i]);
  },
};

/** `level` is 100 less libjpeg's quality; `recompress` encodes and decodes. */
export const jpeg = (recompress: (face: Image, quality: number) => Promise<Image>): Corruption => ({
  name: "jpeg",
  label: "JPEG compression (100 less the quality)",
  levels: [50, 80, 90, 95, 98],
  async apply(face, level) {
    checkLevel("jpeg", level, 99);
    face.pixels.set((await recompress(face, 100 - level)).pixels);
  },
});

function checkLevel(name: string, level: number, most: number): void {
  if (!(level > 0 && level <= most)) {
    throw new InputError(`corruption: levels of ${name} lie above 0 and up to ${most}, got ${level}`);
  }
}

/** `faces` spoiled; level 0 gives the very same faces. What happens to a picture depends on its name, not on the others. */
export function corruptedFaces(
  faces: FaceReader,
  corruption: Corruption,
  { level, seed }: { level: number; seed: number },
): FaceReader {
  if (level === 0) return faces;
  const rng = createRng(seed).fork(`${corruption.name} ${level}`);
  return {
    ...faces,
    key: undefined, // other pixels than those that the key names
    async readRange(first, count) {
      const pixels = (await faces.readRange(first, count)).slice();
      const bytes = TEMPLATE.width * TEMPLATE.height * 3;
      for (let i = 0; i < count; i++) {
        const face = { ...TEMPLATE, pixels: pixels.subarray(i * bytes, (i + 1) * bytes) };
        await corruption.apply(face, level, rng.fork(faces.names[first + i]));
      }
      return pixels;
    },
  };
}

/** Those that need nothing else, the paper's own first. */
export const PLAIN_CORRUPTIONS: readonly Corruption[] = [
  partialOcclusion,
  blockOcclusion,
  frameBlockOcclusion,
  greyBlockOcclusion,
  blur,
  noise,
  darkness,
];

/** Weights of a Gaussian out to three deviations; they sum to 1. */
function gaussian(deviation: number): Float64Array {
  const reach = Math.max(1, Math.ceil(3 * deviation));
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Convolves every line of 3-channel pixels along it; pixels of a line lie `step` apart, lines `stride`. */
function convolve(
  from: ArrayLike<number>,
  kernel: Float64Array,
  { lines, length, step, stride }: { lines: number; length: number; step: number; stride: number },
): Float32Array {
  const to = new Float32Array(from.length);
  const reach = kernel.length >> 1;
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          const j = Math.min(Math.max(i + k, 0), length - 1);
          sum += kernel[k + reach] * from[line * stride + j * step + channel];
        }
        to[line * stride + i * step + channel] = sum;
      }
    }
  }
  return to;
}
