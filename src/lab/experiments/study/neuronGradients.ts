/** By the net's gradients: which pixels of faces excite a neuron, and the faces that it would like best. */
import type { Progress } from "../../../base/progress/index.ts";
import { type AlignedFaces, syntheticFaces } from "../../../faces/data/index.ts";
import { cropRegion, isSymmetric, type Region, TEMPLATE } from "../../../faces/face/index.ts";
import { createImage, type Image, resizeRegion } from "../../../faces/image/index.ts";
import { encodePng } from "../../../faces/pictureFiles/index.ts";
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

/** Faces looked at, drawn faces that are changed, and by how much pictures are enlarged. */
const [LOOKED_AT, DRAWN, ENLARGED] = [6, 3, 3];
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
  const { region } = card;
  if (ownNetOf(card) === undefined || !isSymmetric(region)) return undefined;
  const gradient = await openFaceGradient(folder, { ...engine, feature });
  try {
    const slopesAt = neuronSlopes(gradient, neuron);
    const looked = Math.min(LOOKED_AT, faces.count);
    let step = 0;
    const done = () => {
      signal?.throwIfAborted();
      onProgress?.(++step, looked + DRAWN);
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
    const drawn = await syntheticFaces({ people: DRAWN, pictures: 1, seed: 1 });
    for (let row = 0; row < DRAWN; row++) {
      favourites.push(await favouriteOf(await faceOf(drawn.faces, row), region, slopesAt));
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

async function favouriteOf(face: Image, region: Region, slopesAt: SlopesAt): Promise<ReportImage> {
  const shape = {
    height: region.height,
    width: region.width,
    channels: region.colour === "rgb" ? 3 : 1,
  } as const;
  const input = toNetInput(cropRegion(face, region), shape);
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
function marked(crop: Image, worth: Float32Array): Image {
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

async function uriOf(image: Image): Promise<string> {
  const { width, height } = image;
  const large = resizeRegion(
    image,
    { x: 0, y: 0, width, height },
    { width: ENLARGED * width, height: ENLARGED * height },
  );
  return `data:image/png;base64,${Buffer.from(await encodePng(large)).toString("base64")}`;
}
