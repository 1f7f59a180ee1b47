/**
 * From models of several regions to one system: the features of all of them side by side, principal components, one
 * Joint Bayesian. Paper: Section 4.
 */
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { type AlignedFaces, facesOfPeople } from "../../faces/data/index.ts";
import { bitsAsNumbers, type FeatureSet, selectColumns } from "../../matching/features/index.ts";
import { createMultiply } from "../../math/engine/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import {
  copyModel,
  keepIn,
  openModel,
  readSystemCard,
  type VariantMatcher,
  writeSystem,
} from "../models/index.ts";
import {
  type FaceModel,
  type FeatureOptions,
  lengthOf,
  type SystemCard,
  systemFeatures,
} from "../net/index.ts";
import { type ChosenMatcher, chooseMatcher } from "./chooseMatcher.ts";
import { parseTraining, type Training } from "./config.ts";
import { matcherOnCard } from "./matcherOnCard.ts";
import { matchingPeople } from "./matchingPeople.ts";
import { heldOutKey, splitFor, trainingRows } from "./prepare.ts";
import { RELEASE_DEFAULTS } from "./release.ts";
import { readTeacher } from "./teacherFile.ts";

export interface CombineOptions extends FeatureOptions, SessionOptions {
  /** Model folders in the order of their features; those outside `out` are copied into it. */
  readonly models: readonly string[];
  /** The faces that the nets were trained on and their held-out people, all together. */
  readonly faces: AlignedFaces;
  /** Folder of the system. */
  readonly out: string;
  readonly name: string;
  /** Sizes of the principal components to choose from, on the validation people. */
  readonly components?: readonly number[];
  /** Directions of Joint Bayesian kept in each matcher (default: all; see `MatcherOptions`). */
  readonly directions?: number;
  /** Lets a face and its mirror image count alike, in matchers of half the size (default: each for itself). */
  readonly mirrorsAlike?: boolean;
  /** People whom the nets were trained on, who teach the matcher as well (default: none; see `matchingPeople`). */
  readonly trainedPeople?: number;
  /** Also make matchers of only the first so many nets. */
  readonly prefixes?: readonly number[];
  /** Told before each matcher is learned, which takes up to minutes for many nets. */
  readonly onMatcher?: (code: VariantMatcher["code"], nets: number) => void;
  /** File of a teacher's features of these faces: matchers then compare what the nets' features say of its numbers. */
  readonly teacher?: string;
  /** Folder in which features are kept from one time to the next. */
  readonly featureCache?: string;
}

/** The paper does not state its number of components; DeepID3, of the same family, used 300. */
export const COMBINE_DEFAULTS = {
  components: [...RELEASE_DEFAULTS.components, 400],
  trainedPeople: RELEASE_DEFAULTS.trainedPeople,
  prefixes: [1, 2, 4, 8, 16],
} as const;

/** Learns one matcher for all the nets of `models`, from the people whom none of them was trained on, and `trainedPeople` others. */
export async function combineModels(options: CombineOptions): Promise<SystemCard> {
  const { models, faces, out, name, trainedPeople } = { ...COMBINE_DEFAULTS, ...options };
  const names = partNames(models);
  const parts: FaceModel[] = [];
  try {
    for (const model of models) parts.push(await openModel(model, options));
    const training = sharedTraining(parts, faces);
    const split = splitFor(faces, training);
    const teachers = matchingPeople(split, trainedPeople);
    const features = await featuresOf(parts, [teachers, split.validation], options);
    const { all, variants } = await chooseAll(parts, features, training, options);
    options.signal?.throwIfAborted();
    for (const [i, model] of models.entries()) {
      if (dirname(resolve(model)) !== resolve(out)) await copyModel(model, join(out, names[i]));
    }
    const [matching, validation] = features;
    const card = {
      name,
      parts: names,
      ...matcherOnCard(
        all,
        { people: teachers.length, trainedPeople, pictures: matching.rows },
        { people: split.validation.length, pictures: validation.rows },
        options,
      ),
      variants: variants.map((own) => ({
        code: own.code,
        nets: own.nets,
        components: own.components,
        accuracy: own.accuracy,
      })),
      licence: [...new Set(parts.map((part) => part.card.licence))].join("; "),
    };
    await writeSystem(out, { matcher: all, variants, card });
    return await readSystemCard(out);
  } finally {
    await Promise.all(parts.map((part) => part.release()));
  }
}

/** The features by all `parts` of each group of people. */
async function featuresOf(
  parts: readonly FaceModel[],
  groups: readonly (readonly string[])[],
  { faces, featureCache, onProgress, signal }: CombineOptions,
): Promise<FeatureSet[]> {
  const dimension = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  const readers = groups.map((people) => facesOfPeople(faces, people));
  const total = readers.reduce((sum, { count }) => sum + count * parts.length, 0);
  const sets: FeatureSet[] = [];
  let before = 0;
  for (const own of readers) {
    const cache = featureCache === undefined ? undefined : keepIn(featureCache, own);
    const start = before;
    const report = (done: number) => onProgress?.(start + done, total);
    sets.push(
      await systemFeatures({ parts, dimension }, own, { cache, signal, onProgress: report, rest: true }),
    );
    before += own.count * parts.length;
  }
  return sets;
}

type Variant = ChosenMatcher & Pick<VariantMatcher, "code" | "nets">;

/** The matcher of all nets, and those of the first nets and of bits. */
async function chooseAll(
  parts: readonly FaceModel[],
  [matching, validation]: readonly FeatureSet[],
  { net, seed, teacher: taught }: Training,
  options: CombineOptions,
): Promise<{ all: ChosenMatcher; variants: Variant[] }> {
  const { components, prefixes, directions, mirrorsAlike, signal } = { ...COMBINE_DEFAULTS, ...options };
  await using engine = createMultiply(options);
  const teacher = await readTeacher(options.teacher, taught);
  const choose = async (code: Variant["code"], nets: number): Promise<Variant> => {
    signal?.throwIfAborted();
    options.onMatcher?.(code, nets);
    const columns = parts.slice(0, nets).reduce((sum, part) => sum + lengthOf(part), 0);
    const take = (set: FeatureSet) => {
      const first = selectColumns(set, 0, columns);
      return code === "binary" ? bitsAsNumbers(first) : first;
    };
    const blockSize = code === "binary" ? 0 : net.neurons;
    const mirrored = mirrorsAlike ? net.neurons : undefined;
    const { shrinkages } = RELEASE_DEFAULTS;
    const how = {
      components,
      shrinkages,
      directions,
      mirrored,
      blockSize,
      seed,
      teacher,
      signal,
      multiply: engine.multiply,
    };
    return { ...(await chooseMatcher(take(matching), take(validation), how)), code, nets };
  };
  const variants: Variant[] = [];
  for (const nets of prefixes) if (nets < parts.length) variants.push(await choose("real", nets));
  for (const nets of new Set([1, parts.length])) variants.push(await choose("binary", nets));
  return { all: await choose("real", parts.length), variants };
}

/** Folder names of the parts, all different. */
function partNames(models: readonly string[]): string[] {
  const names = models.map((model) => basename(resolve(model)));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (models.length === 0) throw new InputError("combine: needs models, got none");
  if (twice !== undefined) throw new InputError(`combine: two models are named ${twice}`);
  return names;
}

/** The config that says who was kept from the nets: they must agree, and have been trained on these faces. */
export function sharedTraining(parts: readonly FaceModel[], faces: AlignedFaces): Training {
  const trainings = parts.map(({ card }) => parseTraining(card.training.config, `${card.name}/model.json`));
  const who = ({ split, seed }: Training) => JSON.stringify([split.matching, split.validation, seed]);
  const other = trainings.findIndex((training) => who(training) !== who(trainings[0]));
  if (other !== -1) {
    throw new InputError(
      `combine: ${parts[other].card.name} was kept from other people than ${parts[0].card.name}: nobody would be ` +
        "left whom neither has seen",
    );
  }
  const { key, split } = trainingRows(faces, trainings[0]);
  const kept = heldOutKey(faces, split);
  const foreign = parts.find(
    ({ card: { training } }) => (training.facesKey ?? key) !== key && training.heldOutKey !== kept,
  );
  if (foreign) {
    throw new InputError(
      `combine: these are not the faces that ${foreign.card.name} was trained on; its held-out people would not be held out`,
    );
  }
  return trainings[0];
}
