/** Variants of training faces: shifted, scaled, turned, mirrored, and in other light. */
import type { Rng } from "../random/index.ts";
import type { Training } from "./config.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

/** Where a variant's pixels come from: column x and row y lie at `left` + `cos` x - `sin` y, `top` + `sin` x + `cos` y. */
interface Placement {
  readonly left: number;
  readonly top: number;
  readonly cos: number;
  readonly sin: number;
}

/** Cuts the crops of `rows` out of their margins, each at random: [rows, height, width, channels]. */
export function augment(
  faces: TrainingFaces,
  rows: readonly number[],
  training: Training,
  rng: Rng,
): Uint8Array {
  const { net, augmentation } = training;
  const { height, width, channels } = net;
  const size = height * width * channels;
  const out = new Uint8Array(rows.length * size);
  const shade = new Uint8Array(256);
  const { scale = 0, rotation = 0 } = augmentation;
  rows.forEach((row, i) => {
    const shift = () => faces.margin + rng.integer(2 * augmentation.shift + 1) - augmentation.shift;
    const [top, left] = [shift(), shift()];
    const mirrored = augmentation.mirror && rng.uniform() < 0.5;
    const source = mirrored && faces.mirrored ? faces.mirrored : faces.crops;
    relight(shade, augmentation.light, rng);
    const crop = cropOf(source, row, faces.margin, net);
    const to = out.subarray(i * size, (i + 1) * size);
    if (scale > 0 || rotation > 0) {
      resample(crop, place({ top, left, scale, rotation, height, width }, rng), net, to);
    } else {
      cut(crop, top, left, net, to);
    }
    if (mirrored && !faces.mirrored) flip(to, net);
    for (let at = 0; at < size; at++) to[at] = shade[to[at]];
  });
  return out;
}

/** A face with its margin. */
interface Crop {
  readonly pixels: Uint8Array; // [height, width, channels]
  readonly height: number;
  readonly width: number;
}

function cropOf(source: Uint8Array, row: number, margin: number, { height, width, channels }: Net): Crop {
  const size = { height: height + 2 * margin, width: width + 2 * margin };
  const bytes = size.height * size.width * channels;
  return { pixels: source.subarray(row * bytes, (row + 1) * bytes), ...size };
}

type Net = Training["net"];

function cut(crop: Crop, top: number, left: number, { height, width, channels }: Net, to: Uint8Array): void {
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * crop.width + left) * channels;
    to.set(crop.pixels.subarray(from, from + width * channels), y * width * channels);
  }
}

/** A similarity around the middle of the shifted crop, its size and angle at random. */
function place(
  {
    top,
    left,
    scale,
    rotation,
    height,
    width,
  }: Record<"top" | "left" | "scale" | "rotation", number> & Pick<Net, "height" | "width">,
  rng: Rng,
): Placement {
  const angle = ((2 * rng.uniform() - 1) * rotation * Math.PI) / 180;
  const step = (1 + scale) ** (2 * rng.uniform() - 1);
  const [cos, sin] = [step * Math.cos(angle), step * Math.sin(angle)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return { cos, sin, left: left + x - (cos * x - sin * y), top: top + y - (sin * x + cos * y) };
}

/** Bilinear; beyond the crop's edge its last pixels go on. */
function resample(crop: Crop, { left, top, cos, sin }: Placement, net: Net, to: Uint8Array): void {
  const { height, width, channels } = net;
  const { pixels } = crop;
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = Math.min(Math.max(left + cos * x - sin * y, 0), crop.width - 1);
      const v = Math.min(Math.max(top + sin * x + cos * y, 0), crop.height - 1);
      const [x0, y0] = [Math.min(Math.floor(u), crop.width - 2), Math.min(Math.floor(v), crop.height - 2)];
      const [a, b] = [u - x0, v - y0];
      let from = (y0 * crop.width + x0) * channels;
      const below = from + crop.width * channels;
      for (let c = 0; c < channels; c++, from++) {
        const upper = pixels[from] * (1 - a) + pixels[from + channels] * a;
        const lower = pixels[below + c] * (1 - a) + pixels[below + c + channels] * a;
        to[at++] = upper * (1 - b) + lower * b + 0.5; // the array drops the fraction
      }
    }
  }
}

/** Mirrors left to right, in place. */
function flip(pixels: Uint8Array, { height, width, channels }: Net): void {
  for (let y = 0; y < height; y++) {
    for (let [l, r] = [y * width, (y + 1) * width - 1]; l < r; l++, r--) {
      for (let c = 0; c < channels; c++) {
        const [i, j] = [l * channels + c, r * channels + c];
        [pixels[i], pixels[j]] = [pixels[j], pixels[i]];
      }
    }
  }
}

/** Fills `shade` with a random change of contrast and brightness: what each of the 256 values becomes. */
function relight(shade: Uint8Array, strength: number, rng: Rng): void {
  const contrast = 1 + strength * (2 * rng.uniform() - 1);
  const brightness = 127.5 * strength * (2 * rng.uniform() - 1);
  for (let value = 0; value < 256; value++) {
    shade[value] = Math.min(255, Math.max(0, Math.round((value - 127.5) * contrast + 127.5 + brightness)));
  }
}
