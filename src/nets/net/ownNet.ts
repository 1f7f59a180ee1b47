/** Whether an ONNX file is a net of ours: what it computes, and how much memory that takes, is then known from its card. */
import { type Expr, flatten, input, sizeOf, structureOf, toOnnx } from "../../math/graph/index.ts";
import { buildNet, facesInput } from "./build.ts";
import type { ModelCard } from "./card.ts";
import { compactInput } from "./compact.ts";
import type { NetConfig } from "./config.ts";
import type { Scope } from "./scope.ts";

/** Sides of our regions are far below; and the most numbers that one face may become on the way. */
const MOST = { side: 512, numbers: 4_000_000 } as const;

/** Whether `onnx` computes what the net that `card` describes does, with whatever weights, and that is of a usual size. */
export function isOwnNet(card: ModelCard, onnx: Uint8Array): boolean {
  const { net: config, precision = "float32" } = card as { net?: NetConfig; precision?: unknown };
  if (card.input || !config) return false;
  if (!(config.height <= MOST.side && config.width <= MOST.side)) return false;
  try {
    const parameter: Scope["parameter"] = ({ name, shape, kind }) =>
      precision === "int8" && kind === "weight" ? compactInput(name, shape) : input(name, shape);
    const faces = facesInput(config, 1);
    const outputs = Object.entries(buildNet(config, { parameter }, faces)).map(
      ([name, value]) => [name, flatten(value)] as const,
    );
    if (!outputs.every(([, value]) => largest(value, faces) <= MOST.numbers)) return false;
    return structureOf(toOnnx(Object.fromEntries(outputs), { batch: faces })) === structureOf(onnx);
  } catch {
    return false; // a card that describes no net, or bytes that are none: whoever loads it says so
  }
}

/** The most numbers of a value between `faces` and `value`; weights are as large as the file. */
function largest(value: Expr, faces: Expr, seen = new Map<Expr, number>()): number {
  const known = seen.get(value);
  if (known !== undefined) return known;
  const most = value === faces || value.inputs.length > 0 ? sizeOf(value.shape) : 0;
  const all = Math.max(most, ...value.inputs.map((one) => largest(one, faces, seen)));
  seen.set(value, all);
  return all;
}
