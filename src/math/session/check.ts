/** Whether the tensors given to a session are what its model asks for. */
import { InputError } from "../../base/errors/index.ts";
import { type ModelValue, show, sizeOf, type TensorData } from "../graph/index.ts";
import type { Tensor, Tensors } from "./runner.ts";

/** Throws InputError unless `tensors` are exactly those of `values`, each with its type and shape. */
export function checkTensors(what: string, values: readonly ModelValue[], tensors: Tensors): void {
  for (const value of values) check(`${what} ${value.name}`, value, tensors[value.name]);
  checkNames(what, values, Object.keys(tensors));
}

/** Throws InputError where one of `names` is not among `values`. */
export function checkNames(what: string, values: readonly ModelValue[], names: readonly string[]): void {
  const known = new Set(values.map(({ name }) => name));
  const stray = names.find((name) => !known.has(name));
  if (stray !== undefined) throw new InputError(`${what} ${stray}: there are only ${[...known].join(", ")}`);
}

/** Whether an array holds values of a type; a boolean is a byte. */
const HOLDS = {
  float32: (data: TensorData) => data instanceof Float32Array,
  int64: (data: TensorData) => data instanceof BigInt64Array,
  uint8: (data: TensorData) => data instanceof Uint8Array,
  bool: (data: TensorData) => data instanceof Uint8Array,
  other: () => false,
} as const;

function check(what: string, { dtype, shape: wanted }: ModelValue, tensor?: Tensor): void {
  if (!tensor) throw new InputError(`${what} ${dtype} [${wanted.join(", ")}] is missing`);
  const { shape, data } = tensor;
  const fits =
    shape.length === wanted.length &&
    wanted.every((side, axis) => typeof side === "string" || side === shape[axis]);
  if (!fits) throw new InputError(`${what} must have shape [${wanted.join(", ")}], got ${show(shape)}`);
  if (!HOLDS[dtype](data)) throw new InputError(`${what} must be ${dtype}, got ${data?.constructor.name}`);
  if (data.length !== sizeOf(shape)) {
    throw new InputError(`${what} ${show(shape)} needs ${sizeOf(shape)} values, got ${data.length}`);
  }
}
