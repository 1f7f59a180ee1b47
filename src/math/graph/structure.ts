/** What an ONNX graph computes, apart from the numbers that it computes with. */
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { AttributeProtoSchema, ModelProtoSchema, type TensorProto } from "./onnx_pb.ts";

/** ONNX's type of integers: shapes and axes, which decide what is computed. */
const INT64 = 7;

/**
 * The operators of ONNX `bytes` with their attributes and wiring, and type and shape of every input and constant, as text.
 * An input and a constant of the same name and shape count alike: a graph may be compared with itself before it had weights.
 */
export function structureOf(bytes: Uint8Array): string {
  const { graph, functions } = fromBinary(ModelProtoSchema, bytes);
  const leaves = new Map<string, unknown>();
  for (const { name = "", type } of graph?.input ?? []) {
    const tensor = type?.value.case === "tensorType" ? type.value.value : undefined;
    const sides = (tensor?.shape?.dim ?? []).map(({ value }) => String(value.value));
    leaves.set(name, [tensor?.elemType, sides]);
  }
  for (const tensor of graph?.initializer ?? []) leaves.set(tensor.name ?? "", leafOf(tensor));
  const nodes = (graph?.node ?? []).map(({ opType, domain, input, output, attribute }) => [
    opType,
    domain ?? "",
    input,
    output,
    attribute.map((one) => toJson(AttributeProtoSchema, one)),
  ]);
  const sorted = [...leaves].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([nodes, sorted, functions.length]);
}

function leafOf({ dataType, dims, rawData, dataLocation }: TensorProto): unknown {
  const integers = dataType === INT64 ? Array.from(rawData ?? []) : undefined;
  return [
    dataType,
    dims.map(String),
    ...(integers === undefined ? [] : [integers]),
    ...(dataLocation ? ["elsewhere"] : []),
  ];
}
