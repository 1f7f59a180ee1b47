/** A matcher from files of features, written where it is wanted. */
import { InputError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import type { Provenance } from "../../matching/features/index.ts";
import { readFeatures, writeMatcher } from "../../matching/files/index.ts";
import type { Matcher } from "../../matching/match/index.ts";
import {
  checkSameNet,
  isSystem,
  openSystem,
  readCard,
  readSystemCard,
  replaceMatcher,
} from "../models/index.ts";
import {
  type FitFromFeaturesOptions,
  type FittedMatcher,
  fitFromFeatures,
  type NamedFeatures,
} from "./fitFromFeatures.ts";
import { matcherOnCard } from "./matcherOnCard.ts";
import { RELEASE_DEFAULTS } from "./release.ts";
import { readTeacher } from "./teacherFile.ts";

type Own = "validation" | "teacher" | "components" | "start" | "shrinkages";

export interface FitMatcherFileOptions extends Omit<FitFromFeaturesOptions, Own> {
  /** The file of the matcher, or the folder of the model that gets it. */
  readonly out?: string;
  readonly model?: string;
  /** A file of features of the people to choose and calibrate on. */
  readonly validation?: string;
  /** Default: none where `model` has a matcher, from which the new one starts; else those of a release. */
  readonly components?: readonly number[];
  /** A file of a teacher's features of the people to fit on. */
  readonly teacher?: string;
}

/** Fits a matcher (see `fitFromFeatures`) to the features in `path`, and writes it: to a file, or into a model. */
export async function fitMatcherFile(
  path: string,
  { out, model, validation, teacher, components: asked, ...options }: FitMatcherFileOptions,
): Promise<FittedMatcher & { readonly provenance?: Provenance }> {
  const read = async (name: string) => ({ name, ...(await readFeatures(name)) });
  const learning = await read(path);
  const own = model === undefined ? undefined : await matcherFor(model, learning, asked !== undefined);
  const start = asked || teacher ? undefined : own;
  if (options.blockSize !== undefined && (start || teacher)) {
    throw new InputError(
      `a block size goes with components alone, not with ${teacher ? "a teacher" : "a model's own matcher; give components, too"}`,
    );
  }
  const fitted = await fitFromFeatures(learning, {
    ...options,
    start,
    components: asked ?? RELEASE_DEFAULTS.components,
    shrinkages: start ? BLENDS : teacher ? RELEASE_DEFAULTS.shrinkages : undefined,
    validation: validation === undefined ? undefined : await read(validation),
    teacher: await readTeacher(teacher),
  });
  options.signal?.throwIfAborted(); // nothing is replaced by what was stopped
  if (model !== undefined) {
    const { from, chosenOn } = fitted;
    const mirrorsAlike = fitted.matcher.model.mirrored === undefined ? undefined : true;
    const card = matcherOnCard(fitted, { ...from, trainedPeople: 0 }, chosenOn, { mirrorsAlike });
    const startedFromPeople = start && (await peopleOf(model));
    const onCard = { ...card, matching: { ...card.matching, startedFromPeople } };
    await writingTo(model, () => replaceMatcher(model, fitted, onCard));
  } else if (out !== undefined) await writingTo(out, () => writeMatcher(out, fitted));
  else throw new InputError("a matcher needs a file or a model to go to");
  return { ...fitted, provenance: learning.provenance };
}

/** How many people the matcher of the model in `folder`, and what it started from, was fitted to. */
async function peopleOf(folder: string): Promise<number> {
  const { matching } = await (isSystem(folder) ? readSystemCard(folder) : readCard(folder));
  return matching.people + (matching.startedFromPeople ?? 0);
}

/** How much of a model's own matcher may stay: all of it where the people at hand say nothing better. */
const BLENDS = [...RELEASE_DEFAULTS.shrinkages, 0.85, 1];

/**
 * The matcher of the model in `folder`, which computed the features; undefined for one that was imported and never fitted.
 * With `components` it is not needed, and a damaged one is replaced.
 */
async function matcherFor(
  folder: string,
  { name, set, provenance }: Required<NamedFeatures>,
  components: boolean,
): Promise<Matcher | undefined> {
  const system = await openSystem(folder, { threads: 1 }).catch((cause: Error) => {
    if (components) return undefined;
    throw new InputError(`${cause.message}; with --components its matcher is not needed, and is replaced`, {
      cause,
    });
  });
  if (!system) return undefined;
  await system.release();
  checkSameNet(name, { set, provenance }, system);
  return system.matcher.calibration && system.matcher.matcher;
}
