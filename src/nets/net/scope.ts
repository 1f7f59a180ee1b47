/** Where a net's definition gets its parameters from: inputs of a training graph, or constants of a released one. */
import { InputError } from "../../base/errors/index.ts";
import type { Rng } from "../../base/random/index.ts";
import { constant, type Expr, input, type Shape, show, sizeOf } from "../../math/graph/index.ts";
import { compactConstant, type Precision } from "./compact.ts";

/** A tensor that belongs to a net. Statistics (running means) are kept with it but not trained. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: "weight" | "bias" | "statistic";
  readonly initialise: (rng: Rng) => Float32Array;
}

/** Values of all parameters, by name. */
export type Weights = Readonly<Record<string, Float32Array>>;

export interface Scope {
  /** The tensor that `parameter` names; every definition names each of its parameters once. */
  parameter(parameter: Parameter): Expr;
  /** In training: takes the new value of a statistic after this batch. */
  update?: (name: string, value: Expr) => void;
  /** Sees what each layer adds up, [n, channels, ...], before its bias. */
  observe?: (layer: string, sums: Expr) => void;
  /** In training: whether `layer` stays as it is; it is then normalised by its running statistics. */
  isFrozen?: (layer: string) => boolean;
}

/** A scope for finding out which parameters a definition has: they become inputs, and are recorded. */
export function recordingScope(): { scope: Scope; parameters: Parameter[] } {
  const parameters: Parameter[] = [];
  const parameter = (declared: Parameter) => {
    if (parameters.some(({ name }) => name === declared.name)) {
      throw new Error(`scope: ${declared.name} is declared twice`);
    }
    parameters.push(declared);
    return input(declared.name, declared.shape);
  };
  return { scope: { parameter }, parameters };
}

/** A scope whose parameters are constants. */
export function releasedScope(weights: Weights, precision: Precision = "float32"): Scope {
  return {
    parameter({ name, shape, kind }) {
      const values = weights[name];
      if (!values) throw new InputError(`weights: ${name} ${show(shape)} is missing`);
      if (values.length !== sizeOf(shape)) {
        throw new InputError(
          `weights: ${name} ${show(shape)} needs ${sizeOf(shape)} values, got ${values.length}`,
        );
      }
      return precision === "int8" && kind === "weight"
        ? compactConstant(values, shape, name)
        : constant(values, shape, name);
    },
  };
}

/** He's initialisation for layers followed by ReLU: variance 2 / fan-in. */
export const he = (shape: Shape, fanIn: number) => (rng: Rng) => gaussian(shape, Math.sqrt(2 / fanIn), rng);

/** Normal values of the given standard deviation. */
export function gaussian(shape: Shape, deviation: number, rng: Rng): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, () => deviation * rng.normal());
}

export const filled = (shape: Shape, value: number) => () => new Float32Array(sizeOf(shape)).fill(value);
