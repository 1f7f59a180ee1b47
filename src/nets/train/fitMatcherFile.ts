/** A matcher from files of features, written where it is wanted. */
import { InputError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import type { Provenance } from "../../matching/features/index.ts";
import { readFeatures, writeMatcher } from "../../matching/files/index.ts";
import { replaceMatcher } from "../models/index.ts";
import { type FitFromFeaturesOptions, type FittedMatcher, fitFromFeatures } from "./fitFromFeatures.ts";

export interface FitMatcherFileOptions extends Omit<FitFromFeaturesOptions, "validation"> {
  /** The file of the matcher, or the folder of the model that gets it. */
  readonly out?: string;
  readonly model?: string;
  /** A file of features of the people to choose and calibrate on. */
  readonly validation?: string;
}

/** Fits a matcher (see `fitFromFeatures`) to the features in `path`, and writes it: to a file, or into a model. */
export async function fitMatcherFile(
  path: string,
  { out, model, validation, ...options }: FitMatcherFileOptions,
): Promise<FittedMatcher & { readonly provenance?: Provenance }> {
  const read = async (name: string) => ({ name, ...(await readFeatures(name)) });
  const learning = await read(path);
  const fitted = await fitFromFeatures(learning, {
    ...options,
    validation: validation === undefined ? undefined : await read(validation),
  });
  if (model !== undefined) {
    const { from, components } = fitted;
    await writingTo(model, () => replaceMatcher(model, fitted, { ...from, components }));
  } else if (out !== undefined) await writingTo(out, () => writeMatcher(out, fitted));
  else throw new InputError("a matcher needs a file or a model to go to");
  return { ...fitted, provenance: learning.provenance };
}
