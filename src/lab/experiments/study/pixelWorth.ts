/** What each pixel of a face adds to a neuron, or to a verdict: integrated gradients through a released net. Beyond the paper. */
import { InputError } from "../../../base/errors/index.ts";
import { cropRegion, isSymmetric, type Region, TEMPLATE, viewsOf } from "../../../faces/face/index.ts";
import type { Image } from "../../../faces/image/index.ts";
import { type Matcher, pairSlope } from "../../../matching/match/index.ts";
import { type FaceGradient, type InputSize, toNetInput } from "../../../nets/net/index.ts";
import {
  type Attribution,
  integratedGradients,
  type OcclusionMap,
  type SlopesAt,
} from "../../studies/index.ts";

/** [views, height, width] of the region: what each pixel adds, its colours together, compared with a face of middle grey. */
export type PixelWorth = Attribution;

/**
 * What each pixel of `face` (aligned) adds to the answer whose slopes are `slopesAt`: `neuronSlopes` or `pairSlopes`.
 *
 * @throws InputError where `region` does not lie in the middle, so that the mirror image of a crop is not the mirrored face's.
 */
export async function pixelWorth(
  face: Image,
  region: Region,
  slopesAt: SlopesAt,
  { steps }: { readonly steps?: number } = {},
): Promise<PixelWorth> {
  if (!isSymmetric(region)) {
    throw new InputError(`${region.name}: gradients are known of regions in the middle of the face only`);
  }
  const channels = region.colour === "rgb" ? 3 : 1;
  const views = viewsOf(region);
  const pixels = region.height * region.width;
  const input = new Float32Array(views.length * channels * pixels);
  views.forEach((view, at) => {
    input.set(toNetInput(cropRegion(face, view), { ...view, channels }), at * channels * pixels);
  });
  const found = await integratedGradients(
    input,
    { baseline: new Float32Array(input.length), steps },
    slopesAt,
  );
  const worth = new Float32Array(views.length * pixels);
  found.worth.forEach((value, at) => {
    worth[Math.floor(at / (channels * pixels)) * pixels + (at % pixels)] += value;
  });
  return { ...found, worth };
}

/** The slopes of one neuron; those from `gradient.neurons` on are of the mirror image, as in a model's features. */
export function neuronSlopes(gradient: FaceGradient, neuron: number): SlopesAt {
  const { neurons, size } = gradient;
  const numbers = numbersOf(gradient);
  if (!(Number.isInteger(neuron) && neuron >= 0 && neuron < 2 * neurons)) {
    throw new InputError(`neuron: needs one from 0 to ${2 * neurons - 1}, got ${neuron}`);
  }
  const isMirrored = neuron >= neurons;
  const column = neuron % neurons;
  return async (points) => {
    const count = points.length / numbers;
    const directions = new Float32Array(count * neurons);
    for (let i = 0; i < count; i++) directions[i * neurons + column] = 1;
    const seen = isMirrored ? mirrored(points, size) : points;
    const { features, slopes } = await gradient.run(seen, directions);
    const answers = Array.from({ length: count }, (_, i) => features[i * neurons + column]);
    return { answers, slopes: isMirrored ? mirrored(slopes, size) : slopes };
  };
}

/** The slopes of the score with the face of coordinates `other`: in nats, as `matcher.pair` says it before calibration. */
export function pairSlopes(gradient: FaceGradient, matcher: Matcher, other: Float64Array): SlopesAt {
  const { neurons, size } = gradient;
  return async (points) => {
    const images = [points, mirrored(points, size)];
    const count = points.length / numbersOf(gradient);
    const halves = [await gradient.features(images[0]), await gradient.features(images[1])];
    const directions = [new Float32Array(count * neurons), new Float32Array(count * neurons)];
    const answers: number[] = [];
    for (let i = 0; i < count; i++) {
      const features = new Float32Array(2 * neurons);
      halves.forEach((half, k) => {
        features.set(half.subarray(i * neurons, (i + 1) * neurons), k * neurons);
      });
      const { score, slope } = pairSlope(matcher, features, other);
      answers.push(score);
      directions.forEach((half, k) => {
        half.set(slope.subarray(k * neurons, (k + 1) * neurons), i * neurons);
      });
    }
    const { slopes } = await gradient.run(images[0], directions[0]);
    const back = mirrored((await gradient.run(images[1], directions[1])).slopes, size);
    return { answers, slopes: slopes.map((value, at) => value + back[at]) };
  };
}

/** Numbers of a face as `gradient` takes it. */
const numbersOf = ({ views, size: { channels, height, width } }: FaceGradient) =>
  views * channels * height * width;

/** Each row of pixels of [..., width] turned round. */
function mirrored(pictures: Float32Array, { width }: InputSize): Float32Array {
  return pictures.map((_, at) => pictures[at - (at % width) + (width - 1 - (at % width))]);
}

/** Places of the aligned face over which pixels are added up: 4 x 4 pixels of it each. */
const PLACE = 4;

/** What every place of the aligned face adds: the pixels of `region` whose middles lie in it, together. */
export function worthOfPlaces({ worth }: Pick<PixelWorth, "worth">, region: Region): OcclusionMap {
  const { height, width } = region;
  const boxes = viewsOf(region).map(({ box }) => box);
  const [columns, rows] = [TEMPLATE.width / PLACE, TEMPLATE.height / PLACE];
  const places = new Array<number>(columns * rows).fill(0);
  worth.forEach((value, at) => {
    const box = boxes[Math.floor(at / (height * width))];
    const x = box.x + (((at % width) + 0.5) * box.width) / width;
    const y = box.y + (((Math.floor(at / width) % height) + 0.5) * box.height) / height;
    const place = Math.floor(y / PLACE) * columns + Math.floor(x / PLACE);
    if (place >= 0 && place < places.length) places[place] += value;
  });
  return { columns, rows, worth: places };
}
