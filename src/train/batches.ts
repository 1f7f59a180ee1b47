/**
 * Mini-batches of pairs. Batch number k is a function of the faces, the config and k alone, so a resumed run
 * sees the batches that an undisturbed one would.
 */
import { InputError } from "../errors/index.ts";
import { createRng, type Rng, shuffle } from "../random/index.ts";
import type { Training } from "./config.ts";

/** Crops in memory, with a margin on each side for shifts. */
export interface TrainingFaces {
  readonly crops: Uint8Array; // [n, height + 2 margin, width + 2 margin, channels]
  /** Crops of the mirrored faces, where they are not just the mirrored crops: of regions off the middle. */
  readonly mirrored?: Uint8Array;
  readonly margin: number;
  readonly identities: Int32Array; // [n], 0 to people - 1
  readonly people: number;
}

/** One mini-batch; rows 2i and 2i + 1 show the same person. */
export interface FaceBatch {
  readonly faces: Uint8Array; // [2 pairs, height, width, channels]
  readonly identities: Float32Array; // [2 pairs]
  readonly masks: Uint8Array; // [taps, 2 pairs, neurons]
}

export type BatchMaker = (step: number) => FaceBatch;

/** Prepares the making of batches. Needs two pictures of every person. */
export function createBatches(faces: TrainingFaces, training: Training): BatchMaker {
  checkFaces(faces, training);
  const rowsOf = groupByPerson(faces);
  const lonely = rowsOf.findIndex((rows) => rows.length < 2);
  if (lonely >= 0) {
    throw new InputError(
      `batches: person ${lonely} has ${rowsOf[lonely].length} pictures; training needs two of each`,
    );
  }
  const root = createRng(training.seed);
  let epoch = { number: -1, pairs: [] as number[][] };
  const pairsOf = (number: number) => {
    if (epoch.number !== number) epoch = { number, pairs: drawPairs(rowsOf, root.fork(`epoch ${number}`)) };
    return epoch.pairs;
  };
  const perEpoch = Math.max(1, Math.floor(pairsOf(0).length / training.pairs));
  return (step) => {
    const rng = root.fork(`step ${step}`);
    const pairs = pairsOf(Math.floor(step / perEpoch));
    const first = (step % perEpoch) * training.pairs;
    const rows = Array.from({ length: training.pairs }, (_, i) => pairs[(first + i) % pairs.length]).flat();
    return {
      faces: augment(faces, rows, training, rng.fork("augment")),
      identities: Float32Array.from(rows, (row) => faces.identities[row]),
      masks: dropoutMasks(training, rng.fork("dropout")),
    };
  };
}

function checkFaces(
  { crops, mirrored = crops, margin, identities }: TrainingFaces,
  { net, augmentation }: Training,
): void {
  const { height, width, channels } = net;
  const bytes = identities.length * (height + 2 * margin) * (width + 2 * margin) * channels;
  if (crops.length !== bytes) {
    const crop = `${height} + ${2 * margin} x ${width} + ${2 * margin} x ${channels}`;
    throw new InputError(
      `batches: ${identities.length} crops of ${crop} are ${bytes} bytes, got ${crops.length}`,
    );
  }
  if (mirrored.length !== bytes) {
    throw new InputError(`batches: ${crops.length} bytes of crops but ${mirrored.length} of mirrored ones`);
  }
  if (augmentation.shift > margin) {
    throw new InputError(
      `batches: shifts by ${augmentation.shift} need that margin, the crops have ${margin}`,
    );
  }
}

/** Batches in which every picture is seen about once. */
export const stepsPerEpoch = ({ identities }: TrainingFaces, { pairs }: Training): number =>
  identities.length / (2 * pairs);

function groupByPerson({ identities, people }: TrainingFaces): number[][] {
  const rowsOf: number[][] = Array.from({ length: people }, () => []);
  identities.forEach((person, row) => {
    rowsOf[person].push(row);
  });
  return rowsOf;
}

/** Every picture once, paired with another of its person; an odd one out meets a random other. */
function drawPairs(rowsOf: readonly number[][], rng: Rng): number[][] {
  const pairs = rowsOf.flatMap((rows) => {
    const order = shuffle(rows, rng);
    const drawn: number[][] = [];
    for (let i = 0; i + 1 < order.length; i += 2) drawn.push([order[i], order[i + 1]]);
    if (order.length % 2 === 1) drawn.push([order[order.length - 1], order[rng.integer(order.length - 1)]]);
    return drawn;
  });
  return shuffle(pairs, rng);
}

/** Cuts the crops out of their margins at random shifts, mirrors half of them, and varies the light. */
function augment(
  { crops, mirrored: mirroredCrops, margin }: TrainingFaces,
  rows: readonly number[],
  training: Training,
  rng: Rng,
): Uint8Array {
  const { net, augmentation } = training;
  const { height, width, channels } = net;
  const stride = (width + 2 * margin) * channels;
  const out = new Uint8Array(rows.length * height * width * channels);
  const shade = new Uint8Array(256);
  rows.forEach((row, i) => {
    const shift = () => margin + rng.integer(2 * augmentation.shift + 1) - augmentation.shift;
    const [top, left] = [shift(), shift()];
    const mirrored = augmentation.mirror && rng.uniform() < 0.5;
    const source = mirrored && mirroredCrops ? mirroredCrops : crops;
    const flips = mirrored && !mirroredCrops;
    relight(shade, augmentation.light, rng);
    const start = row * (height + 2 * margin) * stride;
    let to = i * height * width * channels;
    for (let y = 0; y < height; y++) {
      const line = start + (top + y) * stride;
      for (let x = 0; x < width; x++) {
        const from = line + (left + (flips ? width - 1 - x : x)) * channels;
        for (let c = 0; c < channels; c++) out[to++] = shade[source[from + c]];
      }
    }
  });
  return out;
}

/** Fills `shade` with a random change of contrast and brightness: what each of the 256 values becomes. */
function relight(shade: Uint8Array, strength: number, rng: Rng): void {
  const contrast = 1 + strength * (2 * rng.uniform() - 1);
  const brightness = 127.5 * strength * (2 * rng.uniform() - 1);
  for (let value = 0; value < 256; value++) {
    shade[value] = Math.min(255, Math.max(0, Math.round((value - 127.5) * contrast + 127.5 + brightness)));
  }
}

function dropoutMasks({ net, pairs }: Training, rng: Rng): Uint8Array {
  const masks = new Uint8Array(net.taps.length * 2 * pairs * net.neurons);
  for (let i = 0; i < masks.length; i++) masks[i] = rng.uniform() >= net.dropout ? 1 : 0;
  return masks;
}
