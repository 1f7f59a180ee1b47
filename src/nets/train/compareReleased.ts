/** A new model beside the one that comes with the package, on the people who were kept from training the new one. */
import { join } from "node:path";
import { createRng } from "../../base/random/index.ts";
import { count, formatPercent } from "../../base/text/index.ts";
import { type AlignedFaces, facesOfPeople } from "../../faces/data/index.ts";
import { calibrated, jointBayesian } from "../../matching/match/index.ts";
import { crossValidatedAccuracy, scoreFolds } from "../../matching/protocols/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import { DEFAULT_MODEL, modelFolder, openSystem, readCard } from "../models/index.ts";
import { type FeatureOptions, systemFeatures } from "../net/index.ts";
import { validationPairs } from "./chooseMatcher.ts";
import { parseTraining } from "./config.ts";
import { splitFor } from "./prepare.ts";

/** How often each is right on the same pairs: shares in [0, 1]. */
export interface Compared {
  /** The released model's name. */
  readonly released: string;
  readonly people: number;
  readonly pairs: number;
  readonly accuracy: { readonly own: number; readonly released: number };
  /** Which is right more often, by more than twice the standard error (see `betterOf`); neither where they are that close. */
  readonly better: "own" | "released" | "neither";
}

export interface CompareOptions extends FeatureOptions, SessionOptions {
  /** The folder of a model made of a run. */
  readonly model: string;
  /** The faces that the run was given, its held-out people among them. */
  readonly faces: AlignedFaces;
}

/** Below so many people, what is measured on their pairs says little of others. */
const FEW_PEOPLE = 50;

/** What a comparison comes to, in one sentence; and a warning where it rests on few people, as the model's calibration then does. */
export function describeCompared({ released, people, pairs, accuracy, better }: Compared): string {
  const words = {
    own: "this one is better on them",
    released: `${released} is better on them`,
    neither: "that is too close to tell which is better",
  };
  const warning =
    people < FEW_PEOPLE
      ? `.\nIts thresholds, error rates and probabilities, too, rest on pairs of ${count(people)} people: too few to rely on`
      : "";
  return (
    `on these ${count(people)} people, whom it was not trained on, ${formatPercent(accuracy.own)} of ${count(pairs)} pairs are told ` +
    `rightly, ${formatPercent(accuracy.released)} by the released ${released}: ${words[better]}${warning}`
  );
}

/**
 * The model that is right for more pairs, by more than twice the standard error. Pairs of one person resemble each other, so no
 * more of them count as independent than there are people; and one pair more of each kind is taken as seen, so that the error of a
 * model that was always right is not zero.
 */
export function betterOf({
  people,
  pairs,
  accuracy: { own, released },
}: Omit<Compared, "better" | "released">) {
  const independent = Math.min(people, pairs);
  const variance = (share: number) => {
    const likely = (share * independent + 1) / (independent + 2);
    return (likely * (1 - likely)) / independent;
  };
  if (Math.abs(own - released) <= 2 * Math.sqrt(variance(own) + variance(released))) return "neither";
  return own > released ? "own" : "released";
}

/** Measures the model in a folder and the released one on pairs of its validation people, as many of one person as of two. */
export async function compareWithReleased(options: CompareOptions): Promise<Compared> {
  const { training: learned } = await readCard(options.model);
  const training = parseTraining(learned.config, join(options.model, "model.json"));
  const people = splitFor(options.faces, training).validation;
  const faces = facesOfPeople(options.faces, people);
  const own = await accuracyOf(options.model, faces, { ...options, seed: training.seed });
  const released = await accuracyOf(modelFolder(DEFAULT_MODEL), faces, { ...options, seed: training.seed });
  const accuracy = { own: own.accuracy, released: released.accuracy };
  const measured = { people: people.length, pairs: own.pairs, accuracy };
  return { released: DEFAULT_MODEL, ...measured, better: betterOf(measured) };
}

async function accuracyOf(
  folder: string,
  faces: AlignedFaces,
  { seed, provider, threads, signal, onProgress }: CompareOptions & { readonly seed: number },
) {
  const system = await openSystem(folder, { provider, threads });
  try {
    const set = await systemFeatures(system, faces, { signal, onProgress });
    const rng = createRng(seed).fork("validation pairs");
    const { balanced } = validationPairs(set, rng);
    const { matcher, calibration } = system.matcher;
    const metric = calibration?.cohort ? calibrated(matcher, calibration) : jointBayesian(matcher);
    const scored = scoreFolds(metric, set, [balanced]).flat();
    return { accuracy: crossValidatedAccuracy(scored, { rng: rng.fork("folds") }), pairs: balanced.length };
  } finally {
    await system.release();
  }
}
