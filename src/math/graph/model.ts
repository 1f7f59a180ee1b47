/** Expressions to ONNX: the bytes that any ONNX runtime loads. */
import { create, toBinary } from "@bufbuild/protobuf";
import { InputError } from "../../base/errors/index.ts";
import { type Attribute, type Expr, ONNX_TYPE } from "./expression.ts";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "./onnx_pb.ts";
import { topological } from "./order.ts";

const OPSET = 21;
const IR_VERSION = 10;

export interface ModelOptions {
  /** An input whose first axis may vary, and with it that of every output. */
  readonly batch?: Expr;
  /** Key-value pairs stored in the file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** ONNX bytes of a model with named outputs; its inputs are the `input` leaves that the outputs depend on. */
export function toOnnx(
  outputs: Readonly<Record<string, Expr>>,
  { batch, metadata = {} }: ModelOptions = {},
): Uint8Array {
  const order = topological(Object.values(outputs));
  if (batch && !(batch.op === "Input" && order.includes(batch))) {
    throw new InputError("toOnnx: batch must be an input that the outputs depend on");
  }
  const leaves = (op: string) => order.filter((expr) => expr.op === op);
  const names = nameAll(order, outputs);
  const nodes = order.filter(({ op }) => op !== "Input" && op !== "Constant");
  const toNode = (expr: Expr) =>
    nodeProto(
      expr.op,
      expr.inputs.map((x) => names.get(x)!),
      names.get(expr)!,
      expr.attributes,
    );
  const copies = Object.entries(outputs)
    .filter(([name, value]) => names.get(value) !== name)
    .map(([name, value]) => nodeProto("Identity", [names.get(value)!], name));
  const graph = {
    name: "deepid2plus",
    node: [...nodes.map(toNode), ...copies],
    initializer: leaves("Constant").map((leaf) => tensorProto(names.get(leaf)!, leaf)),
    input: leaves("Input").map((leaf) => valueInfo(leaf.name!, leaf, leaf === batch)),
    output: Object.entries(outputs).map(([name, value]) => valueInfo(name, value, batch !== undefined)),
  };
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(IR_VERSION),
    producerName: "deepid2plus",
    opsetImport: [{ version: BigInt(OPSET) }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph,
  });
  return toBinary(ModelProtoSchema, model);
}

/**
 * A name for each expression's value: an input's own, an output's where it is one, or a fresh one. An output
 * that is an input or a constant, or a value that is two outputs, needs an Identity: a copy.
 */
function nameAll(order: readonly Expr[], outputs: Readonly<Record<string, Expr>>): Map<Expr, string> {
  const leaves = order.flatMap(({ name }) => name ?? []);
  const twice = leaves.find((name, i) => leaves.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(`toOnnx: two different inputs are named ${twice}`);
  const taken = new Set([...leaves, ...Object.keys(outputs)]);
  const fresh = (name: string): string => (taken.has(name) ? fresh(`${name}_`) : name);
  const names = new Map(order.map((expr, i) => [expr, expr.name ?? fresh(`${expr.op}_${i}`)]));
  for (const [name, value] of Object.entries(outputs)) {
    if (leaves.includes(name) && value.name !== name) {
      throw new InputError(`toOnnx: output ${name} has the name of an input that it is not`);
    }
    if (value.inputs.length > 0) names.set(value, name);
  }
  return names;
}

function nodeProto(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Expr["attributes"] = {},
) {
  return create(NodeProtoSchema, {
    opType: op,
    name: output,
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
  });
}

function attributeProto(name: string, value: Attribute) {
  if (typeof value === "number") {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  }
  if ("float" in value)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

function tensorProto(name: string, { data, shape, dtype }: Expr) {
  const { buffer, byteOffset, byteLength } = data!;
  const rawData = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return create(TensorProtoSchema, { name, dataType: ONNX_TYPE[dtype], dims: shape.map(BigInt), rawData });
}

function valueInfo(name: string, { shape, dtype }: Expr, varies: boolean) {
  const side = (size: number, axis: number) =>
    varies && axis === 0
      ? { case: "dimParam" as const, value: "n" }
      : { case: "dimValue" as const, value: BigInt(size) };
  const dim = shape.map((size, axis) => ({ value: side(size, axis) }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType: ONNX_TYPE[dtype], shape: { dim } } } },
  });
}
