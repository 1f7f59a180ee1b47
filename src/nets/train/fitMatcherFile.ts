/** A matcher from files of features, written where it is wanted. */
import { InputError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import type { Provenance } from "../../matching/features/index.ts";
import { readFeatures, writeMatcher } from "../../matching/files/index.ts";
import type { Matcher } from "../../matching/match/index.ts";
import { openSystem, replaceMatcher } from "../models/index.ts";
import { type FitFromFeaturesOptions, type FittedMatcher, fitFromFeatures } from "./fitFromFeatures.ts";
import { RELEASE_DEFAULTS } from "./release.ts";
import { readTeacher } from "./teacherFile.ts";

type Own = "validation" | "teacher" | "components" | "along" | "shrinkages";

export interface FitMatcherFileOptions extends Omit<FitFromFeaturesOptions, Own> {
  /** The file of the matcher, or the folder of the model that gets it. */
  readonly out?: string;
  readonly model?: string;
  /** A file of features of the people to choose and calibrate on. */
  readonly validation?: string;
  /** Default: none where `model` has a matcher, along whose directions the new one is fitted; else those of a release. */
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
  const along = asked || teacher || !model ? undefined : await matcherOf(model);
  const fitted = await fitFromFeatures(learning, {
    ...options,
    along,
    components: asked ?? RELEASE_DEFAULTS.components,
    shrinkages: along && [...RELEASE_DEFAULTS.shrinkages, 0.85, 1],
    validation: validation === undefined ? undefined : await read(validation),
    teacher: await readTeacher(teacher),
  });
  if (model !== undefined) {
    const { from, components, shrinkage, teacherNumbers } = fitted;
    const made = { ...from, components, shrinkage, teacherNumbers };
    await writingTo(model, () => replaceMatcher(model, fitted, made));
  } else if (out !== undefined) await writingTo(out, () => writeMatcher(out, fitted));
  else throw new InputError("a matcher needs a file or a model to go to");
  return { ...fitted, provenance: learning.provenance };
}

/** The matcher of the model in `folder`; undefined for one that was imported and never fitted. */
async function matcherOf(folder: string): Promise<Matcher | undefined> {
  const { matcher, release } = await openSystem(folder);
  await release();
  return matcher?.matcher;
}
