/**
 * From models of several regions to one system: the features of all of them side by side, principal components, one
 * Joint Bayesian. Paper: Section 4.
 */
import { basename, dirname, join, resolve } from "node:path";
import { type AlignedFaces, facesOfPeople } from "../data/index.ts";
import { createMultiply, type SessionOptions } from "../engine/index.ts";
import { InputError } from "../errors/index.ts";
import { createFeatureSet, type FeatureSet } from "../features/index.ts";
import {
  copyModel,
  type FaceModel,
  type FeatureOptions,
  keepIn,
  lengthOf,
  openModel,
  readSystemCard,
  type SystemCard,
  systemFeatures,
  writeSystem,
} from "../net/index.ts";
import { type ChosenMatcher, chooseMatcher } from "./chooseMatcher.ts";
import { parseTraining, type Training } from "./config.ts";
import { splitFor, trainingRows } from "./prepare.ts";
import { RELEASE_DEFAULTS } from "./release.ts";

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
  /** Also make matchers of only the first so many nets. */
  readonly prefixes?: readonly number[];
  /** Folder in which features are kept from one time to the next. */
  readonly featureCache?: string;
}

/** The paper does not state its number of components; DeepID3, of the same family, used 300. */
export const COMBINE_DEFAULTS = {
  components: [...RELEASE_DEFAULTS.components, 400],
  prefixes: [1, 2, 4, 8, 16],
} as const;

/** Learns one matcher for all the nets of `models`, from the people whom none of them was trained on. */
export async function combineModels(options: CombineOptions): Promise<SystemCard> {
  const { models, faces, out, name, components, prefixes, featureCache, signal } = {
    ...COMBINE_DEFAULTS,
    ...options,
  };
  const names = partNames(models);
  const parts: FaceModel[] = [];
  try {
    for (const model of models) parts.push(await openModel(model, options));
    const training = sharedTraining(parts, faces);
    const split = splitFor(faces, training);
    const dimension = parts.reduce((sum, part) => sum + lengthOf(part), 0);
    const people = [split.matching, split.validation].map((own) => facesOfPeople(faces, own));
    const total = people[0].count + people[1].count;
    const sets: FeatureSet[] = [];
    for (const [i, own] of people.entries()) {
      const cache = featureCache === undefined ? undefined : keepIn(featureCache, own);
      const onProgress = (done: number) =>
        options.onProgress?.(done + i * people[0].count * parts.length, total * parts.length);
      sets.push(await systemFeatures({ parts, dimension }, own, { cache, signal, onProgress }));
    }
    const [matching, validation] = sets;
    await using engine = createMultiply(options);
    const choose = (columns: number) =>
      chooseMatcher(firstColumns(matching, columns), firstColumns(validation, columns), {
        components,
        blockSize: training.net.neurons,
        seed: training.seed,
        multiply: engine.multiply,
      });
    const smaller = new Map<number, ChosenMatcher>();
    for (const nets of prefixes.filter((nets) => nets < parts.length)) {
      signal?.throwIfAborted();
      smaller.set(nets, await choose(parts.slice(0, nets).reduce((sum, part) => sum + lengthOf(part), 0)));
    }
    const chosen = await choose(dimension);
    for (const [i, model] of models.entries()) {
      if (dirname(resolve(model)) !== resolve(out)) await copyModel(model, join(out, names[i]));
    }
    const card = {
      name,
      parts: names,
      matching: { people: split.matching.length, pictures: matching.rows, components: chosen.components },
      validation: {
        people: split.validation.length,
        pictures: validation.rows,
        accuracy: chosen.accuracy,
        tried: chosen.tried,
      },
      prefixes: [...smaller].map(([nets, own]) => ({
        nets,
        components: own.components,
        accuracy: own.accuracy,
      })),
      licence: [...new Set(parts.map((part) => part.card.licence))].join("; "),
    };
    await writeSystem(out, { matcher: chosen, prefixes: smaller, card });
    return await readSystemCard(out);
  } finally {
    await Promise.all(parts.map((part) => part.release()));
  }
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
function sharedTraining(parts: readonly FaceModel[], faces: AlignedFaces): Training {
  const trainings = parts.map(({ card }) => parseTraining(card.training.config, `${card.name}/model.json`));
  const who = ({ split, seed }: Training) => JSON.stringify([split.matching, split.validation, seed]);
  const other = trainings.findIndex((training) => who(training) !== who(trainings[0]));
  if (other !== -1) {
    throw new InputError(
      `combine: ${parts[other].card.name} was kept from other people than ${parts[0].card.name}: nobody would be ` +
        "left whom neither has seen",
    );
  }
  const { key } = trainingRows(faces, trainings[0]);
  const foreign = parts.find(({ card: { training } }) => (training.facesKey ?? key) !== key);
  if (foreign) {
    throw new InputError(
      `combine: these are not the faces that ${foreign.card.name} was trained on; its held-out people would not be held out`,
    );
  }
  return trainings[0];
}

/** The first `columns` of each row: the features of the first nets. */
function firstColumns(set: FeatureSet, columns: number): FeatureSet {
  if (columns === set.dimension) return set;
  const values = new Float32Array(set.rows * columns);
  for (let row = 0; row < set.rows; row++) {
    values.set(set.values.subarray(row * set.dimension, row * set.dimension + columns), row * columns);
  }
  return createFeatureSet(values, columns, set);
}
