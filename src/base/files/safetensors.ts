/**
 * Tensors in safetensors files: models' matrices, checkpoints, features. Anything else that reads safetensors
 * (Python, Rust, browsers) reads these files; nothing in them can execute.
 *
 * The hosts of Node and ONNX Runtime are little-endian like the format, so values are copied as they are.
 */
import type { FileHandle } from "node:fs/promises";
import { DataError, InputError } from "../errors/index.ts";
import {
  ARRAYS,
  type Dtype,
  dataStartOf,
  formatHeader,
  ITEM_BYTES,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  parseHeader,
  type SafeTensor,
  type Safetensors,
  type TensorArrays,
  type TensorPlace,
} from "../safetensors/index.ts";
import { writeFileAtomic } from "./atomic.ts";
import { openForeign } from "./foreign.ts";
import { readExactly } from "./readExactly.ts";

/** An open file whose tensors are read by rows (first axis). Close it. */
export interface OpenSafetensors extends AsyncDisposable {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly places: ReadonlyMap<string, TensorPlace>;
  /** Rows `first` to `first + count - 1` of the tensor `name`: shape [count, ...rest]. */
  readRows(name: string, first: number, count: number): Promise<SafeTensor>;
  close(): Promise<void>;
}

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
  const file = await openForeign(path);
  try {
    const { places, metadata, dataStart } = await readHeader(file, path);
    const close = () => file.close();
    const readRows = (name: string, first: number, count: number) => {
      const place = places.get(name);
      if (!place)
        throw new DataError(`${path}: no tensor "${name}"; there are ${[...places.keys()].join(", ")}`);
      return readTensorRows(file, path, { ...place, begin: dataStart + place.begin }, { first, count });
    };
    return { path, metadata, places, readRows, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: FileHandle, path: string) {
  const { size } = await file.stat();
  const first = await readExactly(file, path, 0, Math.min(size, LENGTH_BYTES));
  const dataStart = dataStartOf(first, size, path);
  const text = await readExactly(file, path, LENGTH_BYTES, dataStart - LENGTH_BYTES);
  return { ...parseHeader(text, size - dataStart, path), dataStart };
}

async function readTensorRows(
  file: FileHandle,
  path: string,
  place: TensorPlace,
  { first, count }: { readonly first: number; readonly count: number },
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
