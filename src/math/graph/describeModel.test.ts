import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { describeModel, readConstants } from "./index.ts";
import { ModelProtoSchema } from "./onnx_pb.ts";

test("another reader of the format agrees about the models that are released", async () => {
  const folders = ["detector", "whole-face", "whole-face-taught", "regions/eyes"];
  const files = folders.flatMap((folder) => {
    const at = fileURLToPath(new URL(`../../../models/${folder}`, import.meta.url));
    return readdirSync(at)
      .filter((file) => file.endsWith(".onnx"))
      .map((file) => join(at, file));
  });
  expect(files.length).toBeGreaterThan(4);
  for (const file of files) {
    const bytes = readFileSync(file);
    const { graph, producerName } = fromBinary(ModelProtoSchema, bytes);
    const own = describeModel(bytes, file);
    expect(own.producer).toBe(producerName ?? "");
    expect(own.operators).toEqual([...new Set(graph!.node.map(({ opType }) => opType))].sort());
    expect(own.outputs.map(({ name }) => name)).toEqual(graph!.output.map(({ name }) => name));
    const sides = graph!.input.map(({ type }) => {
      const tensor = type!.value.case === "tensorType" ? type!.value.value : undefined;
      return tensor!.shape!.dim.map(({ value }) =>
        value.case === "dimValue" ? Number(value.value) : value.value,
      );
    });
    expect(own.inputs.map(({ shape }) => shape)).toEqual(sides);
    const floats = graph!.initializer.filter(({ dataType, rawData }) => dataType === 1 && rawData?.length);
    const constants = readConstants(bytes, file);
    for (const { name, rawData } of floats) {
      const held = constants.get(name!)!;
      expect(Buffer.compare(Buffer.from(held.buffer, held.byteOffset, held.byteLength), rawData!)).toBe(0);
    }
  }
});
