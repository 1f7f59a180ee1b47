/** What the demo does: a narrow DeepID2+ on people drawn by this program, small enough for a few minutes of two cores. */
import { InputError } from "../../../base/errors/index.ts";
import { NARROW } from "../../../nets/net/index.ts";
import type { Training } from "../../../nets/train/index.ts";

export interface DemoOptions {
  readonly people: number;
  readonly pictures: number; // of each
  readonly steps: number;
  readonly seed: number;
}

export const DEMO_DEFAULTS = {
  people: 320,
  pictures: 14,
  steps: 700,
  seed: 1,
} as const satisfies DemoOptions;

/** Shares of the people that Joint Bayesian learns from, that choices are made on, and that are left for the test. */
const MATCHING = 0.25;
const VALIDATION = 0.1;
const TEST = 0.2;

/** Fewest people and pictures: ten folds need test people in each, and every part pairs. */
const FEWEST = { people: 100, pictures: 4 }; // as the help of `deepid demo` says

const COMPONENTS = [20, 40, 80, 120];

/** Test pairs of each kind for each test person. */
const PAIRS_PER_PERSON = 5;
export const FOLDS = 10;

export interface DemoPlan {
  readonly training: Training;
  /** People for the run (its own split among them), and people it never sees. */
  readonly learning: number;
  readonly test: number;
  readonly pairs: number;
  /** Numbers of principal components to choose from. */
  readonly components: readonly number[];
}

export function planDemo({ people, pictures, steps, seed }: DemoOptions): DemoPlan {
  if (!(people >= FEWEST.people && pictures >= FEWEST.pictures)) {
    throw new InputError(
      `demo: needs ${FEWEST.people} people with ${FEWEST.pictures} pictures or more, got ${people} with ${pictures}`,
    );
  }
  const test = Math.round(people * TEST);
  const training = demoTraining({ people, steps, seed });
  // Joint Bayesian needs well more pictures of the same people than it has components.
  const enough = (training.split.matching * (pictures - 1)) / 2;
  const perFold = Math.floor((test * PAIRS_PER_PERSON) / FOLDS);
  return {
    training,
    learning: people - test,
    test,
    pairs: 2 * FOLDS * perFold,
    components: COMPONENTS.filter((components) => components <= enough),
  };
}

/** A short run of the narrow net. */
function demoTraining({ people, steps, seed }: Pick<DemoOptions, "people" | "steps" | "seed">): Training {
  return {
    net: NARROW,
    split: { matching: Math.round(people * MATCHING), validation: Math.round(people * VALIDATION) },
    steps,
    pairs: 32,
    learningRate: { peak: 0.1, warmup: 30 },
    momentum: 0.9,
    weightDecay: 5e-3,
    lambda: { weight: 2e-3, after: Math.round(steps / 8) },
    margin: { pairs: 5_000, every: 20 },
    augmentation: { shift: 2, mirror: true, light: 0.15 },
    evaluateEvery: Math.max(20, Math.round(steps / 10)),
    checkpointSeconds: 60,
    seed,
  };
}
