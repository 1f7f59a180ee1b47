/**
 * Tensors in safetensors files: models' matrices, checkpoints, features. Anything else that reads safetensors
 * (Python, Rust, browsers) reads these files; nothing in them can execute.
 *
 * The hosts of Node and ONNX Runtime are little-endian like the format, so values are copied as they are.
 */
import { type FileHandle, open } from "node:fs/promises";
import { DataError, InputError } from "../errors/index.ts";
import { writeFileAtomic } from "./atomic.ts";
import { readExactly } from "./readExactly.ts";
import {
  type Dtype,
  formatHeader,
  ITEM_BYTES,
  MAX_HEADER_BYTES,
  parseHeader,
  type TensorPlace,
} from "./safetensorsHeader.ts";

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

/** An open file whose tensors are read by rows (first axis). Close it. */
export interface OpenSafetensors extends AsyncDisposable {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly places: ReadonlyMap<string, TensorPlace>;
  /** Rows `first` to `first + count - 1` of the tensor `name`: shape [count, ...rest]. */
  readRows(name: string, first: number, count: number): Promise<SafeTensor>;
  close(): Promise<void>;
}

const ARRAYS: { [K in Dtype]: new (buffer: ArrayBuffer) => TensorArrays[K] } = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  F16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
};

/**
 * Writes `tensors` to `path` atomically. The bytes depend on the content alone, not on the order of the keys:
 * wide types come first, so that every tensor is aligned to its item size.
 */
export async function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entries = Object.entries(tensors).sort(
    ([a, { dtype: p }], [b, { dtype: q }]) => ITEM_BYTES[q] - ITEM_BYTES[p] || (a < b ? -1 : 1),
  );
  const places = new Map<string, TensorPlace>();
  let begin = 0;
  for (const [name, tensor] of entries) {
    checkTensor(name, tensor);
    const end = begin + tensor.data.byteLength;
    places.set(name, { dtype: tensor.dtype, shape: tensor.shape, begin, end });
    begin = end;
  }
  const header = formatHeader({ places, metadata });
  if (!(header.length <= MAX_HEADER_BYTES)) {
    throw new InputError(
      `writeSafetensors: the header would take ${header.length} bytes, over ${MAX_HEADER_BYTES}`,
    );
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFileAtomic(path, [length, header, ...entries.map(([, { data }]) => bytesOf(data))]);
}

/** Reads a whole file. Throws a DataError where it is truncated, too long or not what its header says. */
export async function readSafetensors(path: string): Promise<Safetensors> {
  await using file = await openSafetensors(path);
  const tensors: Record<string, SafeTensor> = {};
  for (const [name, { shape }] of file.places) {
    if (shape.length > 0) tensors[name] = await file.readRows(name, 0, shape[0]);
    else tensors[name] = { ...(await file.readRows(name, 0, 1)), shape: [] };
  }
  return { path, tensors, metadata: file.metadata };
}

/** Opens a file for reading by rows; the header and the file's length are checked here. */
export async function openSafetensors(path: string): Promise<OpenSafetensors> {
  const file = await open(path);
  try {
    const { places, metadata, dataStart } = await readHeader(file, path);
    const close = () => file.close();
    const readRows = (name: string, first: number, count: number) => {
      const place = places.get(name);
      if (!place)
        throw new DataError(`${path}: no tensor "${name}"; there are ${[...places.keys()].join(", ")}`);
      return readTensorRows(file, path, { ...place, begin: dataStart + place.begin }, first, count);
    };
    return { path, metadata, places, readRows, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await file.close();
    throw error;
  }
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

async function readHeader(file: FileHandle, path: string) {
  const { size } = await file.stat();
  if (!(size >= 8))
    throw new DataError(`${path}: truncated: a safetensors file has at least 8 bytes, got ${size}`);
  const length = Number((await readExactly(file, path, 0, 8)).readBigUInt64LE());
  if (!(length <= MAX_HEADER_BYTES)) {
    throw new DataError(
      `${path}: not safetensors: its header would take ${length} bytes, over ${MAX_HEADER_BYTES}`,
    );
  }
  const dataStart = 8 + length;
  if (!(dataStart <= size)) {
    throw new DataError(`${path}: truncated: the header ends at byte ${dataStart}, the file at ${size}`);
  }
  const text = await readExactly(file, path, 8, length);
  return { ...parseHeader(text, size - dataStart, path), dataStart };
}

async function readTensorRows(
  file: FileHandle,
  path: string,
  place: TensorPlace,
  first: number,
  count: number,
) {
  const { dtype, shape, begin } = place;
  const [rows, ...rest] = shape.length > 0 ? shape : [1];
  if (
    !(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0 && first + count <= rows)
  ) {
    throw new InputError(`readRows: ${count} rows from row ${first} asked of ${path}, which has ${rows}`);
  }
  const rowBytes = rest.reduce((product, side) => product * side, ITEM_BYTES[dtype] as number);
  const bytes = await readExactly(file, path, begin + first * rowBytes, count * rowBytes);
  // The bytes have a buffer of their own, so it is aligned for any type.
  return { dtype, shape: [count, ...rest], data: new ARRAYS[dtype](bytes.buffer) } as SafeTensor;
}

const bytesOf = (data: TensorArrays[Dtype]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function checkTensor(name: string, { dtype, shape, data }: SafeTensor): void {
  if (name === "__metadata__" || name === "__proto__") {
    throw new InputError(`writeSafetensors: a tensor cannot be named "${name}"`);
  }
  if (!(data instanceof ARRAYS[dtype])) {
    throw new InputError(
      `writeSafetensors: tensor "${name}" is ${dtype} but holds a ${data.constructor.name}`,
    );
  }
  const needed = shape.reduce((product, side) => product * side, 1);
  if (!(shape.every((side) => Number.isSafeInteger(side) && side >= 0) && needed === data.length)) {
    throw new InputError(
      `writeSafetensors: tensor "${name}" of shape [${shape}] needs ${needed} values, got ${data.length}`,
    );
  }
}
