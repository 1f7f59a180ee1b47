/**
 * Matrices in NumPy's .npy: a magic string, a version, the length of a header that is a Python dict literal, then the
 * numbers. Read are little-endian floats of 2, 4 or 8 bytes in C order, which is what other systems' features are
 * saved as; the file's size is held against the header before anything of that size is allocated.
 *
 * Format: numpy.lib.format, versions 1.0 to 3.0.
 */
import type { FileHandle } from "node:fs/promises";
import { Float16Array } from "@petamoriken/float16";
import { DataError, quote } from "../../base/errors/index.ts";
import { openForeign, readExactly, unreadable, writeFileAtomic } from "../../base/files/index.ts";

/** A matrix of float32 numbers, row-major. */
export interface NpyMatrix {
  readonly shape: readonly [rows: number, columns: number];
  readonly data: Float32Array;
}

const MAGIC = "\x93NUMPY";
/** Longest header that is read, in bytes; NumPy's own takes 118 for a matrix. */
const MAX_HEADER_BYTES = 10_000;
const ALIGNMENT = 64;

const TYPES: Readonly<Record<string, { bytes: number; decode: (buffer: ArrayBuffer) => Float32Array }>> = {
  "<f2": { bytes: 2, decode: (buffer) => Float32Array.from(new Float16Array(buffer)) },
  "<f4": { bytes: 4, decode: (buffer) => new Float32Array(buffer) },
  "<f8": { bytes: 8, decode: (buffer) => Float32Array.from(new Float64Array(buffer)) },
};

/** Reads a matrix. Throws a DataError where the file is anything else. */
export async function readNpy(path: string): Promise<NpyMatrix> {
  const file = await openForeign(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  try {
    const { size } = await file.stat();
    const { text, dataStart } = await readHeader(file, path, size);
    const { type, shape } = parseHeader(text, path);
    const needed = shape[0] * shape[1] * type.bytes;
    if (needed !== size - dataStart) {
      throw new DataError(
        `${path}: shape (${shape.join(", ")}) needs ${needed} bytes of numbers, the file holds ${size - dataStart}`,
      );
    }
    const bytes = await readExactly(file, path, dataStart, needed);
    return { shape, data: type.decode(bytes.buffer as ArrayBuffer) };
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle, path: string, size: number) {
  const head = await readExactly(file, path, 0, Math.min(size, 12));
  if (!(size >= 12 && head.toString("latin1", 0, 6) === MAGIC)) {
    throw new DataError(`${path}: not an .npy file: it does not begin with NumPy's magic string`);
  }
  const version = head[6];
  if (!(version >= 1 && version <= 3)) {
    throw new DataError(`${path}: needs version 1, 2 or 3 of .npy, got ${version}`);
  }
  const length = version === 1 ? head.readUInt16LE(8) : head.readUInt32LE(8);
  const start = version === 1 ? 10 : 12;
  if (!(length <= MAX_HEADER_BYTES)) {
    throw new DataError(`${path}: its header would take ${length} bytes, over ${MAX_HEADER_BYTES}`);
  }
  if (!(start + length <= size)) {
    throw new DataError(`${path}: truncated: the header ends at byte ${start + length}, the file at ${size}`);
  }
  return {
    text: (await readExactly(file, path, start, length)).toString("latin1"),
    dataStart: start + length,
  };
}

/** The header is never evaluated: each of its three entries must look as NumPy writes it. */
function parseHeader(text: string, path: string) {
  const descr = /'descr': *('[^']*'|[^,]*)/.exec(text)?.[1] ?? "none";
  const type = Object.entries(TYPES).find(([name]) => descr === `'${name}'`)?.[1];
  if (!type) {
    throw new DataError(
      `${path}: its numbers must be ${Object.keys(TYPES).join(", ")} (astype("float32")), got ${quote(descr)}`,
    );
  }
  const order = /'fortran_order': *(\w+)/.exec(text)?.[1];
  if (order !== "False") {
    throw new DataError(
      `${path}: needs rows one after the other (numpy.ascontiguousarray), got fortran_order ${order ?? "missing"}`,
    );
  }
  const sides = /'shape': *\(([^)]*)\)/.exec(text)?.[1];
  const match = /^ *(\d{1,15}) *, *(\d{1,15}) *,? *$/.exec(sides ?? "");
  const [rows, columns] = match ? [Number(match[1]), Number(match[2])] : [];
  if (!(rows! >= 1 && columns! >= 1)) {
    throw new DataError(
      `${path}: needs shape (rows, columns), neither of them 0, got (${sides?.slice(0, 80) ?? "missing"})`,
    );
  }
  return { type, shape: [rows!, columns!] as const };
}

/** Writes a matrix as NumPy does: version 1.0, numbers from a multiple of 64 bytes on. */
export async function writeNpy(path: string, { shape, data }: NpyMatrix): Promise<void> {
  const dict = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const length = Math.ceil((10 + dict.length + 1) / ALIGNMENT) * ALIGNMENT - 10;
  const head = Buffer.alloc(10);
  head.write(MAGIC, "latin1");
  head.writeUInt8(1, 6);
  head.writeUInt16LE(length, 8);
  const header = Buffer.from(`${dict.padEnd(length - 1)}\n`, "latin1");
  await writeFileAtomic(path, [head, header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}
