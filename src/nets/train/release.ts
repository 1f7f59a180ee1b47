/**
 * From a training run to a released model: the net folded, features of people whom it was not trained on,
 * principal components and Joint Bayesian learned from some of them, calibrated on others.
 *
 * Paper: Section 4, where 2,000 people of the training set train Joint Bayesian.
 */

import { InputError } from "../../base/errors/index.ts";
import { sha256 } from "../../base/files/index.ts";
import { type AlignedFaces, facesOfPeople } from "../../faces/data/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import { cachedFeatures } from "../../matching/files/index.ts";
import { createMultiply } from "../../math/engine/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import { openNet, readCard, writeModel } from "../models/index.ts";
import {
  extractFeatures,
  type FeatureOptions,
  featureSource,
  foldWeights,
  type ModelCard,
  type Precision,
  releasedOnnx,
} from "../net/index.ts";
import { type Checkpoint, loadCheckpoint } from "./checkpoint.ts";
import { chooseMatcher } from "./chooseMatcher.ts";
import { matcherOnCard } from "./matcherOnCard.ts";
import { matchingPeople } from "./matchingPeople.ts";
import { heldOutKey, regionOf, splitFor, trainingRows } from "./prepare.ts";
import { readTeacher } from "./teacherFile.ts";

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
  /** Sizes of the region, relative to its own, over which features are averaged (default: 1 alone; see `Region`). */
  readonly views?: readonly number[];
  /** Sizes of the principal components to choose from, on the validation people. */
  readonly components?: readonly number[];
  /** Directions of Joint Bayesian kept in the matcher (default: all; see `MatcherOptions`). */
  readonly directions?: number;
  /** Lets a face and its mirror image count alike, in a matcher of half the size (default: each for itself). */
  readonly mirrorsAlike?: boolean;
  /** People whom the net was trained on, who teach the matcher as well (default: none; see `matchingPeople`). */
  readonly trainedPeople?: number;
  /** File of a teacher's features of these faces: the matcher then compares what the net's features say of its numbers. */
  readonly teacher?: string;
  /** Folder in which features are kept, for `combineModels` to find. */
  readonly featureCache?: string;
}

/** DeepID used 150, DeepID2 180, DeepID3 300; the paper does not say. */
export const RELEASE_DEFAULTS = {
  taps: [4],
  precision: "float32",
  components: [100, 180, 300],
  shrinkages: [0, 0.2, 0.35, 0.5, 0.7],
  trainedPeople: 0,
} as const;

/** Writes a model folder from the checkpoint of a run. */
export async function releaseRun(options: ReleaseOptions): Promise<ModelCard> {
  const { runFolder, faces, out, name, source, licence, views } = options;
  const { taps, precision, components, trainedPeople } = { ...RELEASE_DEFAULTS, ...options };
  const checkpoint = await loadCheckpoint(runFolder);
  const learnedFrom = trainedOn(checkpoint, faces);
  const { training, state } = checkpoint;
  const { config, weights } = foldWeights(training.net, state.weights, taps);
  const split = splitFor(faces, training);
  const teachers = matchingPeople(split, trainedPeople);
  const feature = `fc${taps.at(-1)}`;
  const onnx = releasedOnnx(config, weights, { precision, metadata: { name, licence } });
  const net = await openNet(onnx, options, name);
  try {
    const region = { ...regionOf(training), ...(views && { views: [...views] }) };
    const featuresOf = (people: readonly string[]) =>
      keptFeatures({ net, region, name: feature }, sha256(onnx), facesOfPeople(faces, people), options);
    await using engine = createMultiply(options);
    const matching = await featuresOf(teachers);
    const validation = await featuresOf(split.validation);
    const chosen = await chooseMatcher(matching, validation, {
      components,
      shrinkages: RELEASE_DEFAULTS.shrinkages,
      directions: options.directions,
      mirrored: options.mirrorsAlike ? config.neurons : undefined,
      blockSize: config.neurons,
      seed: training.seed,
      teacher: await readTeacher(options.teacher, training.teacher),
      multiply: engine.multiply,
    });
    const card = {
      name,
      feature,
      region,
      training: { source, ...learnedFrom, config: training },
      ...matcherOnCard(
        chosen,
        { people: teachers.length, trainedPeople, pictures: matching.rows },
        { people: split.validation.length, pictures: validation.rows },
        options,
      ),
      licence,
    };
    await writeModel(out, { config, weights, precision, matcher: chosen, card });
    return await readCard(out);
  } finally {
    await net.release();
  }
}

/** Features of `faces` by the net of that hash, kept where there is a folder for them. */
function keptFeatures(
  source: Parameters<typeof extractFeatures>[0],
  hash: string,
  faces: AlignedFaces,
  options: ReleaseOptions,
): Promise<FeatureSet> {
  const compute = () => extractFeatures(source, faces, options);
  if (options.featureCache === undefined) return compute();
  return cachedFeatures(
    options.featureCache,
    featureSource(hash, source.region, source.name),
    faces,
    compute,
  );
}

/** What the run has learned from; refuses other faces than those it has seen, since its split would not be theirs. */
function trainedOn({ training, step, seconds, facesKey, startedFrom }: Checkpoint, faces: AlignedFaces) {
  const { rows, people, key, split } = trainingRows(faces, training);
  if (key !== facesKey) {
    throw new InputError(
      "release: these are not the faces that the run was trained on; its held-out people would not be held out",
    );
  }
  const kept = heldOutKey(faces, split);
  const learned = { people, pictures: rows.length, steps: step, seconds: Math.round(seconds) };
  const own = { ...learned, facesKey, heldOutKey: kept };
  return startedFrom === undefined ? own : { ...own, startedFrom };
}
