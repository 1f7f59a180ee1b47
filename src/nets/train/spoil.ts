/** Crops that are harder to tell: some blurred, some with a part covered. Not in the paper, whose nets see none in training. */
import type { Rng } from "../../base/random/index.ts";
import type { Training } from "./config.ts";

/** Blurs a share of `crops` [n, height, width, channels] and covers a part of a share, in place. */
export function spoil(crops: Uint8Array, { net, augmentation }: Training, rng: Rng): void {
  const { blur = 0, erase = 0 } = augmentation;
  const size = net.height * net.width * net.channels;
  const count = crops.length / size;
  const before = crops.slice(); // what covers one crop comes from another as it was
  for (let i = 0; i < count; i++) {
    const crop = crops.subarray(i * size, (i + 1) * size);
    if (rng.uniform() < blur) smooth(crop, net);
    if (rng.uniform() >= erase) continue;
    const other = rng.integer(count) * size;
    cover(crop, before.subarray(other, other + size), { net, rng });
  }
}

type Net = Training["net"];

/** Weighs each pixel and its neighbours as 1 2 1, along rows and columns. */
function smooth(crop: Uint8Array, { height, width, channels }: Net): void {
  const from = crop.slice();
  const near = (at: number, by: number, sides: number) => Math.min(sides - 1, Math.max(0, at + by));
  for (let y = 0; y < height; y++) {
    const rows = [near(y, -1, height), y, near(y, 1, height)].map((row) => row * width);
    for (let x = 0; x < width; x++) {
      const [left, right] = [near(x, -1, width), near(x, 1, width)];
      for (let c = 0; c < channels; c++) {
        const across = (row: number) =>
          from[(row + left) * channels + c] +
          2 * from[(row + x) * channels + c] +
          from[(row + right) * channels + c];
        const sum = across(rows[0]) + 2 * across(rows[1]) + across(rows[2]);
        crop[(rows[1] + x) * channels + c] = (sum + 8) >> 4;
      }
    }
  }
}

/** The share of a crop that is covered, and how much longer than wide the cover may be, or the other way round. */
const COVERED = { least: 0.04, most: 0.25, ratio: 2 } as const;

/** Covers a rectangle of `crop` at random: black, in one colour, or with a part of the crop `other`. */
function cover(crop: Uint8Array, other: Uint8Array, { net, rng }: { net: Net; rng: Rng }): void {
  const { height, width, channels } = net;
  const area = (COVERED.least + (COVERED.most - COVERED.least) * rng.uniform()) * height * width;
  const ratio = COVERED.ratio ** (2 * rng.uniform() - 1);
  const sides = (length: number, most: number) => Math.min(most, Math.max(1, Math.round(length)));
  const [h, w] = [sides(Math.sqrt(area * ratio), height), sides(Math.sqrt(area / ratio), width)];
  const [top, left] = [rng.integer(height - h + 1), rng.integer(width - w + 1)];
  const [otherTop, otherLeft] = [rng.integer(height - h + 1), rng.integer(width - w + 1)];
  const kind = rng.integer(3);
  const colour = Array.from({ length: channels }, () => (kind === 0 ? 0 : rng.integer(256)));
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const to = ((top + y) * width + left + x) * channels;
      const from = ((otherTop + y) * width + otherLeft + x) * channels;
      for (let c = 0; c < channels; c++) crop[to + c] = kind === 2 ? other[from + c] : colour[c];
    }
  }
}
