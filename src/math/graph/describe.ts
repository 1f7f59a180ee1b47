/** What a stored ONNX model takes, gives and holds, read from its bytes. */
import { fromBinary } from "@bufbuild/protobuf";
import { DataError } from "../../base/errors/index.ts";
import type { DType } from "./expression.ts";
import { type ModelProto, ModelProtoSchema, type ValueInfoProto } from "./onnx_pb.ts";

/** An input or output of a model; a side that may vary is its name, or "?" where it has none. */
export interface ModelValue {
  readonly name: string;
  readonly dtype: DType | "other";
  readonly shape: readonly (number | string)[];
}

export interface ModelDescription {
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly producer: string;
  readonly operators: readonly string[];
  /** Values stored in the model: its weights. */
  readonly parameters: number;
}

/** Reads the description of ONNX `bytes`; `name` says in errors whose they are. */
export function describeModel(bytes: Uint8Array, name: string): ModelDescription {
  const model = parse(bytes, name);
  const { graph } = model;
  if (!graph || graph.node.length === 0) throw new DataError(`${name}: holds no ONNX graph`);
  const nodes = [...graph.node, ...model.functions.flatMap(({ node }) => node)];
  const stored = new Set(graph.initializer.map((tensor) => tensor.name));
  return {
    inputs: graph.input.filter((value) => !stored.has(value.name ?? "")).map(describeValue),
    outputs: graph.output.map(describeValue),
    producer: model.producerName ?? "",
    operators: [...new Set(nodes.map((node) => node.opType ?? ""))].sort(),
    // Numbers the graph computes with, as floats or bytes; a scalar is part of a formula, an integer a shape or an axis.
    parameters: graph.initializer
      .filter(({ dataType, dims }) => (dataType === 1 || dataType === 2) && dims.length > 0)
      .map((tensor) => tensor.dims.reduce((product, side) => product * Number(side), 1))
      .reduce((a, b) => a + b, 0),
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
  const tensors = parse(bytes, name).graph?.initializer ?? [];
  const constants = new Map<string, Float32Array | Uint8Array>();
  for (const { name: tensor = "", dataType, dims, rawData } of tensors) {
    const width = dataType === 1 ? 4 : dataType === 2 ? 1 : 0;
    if (width === 0 || !rawData) continue;
    const size = width * dims.reduce((product, side) => product * Number(side), 1);
    if (rawData.length !== size) {
      throw new DataError(`${name}: ${tensor} needs ${size} bytes, got ${rawData.length}`);
    }
    const own = new Uint8Array(rawData); // memory of its own, aligned for floats
    constants.set(tensor, width === 4 ? new Float32Array(own.buffer) : own);
  }
  return constants;
}

function parse(bytes: Uint8Array, name: string): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new DataError(
      `${name}: not an ONNX model, or a truncated one (${bytes.length} bytes): ${(cause as Error).message}`,
      { cause },
    );
  }
}

const DTYPE: Record<number, DType> = { 1: "float32", 2: "uint8", 7: "int64", 9: "bool" };

function describeValue({ name = "", type }: ValueInfoProto): ModelValue {
  const tensor = type?.value.case === "tensorType" ? type.value.value : undefined;
  const shape = (tensor?.shape?.dim ?? []).map(({ value }) =>
    value.case === "dimValue"
      ? Number(value.value)
      : value.case === "dimParam" && value.value
        ? value.value
        : "?",
  );
  return { name, dtype: DTYPE[tensor?.elemType ?? 0] ?? "other", shape };
}
