/** The training step, ready to run, with all that it carries from one step to the next. */
import { createLoop, type Loop } from "../../math/engine/index.ts";
import type { Provider, Tensor, Tensors } from "../../math/session/index.ts";
import type { Weights } from "../net/index.ts";
import type { FaceBatch } from "./batches.ts";
import type { Training } from "./config.ts";
import { SampledClassifiers } from "./sampledClassifiers.ts";
import { lambdaAt, learningRateAt } from "./schedule.ts";
import { buildStepGraph, isClassifier } from "./step.ts";
import type { StepConfig } from "./stepConfig.ts";

export interface StepperOptions {
  readonly provider?: Provider;
  readonly threads?: number;
}

export class Stepper {
  readonly #training: Training;
  readonly #loop: Loop;
  readonly #sampled: SampledClassifiers | undefined;
  /** Of the last step: losses [3, taps], with a teacher [5, taps], and [taps, n, n] distances between its features. */
  readonly losses: Tensor;
  readonly distances: Tensor;

  private constructor(
    training: Training,
    { net, batch, teacher }: StepConfig,
    loop: Loop,
    sampled: SampledClassifiers | undefined,
  ) {
    const taps = net.taps.length;
    this.#training = training;
    this.#loop = loop;
    this.#sampled = sampled;
    const rows = teacher ? 5 : 3;
    this.losses = { shape: [rows, taps], data: new Float32Array(rows * taps) };
    this.distances = { shape: [taps, batch, batch], data: new Float32Array(taps * batch * batch) };
  }

  /** Goes on from `state`, and takes ownership of its arrays; `frozen` as for `buildStepGraph`. */
  static async open(
    training: Training,
    config: StepConfig,
    state: Tensors,
    frozen: Weights | undefined,
    options: StepperOptions,
  ): Promise<Stepper> {
    const { sample } = config;
    const sampled = sample === undefined ? undefined : new SampledClassifiers(training, state, sample);
    const carried = Object.entries(state).filter(([name]) => !sampled || !isClassifier(name));
    const loop = await createLoop(
      buildStepGraph(config, frozen),
      Object.fromEntries(carried),
      { ...options, constantWeights: frozen !== undefined },
      "training step",
    );
    return new Stepper(training, config, loop, sampled);
  }

  /** Runs step number `step`. */
  async step(step: number, batch: FaceBatch, margins: Float32Array): Promise<void> {
    const classifiers = this.#sampled?.feeds(step, batch.identities);
    const values: Record<string, Tensor["data"]> = {
      ...batch,
      identities: classifiers?.identities ?? batch.identities,
      margins,
      learningRate: Float32Array.of(learningRateAt(step, this.#training)),
      lambda: Float32Array.of(lambdaAt(step, this.#training)),
    };
    const asked = this.#loop.description.inputs.filter(({ name }) => name in values); // without dropout a graph takes no masks
    const feeds = asked.map(({ name, shape }) => {
      return [name, { shape: shape as readonly number[], data: values[name] }] as const;
    });
    const { losses, distances } = this;
    await this.#loop.run(
      { ...Object.fromEntries(feeds), ...classifiers?.rows },
      { losses, distances, ...this.#sampled?.into },
    );
    this.#sampled?.store();
  }

  /** All that is carried, as it stands: to be read before the next step. */
  async state(): Promise<Tensors> {
    return { ...(await this.#loop.state()), ...this.#sampled?.state };
  }

  release(): Promise<void> {
    return this.#loop.release();
  }
}
