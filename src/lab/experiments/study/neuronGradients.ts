/** By the net's gradients: which pixels of faces excite a neuron, and the faces that it would like best. */
import type { Progress } from "../../../base/progress/index.ts";
import { type AlignedFaces, syntheticFaces } from "../../../faces/data/index.ts";
import { cropRegion, isSymmetric, type Region, TEMPLATE } from "../../../faces/face/index.ts";
import { createImage, type Image, resizeRegion } from "../../../faces/image/index.ts";
import { pngUri } from "../../../faces/pictureFiles/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { openFaceGradient, ownNetOf } from "../../../nets/models/index.ts";
import { type ModelCard, toNetInput } from "../../../nets/net/index.ts";
import type { ReportImage } from "../../report/index.ts";
import { favouriteInput, type SlopesAt } from "../../studies/index.ts";
import { neuronSlopes, pixelWorth } from "./pixelWorth.ts";

export interface NeuronGradients {
  /** Faces with the pixels that raise the activation in green, those that lower it in pink. */
  readonly pixels: readonly ReportImage[];
  /** Drawn faces as they are, and changed until the neuron fires most. */
  readonly favourites: readonly ReportImage[];
}

/** Faces looked at. */
const LOOKED_AT = 6;
/** Drawn faces, of which those are changed that excite the neuron most: where it is silent there is no way up. */
const [DRAWN, CHANGED] = [24, 3];
/** Pictures are so many times as large as the region. */
const ENLARGED = 3;
/** What a pixel is shown to add is the mean of so many around it, to each side: single pixels are noise. */
const AROUND = 2;
/** Colours that people with every kind of sight tell apart: for more, for less. */
const [MORE, LESS] = [
  [0, 165, 130],
  [214, 51, 150],
];

/** Undefined for a net whose gradients are not known: an imported one, or one that looks aside. */
export async function neuronGradients(
  { folder, card }: { readonly folder: string; readonly card: ModelCard },
  faces: AlignedFaces,
  { neuron, feature, onProgress, signal, ...engine }: Progress & SessionOptions & NeuronOf,
): Promise<NeuronGradients | undefined> {
  const { views: _, ...region } = card.region; // crops are drawn, and one is wanted of each face
  if (ownNetOf(card) === undefined || !isSymmetric(region)) return undefined;
  const gradient = await openFaceGradient(folder, { ...engine, feature, views: false });
  try {
    const slopesAt = neuronSlopes(gradient, neuron);
    const looked = Math.min(LOOKED_AT, faces.count);
    let step = 0;
    const done = () => {
      signal?.throwIfAborted();
      onProgress?.(++step, looked + CHANGED);
    };
    const pixels: ReportImage[] = [];
    for (let row = 0; row < looked; row++) {
      const face = await faceOf(faces, row);
      const { worth, answer, baselineAnswer } = await pixelWorth(face, region, slopesAt);
      const src = await uriOf(marked(cropOf(face, region), worth));
      const caption = `activation ${answer.toFixed(2)}, of grey ${baselineAnswer.toFixed(2)}`;
      pixels.push({ src, caption, alt: `pixels of ${faces.names[row]} that excite the neuron` });
      done();
    }
    const favourites: ReportImage[] = [];
    for (const start of await startsOf(region, slopesAt)) {
      favourites.push(await favouriteOf(start, region, slopesAt));
      done();
    }
    return { pixels, favourites };
  } finally {
    await gradient.release();
  }
}

interface NeuronOf {
  readonly neuron: number;
  readonly feature: string;
}

const faceOf = async (faces: AlignedFaces, row: number): Promise<Image> =>
  createImage(TEMPLATE.width, TEMPLATE.height, await faces.readRange(row, 1));

const inputOf = (face: Image, region: Region) => {
  const shape = {
    height: region.height,
    width: region.width,
    channels: region.colour === "rgb" ? 3 : 1,
  } as const;
  return { shape, input: toNetInput(cropRegion(face, region), shape) };
};

/** The drawn faces that excite the neuron most. */
async function startsOf(region: Region, slopesAt: SlopesAt): Promise<Image[]> {
  const { faces } = await syntheticFaces({ people: DRAWN, pictures: 1, seed: 1 });
  const all = await Promise.all(Array.from({ length: DRAWN }, (_, row) => faceOf(faces, row)));
  const inputs = all.map((face) => inputOf(face, region).input);
  const points = new Float32Array(DRAWN * inputs[0].length);
  for (const [i, input] of inputs.entries()) points.set(input, i * input.length);
  const { answers } = await slopesAt(points);
  const ranked = all.map((face, i) => ({ face, answer: answers[i] })).sort((a, b) => b.answer - a.answer);
  return ranked.slice(0, CHANGED).map(({ face }) => face);
}

async function favouriteOf(face: Image, region: Region, slopesAt: SlopesAt): Promise<ReportImage> {
  const { shape, input } = inputOf(face, region);
  const { picture, answers } = await favouriteInput(input, shape, slopesAt);
  const pixels = shape.height * shape.width;
  const bytes = new Uint8Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) bytes[3 * i + c] = 127.5 * (picture[(c % shape.channels) * pixels + i] + 1);
  }
  const changed = createImage(shape.width, shape.height, bytes);
  return {
    src: [await uriOf(cropOf(face, region)), await uriOf(changed)],
    caption: `activation ${answers[0].toFixed(2)} and ${answers.at(-1)!.toFixed(2)}`,
    alt: "a drawn face, and changed until the neuron fires most",
  };
}

/** The region of a face in colours, as three bytes a pixel. */
function cropOf(face: Image, region: Region): Image {
  const crop = cropRegion(face, region);
  const channels = region.colour === "rgb" ? 3 : 1;
  const pixels = Uint8Array.from({ length: 3 * region.height * region.width }, (_, at) =>
    channels === 3 ? crop[at] : crop[Math.floor(at / 3)],
  );
  return createImage(region.width, region.height, pixels);
}

/** `crop` in grey, with colour as strong as its pixel's worth is among all. */
function marked(crop: Image, each: Float32Array): Image {
  const worth = meansAround(each, crop.width);
  const most = worth.reduce((sum, value) => Math.max(sum, Math.abs(value)), 1e-9);
  const pixels = new Uint8Array(crop.pixels.length);
  worth.forEach((value, i) => {
    const [r, g, b] = crop.pixels.subarray(3 * i, 3 * i + 3);
    const grey = 0.5 * (0.299 * r + 0.587 * g + 0.114 * b) + 90;
    const strength = Math.sqrt(Math.abs(value) / most);
    const colour = value >= 0 ? MORE : LESS;
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = (1 - strength) * grey + strength * colour[c];
  });
  return createImage(crop.width, crop.height, pixels);
}

/** The mean of the pixels around each, as far as there are any. */
function meansAround(values: Float32Array, width: number): Float32Array {
  const height = values.length / width;
  return values.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    let [sum, count] = [0, 0];
    for (let row = Math.max(0, y - AROUND); row <= Math.min(height - 1, y + AROUND); row++) {
      for (let column = Math.max(0, x - AROUND); column <= Math.min(width - 1, x + AROUND); column++) {
        sum += values[row * width + column];
        count++;
      }
    }
    return sum / count;
  });
}

async function uriOf(image: Image): Promise<string> {
  const { width, height } = image;
  const large = resizeRegion(
    image,
    { x: 0, y: 0, width, height },
    { width: ENLARGED * width, height: ENLARGED * height },
  );
  return pngUri(large);
}
