import { mkdtemp, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DataError, InputError } from "../errors/index.ts";
import { requireTensor, type SafeTensor } from "../safetensors/index.ts";
import { openSafetensors, readSafetensors, writeSafetensors } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "safetensors-"));
});

/** A file from a header and data, with nothing checked. */
async function forge(header: unknown, data: Uint8Array | number = 0): Promise<string> {
  const path = join(folder, "forged.safetensors");
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFile(path, Buffer.concat([length, json, typeof data === "number" ? Buffer.alloc(data) : data]));
  return path;
}

const EVERY_TYPE = {
  wide: { dtype: "F64", shape: [2, 2], data: Float64Array.of(1, -2.5, Math.PI, Number.MIN_VALUE) },
  long: { dtype: "I64", shape: [2], data: BigInt64Array.of(-(2n ** 63n), 2n ** 53n + 1n) },
  single: { dtype: "F32", shape: [3, 1], data: Float32Array.of(0.1, -0, Number.NaN) },
  signed: { dtype: "I32", shape: [1], data: Int32Array.of(-1) },
  packed: { dtype: "U32", shape: [1], data: Uint32Array.of(0xffffffff) },
  half: { dtype: "F16", shape: [3], data: Uint16Array.of(0x3c00, 0x7bff, 1) },
  small: { dtype: "I8", shape: [3], data: Int8Array.of(-128, 0, 127) },
  bytes: { dtype: "U8", shape: [5], data: Uint8Array.of(0, 1, 2, 254, 255) },
  scalar: { dtype: "F32", shape: [], data: Float32Array.of(7) },
  nothing: { dtype: "F32", shape: [0, 4], data: new Float32Array(0) },
} satisfies Record<string, SafeTensor>;

describe("writing and reading", () => {
  test("every type comes back as it was, with its metadata", async () => {
    const path = join(folder, "every.safetensors");
    await writeSafetensors(path, EVERY_TYPE, { söurce: "ünicode" });
    const file = await readSafetensors(path);
    expect(file.tensors).toEqual(EVERY_TYPE);
    expect(file.metadata).toEqual({ söurce: "ünicode" });
  });

  test("any set of tensors survives, whatever its names", async () => {
    const path = join(folder, "any.safetensors");
    const tensor = fc
      .float32Array({ maxLength: 9 })
      .map((data) => ({ dtype: "F32", shape: [data.length], data }));
    const name = fc.string().filter((s) => s !== "__metadata__" && s !== "__proto__");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, tensor), async (tensors) => {
        await writeSafetensors(path, tensors as Record<string, SafeTensor>);
        expect({ ...(await readSafetensors(path)).tensors }).toEqual({ ...tensors });
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  test("data start at a multiple of 8, each tensor at a multiple of its item size", async () => {
    const path = join(folder, "aligned.safetensors");
    await writeSafetensors(path, EVERY_TYPE, { a: "1" });
    const bytes = await readFile(path);
    expect(Number(bytes.readBigUInt64LE()) % 8).toBe(0);
    await using file = await openSafetensors(path);
    const items = { F64: 8, I64: 8, F32: 4, I32: 4, U32: 4, F16: 2, I8: 1, U8: 1 };
    for (const { dtype, begin } of file.places.values()) expect(begin % items[dtype]).toBe(0);
  });

  test("the bytes do not depend on the order of the keys", async () => {
    const [a, b] = [join(folder, "a.safetensors"), join(folder, "b.safetensors")];
    await writeSafetensors(a, EVERY_TYPE);
    await writeSafetensors(b, Object.fromEntries(Object.entries(EVERY_TYPE).reverse()));
    expect(await readFile(a)).toEqual(await readFile(b));
  });

  test("the bytes are those of the format's own description", async () => {
    const path = join(folder, "known.safetensors");
    await writeSafetensors(path, { x: { dtype: "U8", shape: [2, 1], data: Uint8Array.of(9, 8) } });
    const header = '{"x":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(await readFile(path, "latin1")).toBe(
      `${String.fromCharCode(padded.length)}\0\0\0\0\0\0\0${padded}\t\b`,
    );
  });

  test("a tensor that is a view writes its own values only", async () => {
    const path = join(folder, "view.safetensors");
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    await writeSafetensors(path, { x: { dtype: "F32", shape: [2], data } });
    expect((await readSafetensors(path)).tensors.x.data).toEqual(Float32Array.of(2, 3));
  });
});

describe("random access", () => {
  test("readRows returns the rows asked for and refuses others", async () => {
    const path = join(folder, "rows.safetensors");
    const data = Float32Array.from({ length: 12 }, (_, i) => i);
    await writeSafetensors(path, { x: { dtype: "F32", shape: [4, 3], data } });
    await using file = await openSafetensors(path);
    expect(await file.readRows("x", 1, 2)).toEqual({ dtype: "F32", shape: [2, 3], data: data.slice(3, 9) });
    expect((await file.readRows("x", 4, 0)).data.length).toBe(0);
    await expect(async () => file.readRows("x", 3, 2)).rejects.toThrow("2 rows from row 3");
    await expect(async () => file.readRows("x", Number.NaN, 1)).rejects.toThrow(InputError);
    await expect(async () => file.readRows("y", 0, 1)).rejects.toThrow('no tensor "y"; there are x');
  });
});

describe("what is refused in writing", () => {
  const path = () => join(folder, "never.safetensors");
  const write = (tensor: unknown, name = "x") => writeSafetensors(path(), { [name]: tensor as SafeTensor });

  test("a shape, type or name that does not fit, leaving no file", async () => {
    await expect(write({ dtype: "F32", shape: [3], data: new Float32Array(2) })).rejects.toThrow(
      "needs 3 values, got 2",
    );
    await expect(write({ dtype: "F32", shape: [-1, -2], data: new Float32Array(2) })).rejects.toThrow(
      InputError,
    );
    await expect(write({ dtype: "F32", shape: [2], data: new Float64Array(2) })).rejects.toThrow(
      "holds a Float64Array",
    );
    await expect(write(EVERY_TYPE.bytes, "__metadata__")).rejects.toThrow("cannot be named");
    expect(await readdir(folder)).not.toContain("never.safetensors");
  });
});

describe("hostile and broken files", () => {
  const u8 = (begin: number, end: number) => ({
    dtype: "U8",
    shape: [end - begin],
    data_offsets: [begin, end],
  });

  test("a file cut at any byte is refused with its name", async () => {
    const path = join(folder, "cut.safetensors");
    await writeSafetensors(path, { x: EVERY_TYPE.packed, y: EVERY_TYPE.bytes });
    const { size } = await stat(path);
    for (let length = size - 1; length >= 0; length--) {
      await truncate(path, length);
      await expect(readSafetensors(path)).rejects.toThrow(/cut\.safetensors: truncated: .*\d/);
    }
  });

  test("bytes after the last tensor are refused", async () => {
    await expect(readSafetensors(await forge({ x: u8(0, 4) }, 5))).rejects.toThrow(
      "need 4 bytes of data, the file holds 5",
    );
  });

  test("a header that claims more than any file has is refused before memory is asked for", async () => {
    const path = join(folder, "huge.safetensors");
    await writeFile(path, Buffer.alloc(16, 0xff));
    await expect(readSafetensors(path)).rejects.toThrow("not safetensors");
    const terabytes = { dtype: "F64", shape: [2 ** 40], data_offsets: [0, 2 ** 43] };
    await expect(readSafetensors(await forge({ x: terabytes }, 8))).rejects.toThrow("truncated");
  });

  test.each([
    ["overlapping tensors", { x: u8(0, 4), y: u8(2, 6) }, 6, "overlaps"],
    ["a hole", { x: u8(0, 2), y: u8(4, 6) }, 6, "leaves a hole"],
    ["a shape that does not fit its offsets", { x: { ...u8(0, 4), shape: [5] } }, 4, "needs 5 bytes"],
    ["a shape whose product overflows", { x: { ...u8(0, 4), shape: Array(20).fill(2 ** 52) } }, 4, "needs"],
    ["offsets that run backwards", { x: u8(4, 0) }, 4, "x.shape.0"],
    ["a negative side", { x: { ...u8(0, 4), shape: [-2, -2] } }, 4, "x.shape.0"],
    ["a broken offset", { x: { ...u8(0, 4), data_offsets: [0.5, 4] } }, 4, "x.data_offsets.0"],
    ["an unknown type", { x: { ...u8(0, 4), dtype: "BF16" } }, 4, "x.dtype"],
    ["a member that is no tensor", { x: 3 }, 0, "at x"],
    ["an unknown member", { x: { ...u8(0, 4), more: 1 } }, 4, "at x"],
    ["metadata that are no strings", { __metadata__: { a: 1 } }, 0, "__metadata__.a"],
    ["a list", [], 0, "must be a JSON object"],
    ["no JSON", "{", 0, "is not JSON"],
    ["a name that is no name", '{"__proto__":{}}', 0, "__proto__"],
  ])("%s: refused, saying where", async (_, header, bytes, message) => {
    const path = await forge(header, bytes);
    await expect(readSafetensors(path)).rejects.toThrow(message);
    await expect(readSafetensors(path)).rejects.toThrow(DataError);
  });

  test("random bytes never do anything but throw a DataError or read", async () => {
    const path = join(folder, "random.safetensors");
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 64 }), async (bytes) => {
        await writeFile(path, bytes);
        await readSafetensors(path).catch((error) => expect(error).toBeInstanceOf(DataError));
      }),
      { numRuns: 50, seed: 2 },
    );
  });
});

test("requireTensor gives the tensor, typed, or says what was needed and what came", async () => {
  const path = join(folder, "require.safetensors");
  await writeSafetensors(path, { x: EVERY_TYPE.wide });
  const file = await readSafetensors(path);
  const data: Float64Array = requireTensor(file, "x", { dtype: "F64", shape: [-1, 2] }).data;
  expect(data).toEqual(EVERY_TYPE.wide.data);
  const needed = (name: string, dtype: "F32" | "F64", shape: number[]) => () =>
    requireTensor(file, name, { dtype, shape });
  expect(needed("y", "F64", [2])).toThrow('needs a tensor "y", F64 of shape [2]; there is none');
  expect(needed("x", "F32", [2, 2])).toThrow("must be F32 of shape [2,2], got F64 of shape [2,2]");
  expect(needed("x", "F64", [2, 3])).toThrow(DataError);
  expect(needed("toString", "F64", [2])).toThrow("there is none");
});

test.each([
  ["brackets", "[".repeat(1000), "nested more than 8 deep"],
  [
    "empty tensors",
    `{${Array.from({ length: 150_000 }, (_, i) => `"t${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`).join(",")}}`,
    "more than 1000000 values",
  ],
])("a header of too many %s is refused before it is parsed", async (_, header, message) => {
  await expect(openSafetensors(await forge(header))).rejects.toThrow(message);
});

test("a long text in a header is none of that", async () => {
  const names = JSON.stringify(Array.from({ length: 300_000 }, (_, i) => `person [${i}], {1}`));
  const path = await forge(JSON.stringify({ __metadata__: { names } }));
  await using file = await openSafetensors(path);
  expect(file.metadata.names).toBe(names);
});
