/** Variants of training faces: shifted, scaled, turned, mirrored, in other light, blurred, and with a part covered. */

import type { Rng } from "../../base/random/index.ts";
import { addBilinear, applyTo, type Image, mirror, type Similarity } from "../../faces/image/index.ts";
import type { Training } from "./config.ts";
import { spoil } from "./spoil.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

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
    if (mirrored && !faces.mirrored) to.set(mirror({ height, width, pixels: to }, channels).pixels);
    for (let at = 0; at < size; at++) to[at] = shade[to[at]];
  });
  if (augmentation.blur || augmentation.erase) spoil(out, training, rng.fork("spoil"));
  return out;
}

/** A face with its margin; of as many channels as the net takes. */
function cropOf(source: Uint8Array, row: number, margin: number, { height, width, channels }: Net): Image {
  const size = { height: height + 2 * margin, width: width + 2 * margin };
  const bytes = size.height * size.width * channels;
  return { pixels: source.subarray(row * bytes, (row + 1) * bytes), ...size };
}

type Net = Training["net"];

function cut(crop: Image, top: number, left: number, { height, width, channels }: Net, to: Uint8Array): void {
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * crop.width + left) * channels;
    to.set(crop.pixels.subarray(from, from + width * channels), y * width * channels);
  }
}

/** Where a variant's points lie in the crop: turned and scaled at random around the middle of the shifted cut. */
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
): Similarity {
  const angle = ((2 * rng.uniform() - 1) * rotation * Math.PI) / 180;
  const step = (1 + scale) ** (2 * rng.uniform() - 1);
  const turn = { a: step * Math.cos(angle), b: step * Math.sin(angle), shiftX: 0, shiftY: 0 };
  const middle = { x: width / 2, y: height / 2 };
  const turned = applyTo(middle, turn);
  return { ...turn, shiftX: left + middle.x - turned.x, shiftY: top + middle.y - turned.y };
}

function resample(crop: Image, toCrop: Similarity, net: Net, to: Uint8Array): void {
  const { height, width, channels } = net;
  const colour = new Float64Array(channels);
  let at = 0;
  for (let y = 0.5; y < height; y++) {
    for (let x = 0.5; x < width; x++) {
      const from = applyTo({ x, y }, toCrop);
      addBilinear(crop, channels, from.x, from.y, colour.fill(0));
      for (let c = 0; c < channels; c++) to[at++] = Math.round(colour[c]);
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
