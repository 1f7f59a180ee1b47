// src/math/graph: tensor computations as typed expressions over ONNX operators; their gradients; their ONNX bytes. Knows nothing of faces.
export {
  describeModel,
  type ModelDescription,
  type ModelSignature,
  type ModelValue,
  readConstants,
  readSignature,
  refuseEndless,
} from "./describe.ts";
export {
  constant,
  type DType,
  differentiatedBy,
  type Expr,
  input,
  type Shape,
  sameShape,
  scalar,
  show,
  sizeOf,
  type TensorData,
} from "./expression.ts";
export { gradient } from "./gradient.ts";
export { type ModelOptions, toOnnx } from "./model.ts";
export { conv2d, maxPool, patches } from "./ops/convolution.ts";
export * from "./ops/elementwise.ts";
export { concat, flatten, pad, range, reshape, slice, stack, transpose } from "./ops/layout.ts";
export { batchedMatmul, gemm, stepOnto } from "./ops/matmul.ts";
export { mean } from "./ops/mean.ts";
export { expand, max, sum, sumTo } from "./ops/reduce.ts";
export { type Bytes, convolveBytes, poolBytes, toFloats, type WholeWeights } from "./ops/wholeNumbers.ts";
export { structureOf } from "./structure.ts";
