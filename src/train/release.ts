/**
 * From a training run to a released model: the net folded, features of people whom it was not trained on,
 * principal components and Joint Bayesian learned from some of them, calibrated on others.
 *
 * Paper: Section 4, where 2,000 people of the training set train Joint Bayesian.
 */
import { type AlignedFaces, facesInMemory, readRows, rowsOf } from "../data/index.ts";
import type { SessionOptions } from "../engine/index.ts";
import { InputError } from "../errors/index.ts";
import type { FeatureSet } from "../features/index.ts";
import {
  calibrate,
  fitMatcher,
  jointBayesian,
  type Matcher,
  type RowPair,
  roundMatcher,
  type StoredMatcher,
} from "../match/index.ts";
import {
  extractFeatures,
  type FeatureOptions,
  foldWeights,
  type ModelCard,
  openNet,
  type Precision,
  readCard,
  releasedOnnx,
  writeModel,
} from "../net/index.ts";
import { crossValidatedAccuracy, scoreFolds } from "../protocols/index.ts";
import { createRng, type Rng } from "../random/index.ts";
import { type Checkpoint, loadCheckpoint } from "./checkpoint.ts";
import { regionOf, splitFor, trainingRows } from "./prepare.ts";

export interface ReleaseOptions extends FeatureOptions, SessionOptions {
  readonly runFolder: string;
  /** The faces that the run was trained on and its held-out people, all together. */
  readonly faces: AlignedFaces;
  /** Folder of the model. */
  readonly out: string;
  readonly name: string;
  /** Where the faces come from, and on what terms the model may be used. */
  readonly source: string;
  readonly licence: string;
  /** FC-n to keep in the file; the last is the one compared (default: 4 alone). */
  readonly taps?: readonly number[];
  /** How the weights are stored; the matcher is learned from the net as it is stored. */
  readonly precision?: Precision;
  /** Sizes of the principal components to choose from, on the validation people. */
  readonly components?: readonly number[];
}

/** DeepID used 150, DeepID2 180, DeepID3 300; the paper does not say. */
export const RELEASE_DEFAULTS = { taps: [4], precision: "float32", components: [100, 180, 300] } as const;

/** Writes a model folder from the checkpoint of a run. */
export async function releaseRun(options: ReleaseOptions): Promise<ModelCard> {
  const { runFolder, faces, out, name, source, licence, taps, precision, components } = {
    ...RELEASE_DEFAULTS,
    ...options,
  };
  const checkpoint = await loadCheckpoint(runFolder);
  const learnedFrom = trainedOn(checkpoint, faces);
  const { training, state } = checkpoint;
  const { config, weights } = foldWeights(training.net, state.weights, taps);
  const split = splitFor(faces, training);
  const feature = `fc${taps.at(-1)}`;
  const net = await openNet(releasedOnnx(config, weights, { precision }), options, name);
  try {
    const region = regionOf(training);
    const featuresOf = async (people: readonly string[]) =>
      extractFeatures({ net, region, name: feature }, await select(faces, people), options);
    const matching = await featuresOf(split.matching);
    const validation = await featuresOf(split.validation);
    const chosen = await chooseMatcher(matching, validation, {
      components,
      blockSize: config.neurons,
      seed: training.seed,
    });
    const card = {
      name,
      feature,
      region,
      training: { source, ...learnedFrom, config: training },
      matching: { people: split.matching.length, pictures: matching.rows, components: chosen.components },
      validation: {
        people: split.validation.length,
        pictures: validation.rows,
        accuracy: chosen.accuracy,
        tried: chosen.tried,
      },
      licence,
    };
    await writeModel(out, { config, weights, precision, matcher: chosen, card });
    return await readCard(out);
  } finally {
    await net.release();
  }
}

async function select(faces: AlignedFaces, people: readonly string[]): Promise<AlignedFaces> {
  const rows = rowsOf(faces.identities, people);
  const pick = (list: readonly string[]) => Array.from(rows, (row) => list[row]);
  return facesInMemory(pick(faces.names), pick(faces.identities), await readRows(faces, rows));
}

/** What the run has learned from; refuses other faces than those it has seen, since its split would not be theirs. */
function trainedOn({ training, step, seconds, facesKey, startedFrom }: Checkpoint, faces: AlignedFaces) {
  const { rows, people, key } = trainingRows(faces, training);
  if (key !== facesKey) {
    throw new InputError(
      "release: these are not the faces that the run was trained on; its held-out people would not be held out",
    );
  }
  const own = { people, pictures: rows.length, steps: step, seconds: Math.round(seconds) };
  return startedFrom === undefined ? own : { ...own, startedFrom };
}

/** Pairs of two people to calibrate on: enough for a false accept rate of 0.1 %. */
const DIFFERENT_PAIRS = 20_000;

interface Chosen extends StoredMatcher {
  readonly components: number;
  readonly accuracy: number;
  readonly tried: Readonly<Record<number, number>>;
}

/** Fits one matcher for each number of components, and keeps the one that verifies the validation people best. */
async function chooseMatcher(
  matching: FeatureSet,
  validation: FeatureSet,
  { components, blockSize, seed }: { components: readonly number[]; blockSize: number; seed: number },
): Promise<Chosen> {
  const rng = createRng(seed).fork("validation pairs");
  const pairs = {
    same: allSamePairs(validation),
    different: differentPairs(validation, DIFFERENT_PAIRS, rng),
  };
  const balanced = [
    ...pairs.same.map(([a, b]) => ({ a, b, same: true })),
    ...pairs.different.slice(0, pairs.same.length).map(([a, b]) => ({ a, b, same: false })),
  ];
  const tried: { matcher: Matcher; components: number; accuracy: number }[] = [];
  for (const size of components) {
    const { matcher } = await fitMatcher(matching, {
      components: size,
      blockSize,
      rng: rng.fork(`pca ${size}`),
    });
    const rounded = roundMatcher(matcher);
    const scored = scoreFolds(jointBayesian(rounded), validation, [balanced]).flat();
    const accuracy = crossValidatedAccuracy(scored, { rng: rng.fork("folds") });
    tried.push({ matcher: rounded, components: size, accuracy });
  }
  const best = tried.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const metric = jointBayesian(best.matcher);
  const calibration = calibrate(
    metric.score(validation, pairs.same),
    metric.score(validation, pairs.different),
  );
  return { ...best, calibration, tried: Object.fromEntries(tried.map((t) => [t.components, t.accuracy])) };
}

/** Every pair of two pictures of one person. */
function allSamePairs({ identities }: FeatureSet): RowPair[] {
  const pairs: RowPair[] = [];
  identities.forEach((person, a) => {
    for (let b = a + 1; b < identities.length; b++) if (identities[b] === person) pairs.push([a, b]);
  });
  return pairs;
}

/** Up to `most` different pairs of pictures of two people, at random. */
function differentPairs({ identities, rows }: FeatureSet, most: number, rng: Rng): RowPair[] {
  const pairs = new Map<number, RowPair>();
  for (let tries = 0; pairs.size < most && tries < 4 * most; tries++) {
    const [a, b] = [rng.integer(rows), rng.integer(rows)].sort((x, y) => x - y);
    if (identities[a] !== identities[b]) pairs.set(a * rows + b, [a, b]);
  }
  return [...pairs.values()];
}
