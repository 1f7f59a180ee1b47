/** Features of other programs: .npy, .csv, .tsv and foreign .safetensors, sound and hostile. */
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, InputError } from "../../base/errors/index.ts";
import { writeSafetensors } from "../../base/files/index.ts";
import { createFeatureSet } from "../features/index.ts";
import { readFeatures, readRowNames, writeFeatures } from "./index.ts";

const folder = await mkdtemp(join(tmpdir(), "foreign-features-"));
const at = (name: string) => join(folder, name);
const named = async (name: string, lines: string) => {
  await writeFile(at(name), lines);
  return at(name);
};
const twoNames = await named("two.txt", "lfw/Ann/1.jpg\nstray.png\tBob\n");
const people = { names: ["lfw/Ann/1", "stray"], identities: ["Ann", "Bob"] };

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // no -0
const sets = fc
  .record({ rows: fc.integer({ min: 1, max: 5 }), dimension: fc.integer({ min: 1, max: 6 }) })
  .chain(({ rows, dimension }) =>
    fc.record({
      dimension: fc.constant(dimension),
      values: fc.array(float32, { minLength: rows * dimension, maxLength: rows * dimension }),
      names: fc.uniqueArray(fc.stringMatching(/^[a-z",' ]{1,4}\/[a-z0-9]{1,5}$/), {
        minLength: rows,
        maxLength: rows,
      }),
    }),
  )
  .filter(({ names }) => names.every((name) => name.trim() === name && !name.startsWith("/")))
  .map(({ dimension, values, names }) =>
    createFeatureSet(Float32Array.from(values), dimension, {
      names,
      identities: names.map((_, i) => `person ${i}`),
    }),
  );

describe("what is written comes back, bit for bit", () => {
  test.each([".safetensors", ".npy", ".csv", ".tsv"])("%s", async (ending) => {
    await fc.assert(
      fc.asyncProperty(sets, async (set) => {
        const path = at(`back${ending}`);
        await writeFeatures(path, set);
        expect((await readFeatures(path)).set).toEqual(set);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  test("names that a list of names cannot hold are refused", async () => {
    const set = createFeatureSet(new Float32Array(1), 1, { names: ["a/b\tc"], identities: ["a"] });
    await expect(writeFeatures(at("tab.npy"), set)).rejects.toThrow(/no tabs; it cannot hold "a\/b\\tc"/);
  });
});

/** np.save of [[1, -2.5, 3e-8], [0, 65504, 0.1]] by NumPy 2.4. */
const NUMPY = {
  f4: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAgwFnZADMAAAAAAOB/R83MzD0=",
  f2: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAPADBAQAAAP97Zi4=",
  f8: "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADwPwAAAAAAAATAK2mkKSsbYD4AAAAAAAAAAAAAAAAA/O9AmpmZmZmZuT8=",
  version2:
    "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAgwFnZADMAAAAAAOB/R83MzD0=",
};

describe(".npy", () => {
  test.each(Object.entries(NUMPY))("NumPy's own file is read: %s", async (kind, base64) => {
    await writeFile(at("numpy.npy"), Buffer.from(base64, "base64"));
    const { set } = await readFeatures(at("numpy.npy"), { names: twoNames });
    const exact = [1, -2.5, 3e-8, 0, 65504, 0.1];
    // Half precision: 3e-8 is a half-way case that rounds to 2^-24 (subnormal), 0.1 has 11 bits.
    const half = [1, -2.5, 2 ** -24, 0, 65504, 0.0999755859375];
    expect([...set.values]).toEqual((kind === "f2" ? half : exact).map(Math.fround));
    expect(set).toMatchObject({ rows: 2, dimension: 3, ...people });
  });

  test("what is written is byte for byte what NumPy writes", async () => {
    const bytes = Buffer.from(NUMPY.f4, "base64");
    await writeFile(at("numpy.npy"), bytes);
    const { set } = await readFeatures(at("numpy.npy"), { names: twoNames });
    await writeFeatures(at("ours.npy"), set);
    expect(await readFile(at("ours.npy"))).toEqual(bytes);
  });

  const header = (dict: string, numbers = 24) => {
    const head = Buffer.alloc(10);
    head.write("\x93NUMPY\x01", "latin1");
    head.writeUInt16LE(dict.length, 8);
    return Buffer.concat([head, Buffer.from(dict), Buffer.alloc(numbers)]);
  };
  const dict = (changes: Record<string, string> = {}) => {
    const entries = { descr: "'<f4'", fortran_order: "False", shape: "(2, 3)", ...changes };
    return `{${Object.entries(entries)
      .map(([key, value]) => `'${key}': ${value}`)
      .join(", ")}, }\n`;
  };
  const oversized = () => {
    const bytes = header(dict());
    bytes.writeUInt8(2, 6);
    bytes.writeUInt32LE(0xffff_fff0, 8);
    return bytes;
  };
  test.each([
    ["the dict itself, unchanged", header(dict()), null],
    ["no magic", Buffer.from("PK\x03\x04 something else"), "does not begin with NumPy's magic string"],
    ["nothing", Buffer.alloc(0), "does not begin with NumPy's magic string"],
    [
      "a version of the future",
      Buffer.from("\x93NUMPY\x09\x00\x00\x00\x00\x00", "latin1"),
      "version 1, 2 or 3",
    ],
    ["a header of 4 GB", oversized(), "its header would take 4294967280 bytes, over 10000"],
    ["a header past the end", header(dict()).subarray(0, 30), "truncated: the header ends at byte"],
    [
      "whole numbers",
      header(dict({ descr: "'<i8'" })),
      `must be <f2, <f4, <f8 (astype("float32")), got "'<i8'"`,
    ],
    ["big-endian numbers", header(dict({ descr: "'>f4'" })), "must be <f2, <f4, <f8"],
    ["pickled objects", header(dict({ descr: "'|O'" })), "must be <f2, <f4, <f8"],
    ["records", header(dict({ descr: "[('a', '<f4')]" })), "must be <f2, <f4, <f8"],
    [
      "columns first",
      header(dict({ fortran_order: "True" })),
      "(numpy.ascontiguousarray), got fortran_order True",
    ],
    ["one axis", header(dict({ shape: "(6,)" })), "needs shape (rows, columns), neither of them 0, got (6,)"],
    ["three axes", header(dict({ shape: "(1, 2, 3)" })), "needs shape (rows, columns)"],
    ["no rows", header(dict({ shape: "(0, 3)" }), 0), "neither of them 0"],
    ["a negative side", header(dict({ shape: "(-2, -3)" })), "needs shape (rows, columns)"],
    [
      "a shape beyond the file",
      header(dict({ shape: "(200000000000, 3)" })),
      "needs 2400000000000 bytes of numbers",
    ],
    ["numbers cut off", header(dict(), 20), "needs 24 bytes of numbers, the file holds 20"],
    ["more than its numbers", header(dict(), 28), "needs 24 bytes of numbers, the file holds 28"],
  ])("%s", async (_, bytes, fault) => {
    await writeFile(at("hostile.npy"), bytes);
    const reading = readFeatures(at("hostile.npy"), { names: twoNames });
    if (fault === null) return expect((await reading).set.rows).toBe(2);
    await expect(reading).rejects.toThrow(DataError);
    await expect(readFeatures(at("hostile.npy"), { names: twoNames })).rejects.toThrow(fault);
  });

  test("NaN is refused with its row and column", async () => {
    const bytes = header(dict());
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    await writeFile(at("nan.npy"), bytes);
    await expect(readFeatures(at("nan.npy"), { names: twoNames })).rejects.toThrow(
      /nan\.npy: .*must be finite, got NaN in row stray, column 2/,
    );
  });

  test("rows without names, or with too many, are refused", async () => {
    await writeFile(at("some.npy"), header(dict()));
    await expect(readFeatures(at("some.npy"))).rejects.toThrow(/looked for .*some\.names\.txt/);
    await expect(readFeatures(at("some.npy"))).rejects.toThrow(InputError);
    const three = await named("three.txt", "a/1\na/2\na/3\n");
    await expect(readFeatures(at("some.npy"), { names: three })).rejects.toThrow(
      /2 rows of features but 3 names in .*three\.txt/,
    );
  });

  test("any bytes at all give a set or a DataError", async () => {
    const start = header(dict());
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: start.length - 25 }),
        fc.uint8Array({ maxLength: 6 }),
        async (where, noise) => {
          const bytes = Buffer.from(start);
          bytes.set(noise, where);
          await writeFile(at("fuzz.npy"), bytes);
          await readFeatures(at("fuzz.npy"), { names: twoNames }).catch((error) => {
            expect(error).toBeInstanceOf(DataError);
          });
        },
      ),
      { seed: 2, numRuns: 60 },
    );
  });
});

describe(".csv", () => {
  const read = async (text: string | Buffer, name = "some.csv") => {
    await writeFile(at(name), text);
    return (await readFeatures(at(name))).set;
  };

  test("a table of another program is read: quotes, a byte order mark, Windows lines, no identities", async () => {
    const set = await read('\uFEFFName,f0,f1\r\n"lfw/Ann, B/1.jpg",1e-3,-.5\r\nlfw/Bob/2.png, +2 ,3.\r\n');
    expect(set).toMatchObject({
      names: ["lfw/Ann, B/1", "lfw/Bob/2"],
      identities: ["Ann, B", "Bob"],
      dimension: 2,
    });
    expect([...set.values]).toEqual([1e-3, -0.5, 2, 3].map(Math.fround));
  });

  test.each([
    ["nothing", "", "needs a first line and rows, got none"],
    ["a first line alone", "name,f0\n", "needs a first line and rows, got none"],
    ["no first line", "Ann/1,0.5,1\n", 'some.csv:1: needed a first line "name,identity," or "name,"'],
    ["no numbers", "name,identity\na/1,a\n", "some.csv:1: needed a first line"],
    [
      "a ragged row",
      "name,f0,f1\na/1,1,2\na/2,1\n",
      "some.csv:3: needed 3 columns like the first line, got 2",
    ],
    ["NaN", "name,f0\na/1,NaN\n", 'some.csv:2: column 2 must be a finite number, got "NaN"'],
    ["an empty cell", "name,f0,f1\na/1,,2\n", 'some.csv:2: column 2 must be a finite number, got ""'],
    ["hexadecimal", "name,f0\na/1,0x10\n", "column 2 must be a finite number"],
    [
      "a number beyond float32",
      "name,f0\na/1,1e300\n",
      "values must be finite, got Infinity in row a/1, column 0",
    ],
    [
      "a name without a person",
      "name,f0\nann,1\n",
      'some.csv:2: no person: needed one beside the name, or a name like "person/photo", got "ann"',
    ],
    ["one name twice", "name,f0\na/1,1\na/1.jpg,2\n", "names must differ, a/1 occurs twice"],
    ["an open quote", 'name,f0\n"a/1,1\n', "not CSV: "],
  ])("%s", async (_, text, fault) => {
    await expect(read(text)).rejects.toThrow(DataError);
    await expect(read(text)).rejects.toThrow(fault);
  });

  test("a line without end is given up", async () => {
    await expect(read(Buffer.alloc(5 * 2 ** 20, "1"), "endless.csv")).rejects.toThrow(
      /endless\.csv: not CSV: .*4194304/,
    );
  });

  test("a file of names beside it is refused", async () => {
    await expect(readFeatures(at("some.csv"), { names: twoNames })).rejects.toThrow("holds its names");
  });
});

describe("foreign .safetensors", () => {
  const numbers = { dtype: "F64", shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) } as const;
  test("its one matrix is taken, whatever it is called", async () => {
    const step = { dtype: "I64", shape: [1], data: BigInt64Array.of(7n) } as const;
    await writeSafetensors(at("other.safetensors"), { embeddings: numbers, step });
    const { set } = await readFeatures(at("other.safetensors"), { names: twoNames });
    expect(set).toEqual({ ...people, rows: 2, dimension: 2, values: Float32Array.of(1, 2, 3, 4) });
    await expect(readFeatures(at("other.safetensors"))).rejects.toThrow("give a file of their rows' names");
  });

  test("two matrices, or one of whole numbers, are refused", async () => {
    await writeSafetensors(at("two.safetensors"), { a: numbers, b: numbers });
    await expect(readFeatures(at("two.safetensors"), { names: twoNames })).rejects.toThrow(
      'needs one tensor of two axes, got 2: "a", "b"',
    );
    const bytes = { dtype: "U8", shape: [2, 2], data: new Uint8Array(4) } as const;
    await writeSafetensors(at("bytes.safetensors"), { bytes });
    await expect(readFeatures(at("bytes.safetensors"), { names: twoNames })).rejects.toThrow(
      'tensor "bytes" must be F32, F64 or F16, got U8',
    );
  });
});

describe("files of names", () => {
  test.each([
    ["a blank line", "a/1\n\na/3\n", 'bad.txt:2: needed a name, or a name, a tab and a person, got ""'],
    ["three columns", "a/1\ta\tb\n", "bad.txt:1: needed a name"],
    ["a name alone", "ann\n", "bad.txt:1: no person"],
  ])("%s", async (_, text, fault) => {
    await expect(readRowNames(await named("bad.txt", text))).rejects.toThrow(fault);
  });

  test("one that is missing is refused", async () => {
    await expect(readRowNames(at("none.txt"))).rejects.toThrow(/none\.txt: cannot be read/);
  });
});
