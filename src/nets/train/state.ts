/** The tensors that training carries from step to step, as they stand. */

import { DataError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { sizeOf } from "../../math/graph/index.ts";
import type { Tensor, Tensors } from "../../math/session/index.ts";
import { adoptWeights, type Start, type Weights } from "../net/index.ts";
import { type StateTensor, stateTensors } from "./step.ts";
import type { StepConfig } from "./stepConfig.ts";

export class TrainingState {
  readonly tensors: readonly StateTensor[];
  /** Their values by name: what a step reads. */
  readonly values: Readonly<Record<string, Tensor>>;

  private constructor(tensors: readonly StateTensor[], values: Readonly<Record<string, Tensor>>) {
    this.tensors = tensors;
    this.values = values;
  }

  static #filled(config: StepConfig, fill: (tensor: StateTensor) => Float32Array): TrainingState {
    const tensors = stateTensors(config);
    const values = tensors.map((t) => [t.name, { shape: t.parameter.shape, data: fill(t) }] as const);
    return new TrainingState(tensors, Object.fromEntries(values));
  }

  /** The weights of `start` as far as they fit, else fresh ones from a seed; velocities 0. */
  static initial(config: StepConfig, seed: number, start?: Start): TrainingState {
    const rng = createRng(seed).fork("weights");
    return TrainingState.#filled(config, ({ name, parameter, velocity }) => {
      if (velocity) return new Float32Array(sizeOf(parameter.shape));
      return (start && adoptWeights(parameter, config.net, start)) ?? parameter.initialise(rng.fork(name));
    });
  }

  /** From the tensors of the file `source`. */
  static from(
    config: StepConfig,
    stored: Readonly<Record<string, Float32Array>>,
    source: string,
  ): TrainingState {
    return TrainingState.#filled(config, ({ name, parameter }) => {
      const values = stored[name];
      const size = sizeOf(parameter.shape);
      if (values?.length !== size) {
        throw new DataError(`${source}: ${name} needs ${size} values, got ${values?.length ?? "none"}`);
      }
      return values;
    });
  }

  /** The same tensors with other values. */
  moved(values: Tensors): TrainingState {
    return new TrainingState(this.tensors, values);
  }

  /** Parameters of the net and its classifiers, without velocities. */
  get weights(): Weights {
    const kept = this.tensors.filter(({ velocity }) => !velocity);
    return Object.fromEntries(kept.map(({ name }) => [name, this.values[name].data as Float32Array]));
  }
}
