/** Which of many regions' nets make a system: chosen on the validation people by FoBa. */

import { createRng } from "../../base/random/index.ts";
import { type AlignedFaces, facesOfPeople } from "../../faces/data/index.ts";
import { jointBayesian } from "../../matching/match/index.ts";
import { crossValidatedAccuracy } from "../../matching/protocols/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import { keepIn, openModel } from "../models/index.ts";
import { type FaceModel, type FeatureOptions, lengthOf, systemFeatures } from "../net/index.ts";
import { validationPairs } from "./chooseMatcher.ts";
import { sharedTraining } from "./combine.ts";
import { type FobaStep, foba } from "./foba.ts";
import { splitFor } from "./prepare.ts";

export interface SelectOptions extends FeatureOptions, SessionOptions {
  /** Model folders of the candidates. */
  readonly models: readonly string[];
  /** The faces that the nets were trained on and their held-out people, all together. */
  readonly faces: AlignedFaces;
  /** Nets wanted at most. */
  readonly most: number;
  readonly featureCache: string;
}

/**
 * Chooses nets by what their own log likelihood ratios, added up, are right about on pairs of the validation people:
 * as many pairs of one person as of two. A matcher learned anew for every selection would be the truer score, but takes
 * a minute or more each, and hundreds of selections are tried.
 */
export async function selectParts(
  options: SelectOptions,
): Promise<{ selection: string[]; steps: (Omit<FobaStep, "candidate"> & { model: string })[] }> {
  const { models, faces, most } = options;
  const parts: FaceModel[] = [];
  try {
    for (const model of models) parts.push(await openModel(model, options));
    const training = sharedTraining(parts, faces);
    const people = facesOfPeople(faces, splitFor(faces, training).validation);
    const scores: Float64Array[] = [];
    let same: boolean[] = [];
    for (const [i, part] of parts.entries()) {
      const onProgress = (done: number) =>
        options.onProgress?.(done + i * people.count, parts.length * people.count);
      const cache = keepIn(options.featureCache, people);
      const how = { cache, onProgress, signal: options.signal };
      const set = await systemFeatures({ parts: [part], dimension: lengthOf(part) }, people, how);
      const { balanced } = validationPairs(set, createRng(training.seed).fork("validation pairs"));
      same = balanced.map((pair) => pair.same);
      const metric = jointBayesian(part.matcher.matcher);
      scores.push(
        metric.score(
          set,
          balanced.map(({ a, b }) => [a, b]),
        ),
      );
    }
    const accuracyOf = (selection: readonly number[]) =>
      crossValidatedAccuracy(
        same.map((kind, pair) => ({
          same: kind,
          score: selection.reduce((sum, i) => sum + scores[i][pair], 0),
        })),
        { rng: createRng(training.seed).fork("folds") },
      );
    const { selection, steps } = foba(models.length, accuracyOf, { most });
    return {
      selection: selection.map((i) => models[i]),
      steps: steps.map(({ candidate, ...step }) => ({ ...step, model: models[candidate] })),
    };
  } finally {
    await Promise.all(parts.map((part) => part.release()));
  }
}
