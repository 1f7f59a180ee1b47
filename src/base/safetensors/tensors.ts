/**
 * Tensors of a safetensors file in memory, wherever its bytes come from.
 *
 * The hosts of Node, browsers and ONNX Runtime are little-endian like the format, so values are copied as they are.
 */
import { DataError } from "../errors/index.ts";
import { type Dtype, type Header, MAX_HEADER_BYTES, parseHeader, type TensorPlace } from "./header.ts";

/** The typed array that holds each dtype. F16 values are raw 16-bit patterns: this Node has no half floats. */
export interface TensorArrays {
  F64: Float64Array;
  I64: BigInt64Array;
  F32: Float32Array;
  I32: Int32Array;
  U32: Uint32Array;
  F16: Uint16Array;
  I8: Int8Array;
  U8: Uint8Array;
}

/** A tensor, row-major; `data` holds the product of `shape` values ([] is one value). */
export type SafeTensor<D extends Dtype = Dtype> = {
  [K in D]: { readonly dtype: K; readonly shape: readonly number[]; readonly data: TensorArrays[K] };
}[D];

/** A whole file in memory. */
export interface Safetensors {
  readonly path: string;
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export const ARRAYS: { [K in Dtype]: new (buffer: ArrayBuffer) => TensorArrays[K] } = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  F16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
};

/** Bytes of the number at the start of a file that says how long its header is. */
export const LENGTH_BYTES = 8;

/** The byte at which the data of a file of `size` bytes begin, from its first 8 bytes; DataError where they cannot be. */
export function dataStartOf(first: Uint8Array, size: number, path: string): number {
  if (!(size >= LENGTH_BYTES))
    throw new DataError(`${path}: truncated: a safetensors file has at least 8 bytes, got ${size}`);
  const length = Number(new DataView(first.buffer, first.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  if (!(length <= MAX_HEADER_BYTES)) {
    throw new DataError(
      `${path}: not safetensors: its header would take ${length} bytes, over ${MAX_HEADER_BYTES}`,
    );
  }
  const dataStart = LENGTH_BYTES + length;
  if (!(dataStart <= size)) {
    throw new DataError(`${path}: truncated: the header ends at byte ${dataStart}, the file at ${size}`);
  }
  return dataStart;
}

/** The tensor at `place` of `bytes`, whose data begin at `dataStart`; its values are copied. */
function tensorAt(
  bytes: Uint8Array,
  dataStart: number,
  { dtype, shape, begin, end }: TensorPlace,
): SafeTensor {
  const copy = bytes.slice(dataStart + begin, dataStart + end); // in a buffer of its own, so aligned for any type
  return { dtype, shape, data: new ARRAYS[dtype](copy.buffer) } as SafeTensor;
}

/** The tensors of a file's `bytes`. Throws a DataError where they are truncated, too long or not what their header says. */
export function parseSafetensors(bytes: Uint8Array, path: string): Safetensors {
  const dataStart = dataStartOf(bytes, bytes.length, path);
  const header: Header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), bytes.length - dataStart, path);
  const tensors = [...header.places].map(([name, place]) => [name, tensorAt(bytes, dataStart, place)]);
  return { path, tensors: Object.fromEntries(tensors), metadata: header.metadata };
}

/**
 * The tensor `name` of a file that was read, which must have this dtype and shape; -1 in `shape` stands for any
 * size. For loaders: what is missing or different is a DataError.
 */
export function requireTensor<D extends Dtype>(
  { path, tensors }: Safetensors,
  name: string,
  { dtype, shape }: { dtype: D; shape: readonly number[] },
): SafeTensor<D> {
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
  const needed = `${dtype} of shape [${shape.map((side) => (side === -1 ? "any" : side))}]`;
  if (!tensor) throw new DataError(`${path}: needs a tensor "${name}", ${needed}; there is none`);
  const fits =
    tensor.dtype === dtype &&
    tensor.shape.length === shape.length &&
    shape.every((side, axis) => side === -1 || side === tensor.shape[axis]);
  if (fits) return tensor as SafeTensor<D>;
  throw new DataError(
    `${path}: tensor "${name}" must be ${needed}, got ${tensor.dtype} of shape [${tensor.shape}]`,
  );
}
