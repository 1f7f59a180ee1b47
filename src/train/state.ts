/** The tensors that training carries from step to step, twice: one set to read, one to write, swapped each step. */
import type { Tensor } from "../engine/index.ts";
import { DataError } from "../errors/index.ts";
import { sizeOf } from "../graph/index.ts";
import { adoptWeights, type Start, type Weights } from "../net/index.ts";
import { createRng } from "../random/index.ts";
import { type StateTensor, type StepConfig, stateTensors } from "./step.ts";

export class TrainingState {
  readonly tensors: readonly StateTensor[];
  #current: Record<string, Tensor>;
  #next: Record<string, Tensor>;

  constructor(config: StepConfig, values: (tensor: StateTensor) => Float32Array) {
    this.tensors = stateTensors(config);
    const all = (fill: (tensor: StateTensor) => Float32Array) =>
      Object.fromEntries(this.tensors.map((t) => [t.name, { shape: t.parameter.shape, data: fill(t) }]));
    this.#current = all(values);
    this.#next = all(({ parameter }) => new Float32Array(sizeOf(parameter.shape)));
  }

  /** The weights of `start` as far as they fit, else fresh ones from a seed; velocities 0. */
  static initial(config: StepConfig, seed: number, start?: Start): TrainingState {
    const rng = createRng(seed).fork("weights");
    return new TrainingState(config, ({ name, parameter, velocity }) => {
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
    return new TrainingState(config, ({ name, parameter }) => {
      const values = stored[name];
      const size = sizeOf(parameter.shape);
      if (values?.length !== size) {
        throw new DataError(`${source}: ${name} needs ${size} values, got ${values?.length ?? "none"}`);
      }
      return values;
    });
  }

  /** What a step reads: the current values by name. */
  get feeds(): Readonly<Record<string, Tensor>> {
    return this.#current;
  }

  /** What a step writes: `next.<name>`. */
  get results(): Record<string, Tensor> {
    return Object.fromEntries(Object.entries(this.#next).map(([name, tensor]) => [`next.${name}`, tensor]));
  }

  /** Takes what the step wrote for the current values. */
  advance(): void {
    [this.#current, this.#next] = [this.#next, this.#current];
  }

  /** Current parameters of the net and its classifiers, without velocities. */
  get weights(): Weights {
    const kept = this.tensors.filter(({ velocity }) => !velocity);
    return Object.fromEntries(kept.map(({ name }) => [name, this.#current[name].data as Float32Array]));
  }
}
