/**
 * Integrated gradients: what each number of an input adds to an answer, compared with an input that says nothing.
 * Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017. Beyond the paper.
 *
 *   worth_i = (x_i - x'_i) ∫₀¹ ∂F/∂x_i (x' + α (x - x')) dα,   Σ worth_i = F(x) - F(x')   (completeness)
 */
import { InputError } from "../../base/errors/index.ts";

/** Answers F [n] of `points` [n, size], and their slopes ∂F/∂x [n, size]. */
export type SlopesAt = (points: Float32Array) => Promise<{
  readonly answers: ArrayLike<number>;
  readonly slopes: Float32Array;
}>;

export interface Attribution {
  /** [size]: what each number adds, in the answer's unit. */
  readonly worth: Float32Array;
  /** F of the input, and of the baseline. */
  readonly answer: number;
  readonly baselineAnswer: number;
}

export interface AttributionOptions {
  readonly baseline: Float32Array;
  /** Points of the path at which the slope is taken, in the middle of equal steps. */
  readonly steps?: number;
}

export const ATTRIBUTION_DEFAULTS = { steps: 48 } as const;

/**
 * What each number of `input` [size] adds to the answer. The sum of `worth` differs from `answer - baselineAnswer` by what
 * the midpoint rule leaves out: less with more steps.
 *
 * @example
 * const { worth } = await integratedGradients(face, { baseline: grey }, slopesOfNeuron);
 */
export async function integratedGradients(
  input: Float32Array,
  { baseline, steps = ATTRIBUTION_DEFAULTS.steps }: AttributionOptions,
  slopesAt: SlopesAt,
): Promise<Attribution> {
  const size = input.length;
  if (baseline.length !== size || !(Number.isInteger(steps) && steps >= 1)) {
    throw new InputError(
      `integratedGradients: needs a baseline of ${size} numbers and a step or more, got ${baseline.length} and ${steps}`,
    );
  }
  const path = new Float32Array((steps + 2) * size);
  const shares = [...Array.from({ length: steps }, (_, step) => (step + 0.5) / steps), 0, 1];
  shares.forEach((share, point) => {
    for (let i = 0; i < size; i++) path[point * size + i] = baseline[i] + share * (input[i] - baseline[i]);
  });
  const { answers, slopes } = await slopesAt(path);
  const worth = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let slope = 0;
    for (let step = 0; step < steps; step++) slope += slopes[step * size + i];
    worth[i] = ((input[i] - baseline[i]) * slope) / steps;
  }
  return { worth, baselineAnswer: answers[steps], answer: answers[steps + 1] };
}
