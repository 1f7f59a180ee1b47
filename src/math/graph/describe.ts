/**
 * What a stored ONNX model takes, gives and holds, read from its bytes. Field numbers are those of onnx.proto. By the schema
 * every message would be built, and the schema first, which together take a tenth of a second.
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { DataError } from "../../base/errors/index.ts";
import type { DType } from "./expression.ts";

/** An input or output of a model; a side that may vary is its name, or "?" where it has none. */
export interface ModelValue {
  readonly name: string;
  readonly dtype: DType | "other";
  readonly shape: readonly (number | string)[];
}

/** What a model takes and gives. */
export interface ModelSignature {
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
}

export interface ModelDescription extends ModelSignature {
  readonly producer: string;
  readonly operators: readonly string[];
  /** Values stored in the model: its weights. */
  readonly parameters: number;
}

/** Reads what ONNX `bytes` take and give, in half the time of a description; `name` says in errors whose they are. */
export const readSignature = (bytes: Uint8Array, name: string): ModelSignature =>
  reading(bytes, name, (model) => signatureOf(graphOf(model), name));

/** Reads the description of ONNX `bytes`; `name` says in errors whose they are. */
export function describeModel(bytes: Uint8Array, name: string): ModelDescription {
  return reading(bytes, name, (model) => {
    const graph = graphOf(model);
    const inFunctions = model.all(25).flatMap((one) => messageOf(one).all(7));
    const operators = [...graph.all(1), ...inFunctions].map((node) => messageOf(node).text(4));
    return {
      ...signatureOf(graph, name),
      producer: model.text(2),
      operators: [...new Set(operators)].sort(),
      // Numbers the graph computes with, as floats or bytes; a scalar is part of a formula, an integer a shape or an axis.
      parameters: graph
        .all(5)
        .map(messageOf)
        .map(constantOf)
        .filter(({ dataType, dims }) => (dataType === 1 || dataType === 2) && dims.length > 0)
        .map(({ dims }) => dims.reduce((product, side) => product * side, 1))
        .reduce((a, b) => a + b, 0),
    };
  });
}

function signatureOf(graph: Message, name: string): ModelSignature {
  if (graph.all(1).length === 0) throw new DataError(`${name}: holds no ONNX graph`);
  const stored = new Set(graph.all(5).map((constant) => messageOf(constant).text(8)));
  const inputs = graph.all(11).map(describeValue);
  return {
    inputs: inputs.filter((value) => !stored.has(value.name)),
    outputs: graph.all(12).map(describeValue),
  };
}

/** Operators that repeat work as often as a number says, which may be any: a net with one need never end. */
const REPEATING = ["Loop", "Scan", "SequenceMap"];

/** Refuses a net of somebody else that could compute without end; nets that look at pictures repeat nothing. */
export function refuseEndless({ operators }: Pick<ModelDescription, "operators">, name: string): void {
  const repeating = operators.filter((operator) => REPEATING.includes(operator));
  if (repeating.length === 0) return;
  throw new DataError(
    `${name}: its operators ${repeating.join(", ")} could repeat without end; needs a net without`,
  );
}

/** The constants of ONNX `bytes` that hold floats or bytes, by name; `name` says in errors whose they are. */
export function readConstants(bytes: Uint8Array, name: string): Map<string, Float32Array | Uint8Array> {
  const tensors = reading(bytes, name, (model) => graphOf(model).all(5).map(messageOf).map(constantOf));
  const constants = new Map<string, Float32Array | Uint8Array>();
  for (const { name: tensor, dataType, dims, raw } of tensors) {
    const width = dataType === 1 ? 4 : dataType === 2 ? 1 : 0;
    if (width === 0 || !raw) continue;
    const size = width * dims.reduce((product, side) => product * side, 1);
    if (raw.length !== size) throw new DataError(`${name}: ${tensor} needs ${size} bytes, got ${raw.length}`);
    const own = new Uint8Array(raw); // memory of its own, aligned for floats
    constants.set(tensor, width === 4 ? new Float32Array(own.buffer) : own);
  }
  return constants;
}

/** What `read` makes of the model in `bytes`. */
function reading<T>(bytes: Uint8Array, name: string, read: (model: Message) => T): T {
  try {
    return read(messageOf(bytes));
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `${name}: not an ONNX model, or a truncated one (${bytes.length} bytes): ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** A message of a file: its fields by their numbers. */
interface Message {
  /** Of a field that may be repeated: messages, texts, or packed numbers. */
  all(field: number): Uint8Array[];
  numbers(field: number): number[];
  last(field: number): Uint8Array | undefined;
  text(field: number): string;
}

/** A field of a message: its number, and a whole number or the bytes of a text, a message or a list. */
type Field = readonly [number: number, value: number | Uint8Array];

/** The fields of a message in order; an Error where the bytes are none. Fixed numbers are passed over: nothing here is one. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = new BinaryReader(bytes);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.Varint) fields.push([field, Number(reader.int64())]);
    else if (type === WireType.LengthDelimited) fields.push([field, reader.bytes()]);
    else if (type === WireType.Bit32 || type === WireType.Bit64) reader.skip(type, field);
    else throw new Error(`field ${field}: a group, which ONNX has none of`);
  }
  return fields;
}

const utf8 = new TextDecoder();

function messageOf(bytes: Uint8Array): Message {
  const fields = fieldsOf(bytes);
  const values = (field: number) => fields.filter(([number]) => number === field).map(([, value]) => value);
  const all = (field: number) => values(field).filter((value) => typeof value !== "number");
  return {
    all,
    numbers: (field) => values(field).flatMap((value) => (typeof value === "number" ? value : packed(value))),
    last: (field) => all(field).at(-1),
    text: (field) => utf8.decode(all(field).at(-1)),
  };
}

/** Numbers one after the other. */
function packed(bytes: Uint8Array): number[] {
  const reader = new BinaryReader(bytes);
  const numbers: number[] = [];
  while (reader.pos < reader.len) numbers.push(Number(reader.int64()));
  return numbers;
}

const NOTHING = new Uint8Array(0);

const graphOf = (model: Message): Message => messageOf(model.last(7) ?? NOTHING);

/** A TensorProto. */
const constantOf = (tensor: Message) => ({
  name: tensor.text(8),
  dims: tensor.numbers(1),
  dataType: tensor.numbers(2).at(-1) ?? 0,
  raw: tensor.last(9),
});

const DTYPE: Record<number, DType> = { 1: "float32", 2: "uint8", 7: "int64", 9: "bool" };

/** A ValueInfoProto, whose type is that of a tensor. */
function describeValue(bytes: Uint8Array): ModelValue {
  const value = messageOf(bytes);
  const tensor = messageOf(messageOf(value.last(2) ?? NOTHING).last(1) ?? NOTHING);
  const sides = messageOf(tensor.last(2) ?? NOTHING).all(1);
  return {
    name: value.text(1),
    dtype: DTYPE[tensor.numbers(1).at(-1) ?? 0] ?? "other",
    shape: sides.map((side) => {
      const dimension = messageOf(side);
      return dimension.numbers(1).at(-1) ?? (dimension.text(2) || "?");
    }),
  };
}
