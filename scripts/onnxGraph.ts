/** An ONNX graph, written node by node with its own names: for nets that come from elsewhere. */
import { create, toBinary } from "@bufbuild/protobuf";
import { Float16Array } from "@petamoriken/float16";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorProto_DataType as Type,
  ValueInfoProtoSchema,
} from "../src/math/graph/onnx_pb.ts";

/** Nodes and constants of an ONNX graph, as they are put into it; each `put` answers with the name of its result. */
export class OnnxGraph {
  readonly node: NodeProto[] = [];
  readonly initializer: TensorProto[] = [];

  put(op: string, input: readonly string[], ints: Record<string, number | readonly number[]> = {}): string {
    const output = `${op}_${this.node.length}`;
    const attribute = Object.entries(ints).map(([name, value]) =>
      typeof value === "number"
        ? create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
        : create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) }),
    );
    this.node.push(
      create(NodeProtoSchema, { opType: op, name: output, input: [...input], output: [output], attribute }),
    );
    return output;
  }

  keep(dataType: Type, dims: readonly number[], { buffer }: { readonly buffer: ArrayBufferLike }): string {
    const name = `constant_${this.initializer.length}`;
    const rawData = new Uint8Array(buffer as ArrayBuffer);
    this.initializer.push(create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData }));
    return name;
  }

  integers = (values: readonly number[]) =>
    this.keep(Type.INT64, [values.length], BigInt64Array.from(values, BigInt));
  number = (value: number) => this.keep(Type.FLOAT, [], Float32Array.of(value));

  /** A weight of 16 bits, for computing in 32. */
  weight({ shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }): string {
    const half = Float16Array.from(data);
    if (!half.every((value, i) => value === data[i])) throw new Error("a weight has more than 16 bits");
    return this.put("Cast", [this.keep(Type.FLOAT16, shape, half)], { to: Type.FLOAT });
  }

  /** The result `value` as the output `name`, by the operator `op`. */
  give(name: string, op: string, value: string): void {
    this.node.push(create(NodeProtoSchema, { opType: op, name, input: [value], output: [name] }));
  }

  /** The file: of one input of bytes and outputs of floats. A side that may vary has a name. */
  toBytes(
    name: string,
    values: { readonly input: Value; readonly outputs: readonly Value[] },
    metadata: Readonly<Record<string, string>>,
  ): Uint8Array {
    const { node, initializer } = this;
    const model = create(ModelProtoSchema, {
      irVersion: 10n,
      producerName: "deepid2plus",
      opsetImport: [{ version: 21n }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name,
        node,
        initializer,
        input: [valueInfo(values.input, Type.UINT8)],
        output: values.outputs.map((output) => valueInfo(output, Type.FLOAT)),
      },
    });
    return toBinary(ModelProtoSchema, model);
  }
}

export interface Value {
  readonly name: string;
  readonly sides: readonly (number | string)[];
}

function valueInfo({ name, sides }: Value, elemType: Type) {
  const dim = sides.map((side) => ({
    value:
      typeof side === "number"
        ? { case: "dimValue" as const, value: BigInt(side) }
        : { case: "dimParam" as const, value: side },
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType, shape: { dim } } } },
  });
}
