/**
 * A tensor computation as a typed expression: a leaf, or one ONNX operator applied to expressions. Shapes are
 * checked when an expression is built, so a graph that exists can run.
 *
 * Each operator is one function of src/math/graph/ops that states its shape rule and, beside it, its gradient rule.
 */
import { InputError } from "../../base/errors/index.ts";

/** Types that go in and out of graphs; `int8` and `int32` are for constants of whole-number operators alone. */
export type DType = "float32" | "int64" | "bool" | "uint8";
export type ElementType = DType | "int8" | "int32";
/** The numbers that ONNX has for these types. */
export const ONNX_TYPE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};

export type Shape = readonly number[];
/** An ONNX attribute: an integer, a list of integers, or a float (wrapped, since 1 and 1.0 look alike). */
export type Attribute = number | readonly number[] | { readonly float: number };

/**
 * What `apply` may be told besides inputs, shape and gradient rule: the result's type (default: that of the first
 * input), and ONNX attributes.
 */
export interface ApplyOptions {
  readonly dtype?: ElementType;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/**
 * Given the gradient of the loss with respect to an expression, and the expression, returns the gradient with
 * respect to each of its inputs; undefined where an input is not differentiable.
 */
export type GradientRule = (dy: Expr, y: Expr) => readonly (Expr | undefined)[];

/** Identity matters: the same object used twice is computed once. */
export interface Expr {
  /** An ONNX operator, or a leaf: "Input" (with a name) or "Constant" (with data). */
  readonly op: string;
  readonly inputs: readonly Expr[];
  readonly shape: Shape;
  readonly dtype: ElementType;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly gradient?: GradientRule;
  /** What the gradient rule's answers refer to, where that is not `inputs`. */
  readonly differentiable?: readonly Expr[];
  /** Of an input always, of a constant perhaps. */
  readonly name?: string;
  readonly data?: ConstantData;
}

export type TensorData = Float32Array | BigInt64Array | Uint8Array;
export type ConstantData = TensorData | Int8Array | Int32Array;

/** Number of elements of a tensor of this shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, side) => product * side, 1);

/** A named input of the graph. */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Expr {
  if (!shape.every((side) => Number.isInteger(side) && side > 0)) {
    throw new InputError(`input ${name}: sides must be positive integers, got ${show(shape)}`);
  }
  return { op: "Input", inputs: [], shape, dtype, attributes: {}, name };
}

/**
 * A constant tensor. Float32Array gives float32, BigInt64Array int64, Uint8Array uint8, and so on. A `name` is kept in
 * the ONNX file, where `readConstants` finds it.
 */
export function constant(data: ConstantData, shape: Shape, name?: string): Expr {
  if (data.length !== sizeOf(shape)) {
    throw new InputError(`constant: shape ${show(shape)} needs ${sizeOf(shape)} values, got ${data.length}`);
  }
  return { op: "Constant", inputs: [], shape, dtype: typeOf(data), attributes: {}, data, name };
}

function typeOf(data: ConstantData): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Uint8Array) return "uint8";
  if (data instanceof Int8Array) return "int8";
  return data instanceof Int32Array ? "int32" : "int64";
}

/** A float32 scalar constant. */
export const scalar = (value: number): Expr => constant(Float32Array.of(value), []);

/** An int64 vector constant: the form in which ONNX takes axes, shapes and slice bounds. */
export const integers = (values: readonly number[]): Expr =>
  constant(BigInt64Array.from(values, BigInt), [values.length]);

/** The rule of an operator through which no gradient flows: a comparison, a sign, a conversion. */
export const noGradient: GradientRule = () => [];

/** Applies ONNX operator `op`, whose first result has `shape`. Without a rule, differentiating it is an error. */
export function apply(
  op: string,
  inputs: readonly Expr[],
  shape: Shape,
  gradient?: GradientRule,
  { dtype = inputs[0].dtype, attributes = {} }: ApplyOptions = {},
): Expr {
  return { op, inputs, shape, dtype, attributes, gradient };
}

/**
 * `y`, but differentiated by `rule` with respect to `inputs`, on which it must depend: for a composition whose
 * derivative as a whole is cheaper than the chain rule through its parts.
 */
export function differentiatedBy(y: Expr, inputs: readonly Expr[], rule: GradientRule): Expr {
  return { ...apply("Identity", [y], y.shape, rule), differentiable: inputs };
}

/** Throws where one of `inputs` is not float32: numbers are computed with in no other type. */
export function requireFloats(op: string, ...inputs: readonly Expr[]): void {
  if (inputs.every(({ dtype }) => dtype === "float32")) return;
  throw new InputError(`${op}: needs float32, got ${inputs.map(({ dtype }) => dtype).join(", ")}`);
}

export const show = (shape: Shape): string => `[${shape.join(", ")}]`;
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((side, axis) => side === b[axis]);
