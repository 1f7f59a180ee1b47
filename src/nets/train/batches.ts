/**
 * Mini-batches of pairs. Batch number k is a function of the faces, the config and k alone, so a resumed run
 * sees the batches that an undisturbed one would.
 */
import { InputError } from "../../base/errors/index.ts";
import { createRng, type Rng, shuffle } from "../../base/random/index.ts";
import { augment } from "./augment.ts";
import type { Training } from "./config.ts";
import { usesLabels } from "./stepConfig.ts";
import { similaritiesOf } from "./teacherSignal.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

/** One mini-batch; rows 2i and 2i + 1 show the same person. */
export interface FaceBatch {
  readonly faces: Uint8Array; // [2 pairs, height, width, channels]
  readonly identities: Float32Array; // [2 pairs]
  readonly masks: Uint8Array; // [taps, 2 pairs, neurons]
  /** With a teacher: [2 pairs, width], and [2 pairs, 2 pairs] where its kernel teaches, too. */
  readonly targets?: Float32Array;
  readonly similarities?: Float32Array;
}

export type BatchMaker = (step: number) => FaceBatch;

/** Prepares the making of batches. Needs two pictures of every person; of a teacher alone, one is a pair with itself. */
export function createBatches(faces: TrainingFaces, training: Training): BatchMaker {
  checkFaces(faces, training);
  const rowsOf = groupByPerson(faces);
  const lonely = rowsOf.findIndex((rows) => rows.length < 2);
  if (lonely >= 0 && usesLabels(training)) {
    throw new InputError(
      `batches: person ${lonely} has ${rowsOf[lonely].length} pictures; training needs two of each`,
    );
  }
  const root = batchRng(training);
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
      ...taughtOf(faces, rows, training),
    };
  };
}

/** What the teacher says of `rows`. */
function taughtOf({ taught }: TrainingFaces, rows: readonly number[], { teacher }: Training) {
  if (!teacher || !taught) return undefined;
  const { values, width } = taught;
  const targets = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    targets.set(values.subarray(row * width, (row + 1) * width), i * width);
  });
  return teacher.kernel ? { targets, similarities: similaritiesOf(targets, width) } : { targets };
}

/** Where the batches of a run come from. */
export const batchRng = ({ seed, cycle = 0 }: Training): Rng =>
  cycle === 0 ? createRng(seed) : createRng(seed).fork(`cycle ${cycle}`);

function checkFaces(
  { crops, mirrored = crops, margin, identities, taught }: TrainingFaces,
  { net, augmentation, teacher }: Training,
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
  if (teacher && taught?.values.length !== identities.length * (taught?.width ?? 0)) {
    throw new InputError(
      `batches: the config has a teacher, which needs targets of ${identities.length} pictures, got ` +
        `${taught ? taught.values.length / taught.width : "none"}`,
    );
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
    const [last] = order.slice(-1);
    if (order.length === 1) drawn.push([last, last]);
    else if (order.length % 2 === 1) drawn.push([last, order[rng.integer(order.length - 1)]]);
    return drawn;
  });
  return shuffle(pairs, rng);
}

function dropoutMasks({ net, pairs }: Training, rng: Rng): Uint8Array {
  const masks = new Uint8Array(net.taps.length * 2 * pairs * net.neurons);
  for (let i = 0; i < masks.length; i++) masks[i] = rng.uniform() >= net.dropout ? 1 : 0;
  return masks;
}
