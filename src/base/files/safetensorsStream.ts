/**
 * Writing a safetensors file whose tensors are too large to hold in memory: shapes first, rows in any order after.
 * Only bytes (U8), which is all that pictures need.
 */
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../errors/index.ts";
import { formatHeader, type TensorPlace } from "../safetensors/index.ts";
import { makeFolder } from "./folder.ts";

export interface TensorFileWriter {
  /** Writes whole rows of tensor `name`, beginning at row `first`. Different rows may be written at once. */
  write(name: string, first: number, rows: Uint8Array): Promise<void>;
  /**
   * Puts the finished file in its place; until then nothing stands there. Fails unless every row was written. `more`
   * is added to the metadata, as far as `laterBytes` have left room.
   */
  commit(more?: Readonly<Record<string, string>>): Promise<void>;
  /** Gives up and removes what was written. */
  discard(): Promise<void>;
}

/**
 * Starts writing the file of U8 tensors that will stand at `path` once it is committed. `shapes` gives each
 * tensor's shape, its first side the number of rows, at least 1. Missing folders are made.
 */
export async function createTensorFile(
  path: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  metadata: Readonly<Record<string, string>> = {},
  { laterBytes = 0 }: { readonly laterBytes?: number } = {},
): Promise<TensorFileWriter> {
  const { header, rows } = layOut(shapes, metadata, laterBytes);
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  const file = await open(temporary, "wx");
  const writeAll = async (bytes: Uint8Array, position: number) => {
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
  };
  const discard = async () => {
    await file.close();
    await rm(temporary, { force: true });
  };
  try {
    await writeAll(header, 0);
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    async write(name, first, bytes) {
      const place = rows.get(name);
      if (!place) throw new InputError(`write: ${path} has no tensor ${name}`);
      const count = bytes.length / place.rowBytes;
      if (!(Number.isInteger(count) && first >= 0 && first + count <= place.count)) {
        throw new InputError(
          `write: ${bytes.length} bytes at row ${first} of ${name}, ${place.count} rows of ${place.rowBytes} bytes`,
        );
      }
      await writeAll(bytes, place.start + first * place.rowBytes);
      place.written += count;
    },
    async commit(more) {
      for (const [name, { count, written }] of rows) {
        if (written !== count)
          throw new Error(`${path}: ${written} of ${count} rows of ${name} were written`);
      }
      if (more) await writeAll(padded(layOut(shapes, { ...metadata, ...more }).header, header.length), 0);
      await file.sync();
      await file.close();
      await rename(temporary, path);
    },
    discard,
  };
}

interface Rows {
  /** Byte of the file at which row 0 begins. */
  readonly start: number;
  readonly rowBytes: number;
  readonly count: number;
  written: number;
}

function layOut(
  shapes: Readonly<Record<string, readonly number[]>>,
  metadata: Readonly<Record<string, string>>,
  laterBytes = 0,
) {
  const places = new Map<string, TensorPlace>();
  let end = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const begin = end;
    end += shape.reduce((product, side) => product * side, 1);
    places.set(name, { dtype: "U8", shape, begin, end });
  }
  const json = formatHeader({ places, metadata });
  const bare = Buffer.alloc(8 + json.length);
  bare.set(json, 8);
  const header = padded(bare, bare.length + 8 * Math.ceil(laterBytes / 8));
  const rows = new Map<string, Rows>();
  for (const [name, { shape, begin, end: last }] of places) {
    const rowBytes = (last - begin) / shape[0];
    rows.set(name, { start: header.length + begin, rowBytes, count: shape[0], written: 0 });
  }
  return { header, rows };
}

/** A header of `length` bytes in all: JSON may end in spaces. */
function padded(header: Buffer, length: number): Buffer {
  if (header.length > length)
    throw new Error(`a header of ${header.length} bytes does not fit into ${length}`);
  const longer = Buffer.alloc(length, " ");
  header.copy(longer);
  longer.writeBigUInt64LE(BigInt(length - 8));
  return longer;
}
