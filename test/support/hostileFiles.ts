/** Feature files and nets as a stranger may make them, each wrong in one way. */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { constant, input, mul, toOnnx } from "../../src/math/graph/index.ts";

/** An .npy file of `header` and `data`; `length` is what it says of its header. */
function npyOf(header: string, data: Uint8Array = new Uint8Array(0), length = header.length): Buffer {
  const head = Buffer.from("\x93NUMPY\x01\x00\x00\x00", "latin1");
  head.writeUInt16LE(length, 8);
  return Buffer.concat([head, Buffer.from(header, "latin1"), data]);
}

const dict = (descr: string, shape: string, order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;

const ROWS = 4;

const floats = (value: number) => new Uint8Array(new Float32Array(ROWS * 2).fill(value).buffer);

/** By what is wrong with them. */
const NPY: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  text: Buffer.from("hello\n".repeat(100)),
  magic: Buffer.from("\x93NUMPY", "latin1"),
  header: npyOf(dict("'<f4'", "(4, 2)"), undefined, 65535),
  version: Buffer.concat([Buffer.from("\x93NUMPY\x09\x00\xff\xff\xff\xff", "latin1")]),
  endless: Buffer.concat([Buffer.from("\x93NUMPY\x02\x00\xff\xff\xff\xff", "latin1"), Buffer.alloc(100)]),
  pickle: npyOf(dict("'|O'", "(4, 2)"), Buffer.from("cos\nsystem\n(S'touch /tmp/pwned'\ntR.")),
  code: npyOf("__import__('os').system('id')"),
  record: npyOf(dict("[('a', '<f4'), ('b', '<i8')]", "(4,)"), Buffer.alloc(48)),
  huge: npyOf(dict("'<f4'", "(999999999999999, 999999999999999)")),
  overflow: npyOf(dict("'<f4'", "(4294967296, 4294967296)"), Buffer.alloc(32)),
  negative: npyOf(dict("'<f4'", "(-4, -2)"), Buffer.alloc(32)),
  none: npyOf(dict("'<f4'", "(0, 2)")),
  cube: npyOf(dict("'<f4'", "(2, 2, 2)"), Buffer.alloc(32)),
  columns: npyOf(dict("'<f4'", "(4, 2)", "True"), Buffer.alloc(32)),
  bigEndian: npyOf(dict("'>f4'", "(4, 2)"), Buffer.alloc(32)),
  short: npyOf(dict("'<f4'", "(4, 2)"), Buffer.alloc(31)),
  long: npyOf(dict("'<f4'", "(4, 2)"), Buffer.alloc(33)),
  nan: npyOf(dict("'<f4'", "(4, 2)"), floats(Number.NaN)),
  infinite: npyOf(dict("'<f4'", "(4, 2)"), floats(Number.POSITIVE_INFINITY)),
  rows: npyOf(dict("'<f4'", "(2, 4)"), floats(1)),
  zeros: npyOf(dict("'<f4'", "(4, 2)"), floats(0)),
  equal: npyOf(dict("'<f4'", "(4, 2)"), floats(3.4e38)),
};

/** Such files in `folder`, each with names of its rows beside it; among them links to what is no file, and a hole of 8 GB. */
export async function hostileNpy(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const names = Array.from({ length: ROWS }, (_, i) => `p${i >> 1}/p${i >> 1}_000${i + 1}\n`).join("");
  const made: string[] = [];
  const beside = async (name: string, lines = names) => {
    await writeFile(join(folder, `${name}.names.txt`), lines);
    made.push(join(folder, `${name}.npy`));
    return join(folder, `${name}.npy`);
  };
  for (const [name, bytes] of Object.entries(NPY)) await writeFile(await beside(name), bytes);
  const [wide, deep] = [await beside("wide"), await beside("deep", names.repeat(2500))];
  for (const [path, shape, bytes] of [
    [wide, "(4, 500000000)", 8e9],
    [deep, "(10000, 200000)", 8e9],
  ] as const) {
    const head = npyOf(dict("'<f4'", shape));
    await writeFile(path, head);
    await truncate(path, head.length + bytes);
  }
  await symlink("/dev/zero", await beside("zero"));
  execFileSync("mkfifo", [await beside("pipe")]);
  await mkdir(await beside("folder"));
  await writeFile(await beside("nameless", "\0\n\n"), NPY.zeros);
  await writeFile(await beside("deceiving", "p/\u202egnp\n../../etc/1\n./1\np/\x1b[2J\n"), NPY.zeros);
  return made;
}

/** A protocol buffer's field `number` that holds `bytes`. */
function field(number: number, bytes: Uint8Array): Buffer {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}

/** Nets by what is wrong with them; `sound` is one that works. */
export async function hostileOnnx(folder: string, sound: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const net = await readFile(sound);
  const square = input("x", [1, 3, 24, 24]);
  let chain = mul(square, square);
  for (let i = 0; i < 500; i++) chain = mul(chain, square);
  let nested: Uint8Array = Buffer.from("x");
  for (let i = 0; i < 5000; i++) nested = field(7, field(1, field(5, field(6, nested)))); // graph, node, attribute, its graph
  const wrong: Record<string, Uint8Array> = {
    empty: Buffer.alloc(0),
    text: Buffer.from("hello\n".repeat(1000)),
    zeros: Buffer.alloc(1_000_000),
    ones: Buffer.alloc(1_000_000, 0xff),
    half: net.subarray(0, net.length / 2),
    head: net.subarray(0, 40),
    nested,
    chain: toOnnx({ y: chain }),
    flat: toOnnx({ y: mul(square, constant(new Float32Array(3 * 24 * 24), [1, 3, 24, 24])) }),
    nan: toOnnx({ y: mul(square, constant(new Float32Array(3 * 24 * 24).fill(Number.NaN), [1, 3, 24, 24])) }),
    lists: Buffer.concat(Array.from({ length: 200_000 }, () => field(14, Buffer.alloc(0)))),
    graphs: field(7, Buffer.concat(Array.from({ length: 300_000 }, () => field(1, Buffer.alloc(0))))),
  };
  // One byte changed here and there: lengths, types, shapes and operators that are none.
  for (let i = 0; i < 6; i++) {
    const changed = Buffer.from(net);
    for (let at = 11 + i; at < changed.length; at += 2 ** (8 + i)) changed[at] ^= 0x5b;
    wrong[`changed${i}`] = changed;
  }
  const made: string[] = [];
  const at = (name: string) => {
    made.push(join(folder, `${name}.onnx`));
    return join(folder, `${name}.onnx`);
  };
  for (const [name, bytes] of Object.entries(wrong)) await writeFile(at(name), bytes);
  const hole = at("hole");
  await writeFile(hole, "");
  await truncate(hole, 1.9e9);
  await symlink("/dev/zero", at("zero"));
  execFileSync("mkfifo", [at("pipe")]);
  await mkdir(at("folder"));
  return made;
}
