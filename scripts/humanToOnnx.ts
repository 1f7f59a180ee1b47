/**
 * models/detector: BlazeFace and MediaPipe's face mesh as ONNX files.
 *
 * Reads them from the npm package @vladmandic/human 3.3.6 (MIT; the nets are MediaPipe's, Apache-2.0), unpacked anywhere:
 *
 *   npm pack @vladmandic/human@3.3.6 && tar xzf vladmandic-human-3.3.6.tgz
 *   npx tsx scripts/humanToOnnx.ts package/models models/detector
 *
 * Weights stay the 16-bit floats that they are there. Pictures go in as bytes [1, height, width, 3]; transposition and scale
 * are part of the files. BlazeFace has no fully connected layer: its sides may be any multiples of 32.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Float16Array } from "@petamoriken/float16";
import { sha256, writeFileAtomic } from "../src/base/files/index.ts";
import { DETECTOR_FILES } from "../src/faces/locate/index.ts";
import { TensorProto_DataType as Type } from "../src/math/graph/onnx_pb.ts";
import { OnnxGraph } from "./onnxGraph.ts";

const SOURCE = "npm package @vladmandic/human 3.3.6, models/";
const LICENCE = "Apache-2.0 (nets of MediaPipe, Google), MIT (package, Vladimir Mandic)";
const SHA256: Readonly<Record<string, string>> = {
  "blazeface.json": "cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f",
  "blazeface.bin": "dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72",
  "facemesh.json": "b60ca26f404724f43bd2b1575761d8265180e1f053cc0731caa68462927309e7",
  "facemesh.bin": "3826da640b0a3021161605369ee6af293f75d518040355b960ec71a3390c1c0b",
};

/** Numbers from bytes of a picture, and rows of so many numbers from what the graph calls its results. */
interface Net {
  readonly name: string;
  readonly sides: readonly [height: number | string, width: number | string];
  /** What it sees for bytes of 0 and 255. */
  readonly range: readonly [low: number, high: number];
  readonly outputs: readonly {
    readonly name: string;
    readonly width: number;
    readonly of: readonly string[];
    readonly sigmoid?: boolean;
  }[];
}

const NETS: readonly Net[] = [
  {
    name: "blazeface",
    sides: ["height", "width"],
    range: [-1, 1],
    outputs: [
      { name: "scores", width: 1, of: ["Identity", "Identity_1"], sigmoid: true },
      { name: "places", width: 16, of: ["Identity_2", "Identity_3"] },
    ],
  },
  {
    name: "facemesh",
    sides: [192, 192],
    range: [0, 1],
    outputs: [
      { name: "mesh", width: 1404, of: ["Identity_2"] },
      { name: "confidence", width: 1, of: ["Identity_1"] }, // its sigmoid is part of the graph
    ],
  },
];

interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: {
    readonly padding?: { readonly s: string };
    readonly strides?: { readonly list: { readonly i: readonly string[] } };
    readonly ksize?: { readonly list: { readonly i: readonly string[] } };
    readonly fused_ops?: { readonly list: { readonly s: readonly string[] } };
  };
}

interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

interface Graph {
  readonly nodes: ReadonlyMap<string, TfNode>;
  readonly weights: ReadonlyMap<string, Weight>;
}

async function readSource(folder: string, file: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, file));
  const found = sha256(bytes);
  if (found !== SHA256[file])
    throw new Error(`${folder}/${file}: needed sha256 ${SHA256[file]}, got ${found}`);
  return bytes;
}

/** A TensorFlow.js graph model. */
async function readGraph(folder: string, name: string): Promise<Graph> {
  const { modelTopology, weightsManifest } = JSON.parse(
    (await readSource(folder, `${name}.json`)).toString(),
  );
  const bytes = await readSource(folder, `${name}.bin`);
  const weights = new Map<string, Weight>();
  let at = 0;
  for (const { name: called, shape, dtype, quantization } of weightsManifest[0].weights) {
    const size = (shape as number[]).reduce((product, side) => product * side, 1);
    const half = quantization?.dtype === "float16";
    const length = (half ? 2 : 4) * size;
    const own = new Uint8Array(bytes.subarray(at, at + length)).buffer;
    const floats = () => (half ? Float32Array.from(new Float16Array(own)) : new Float32Array(own));
    weights.set(called, { shape, data: dtype === "int32" ? new Int32Array(own) : floats() });
    at += length;
  }
  const nodes = (modelTopology.node as TfNode[]).map((node): [string, TfNode] => [node.name, node]);
  return { nodes: new Map(nodes), weights };
}

/** Filters [h, w, in, out] as [out, in, h, w], or, of a depthwise convolution, [h, w, in, 1] as [in, 1, h, w]. */
function filters({ shape: [height, width, from, to], data }: Weight, depthwise: boolean): Weight {
  const moved = new Float32Array(data.length);
  data.forEach((value, i) => {
    const [place, c, o] = [Math.floor(i / (from * to)), Math.floor(i / to) % from, i % to];
    moved[(depthwise ? c : o * from + c) * height * width + place] = value;
  });
  return { shape: depthwise ? [from, 1, height, width] : [to, from, height, width], data: moved };
}

const text = (base64: string) => Buffer.from(base64, "base64").toString();

/** TensorFlow's "SAME" and "VALID", for sides that are multiples of the strides. */
function windowOf({ attr }: TfNode, sides: readonly number[]) {
  const strides = attr!.strides!.list.i.slice(1, 3).map(Number);
  const same = text(attr!.padding!.s) === "SAME";
  const padding = sides.map((side, i) => (same ? Math.max(0, side - strides[i]) : 0));
  const before = padding.map((all) => Math.floor(all / 2));
  return { kernel_shape: sides, strides, pads: [...before, ...padding.map((all, i) => all - before[i])] };
}

/** What gives the value of a node of `graph`, put into `onnx` once; the graph's input is `picture`. */
function converter({ nodes, weights }: Graph, onnx: OnnxGraph, picture: string): (name: string) => string {
  const done = new Map<string, string>();
  const value = (name: string): string => {
    const known = done.get(name) ?? convert(nodes.get(name)!, nodes.get(name)!.input ?? []);
    done.set(name, known);
    return known;
  };
  const prelu = (x: string, slopes: string) => {
    const { shape, data } = weights.get(slopes)!; // [.., channels]
    return onnx.put("PRelu", [x, onnx.weight({ shape: [shape.at(-1)!, 1, 1], data })]);
  };
  function convolution(node: TfNode, [x, kernel, bias, slopes]: readonly string[]): string {
    const depthwise = node.op === "DepthwiseConv2dNative";
    const weight = weights.get(kernel)!;
    const inputs = [value(x), onnx.weight(filters(weight, depthwise))];
    if (bias) inputs.push(onnx.weight(weights.get(bias)!));
    const window = windowOf(node, weight.shape.slice(0, 2));
    const sums = onnx.put("Conv", inputs, { ...window, group: depthwise ? weight.shape[2] : 1 });
    const activation = node.attr!.fused_ops?.list.s.map(text)[1];
    if (activation === undefined) return sums;
    return activation === "Prelu" ? prelu(sums, slopes) : onnx.put(activation, [sums]);
  }
  function convert(node: TfNode, inputs: readonly string[]): string {
    const [first, second] = inputs;
    switch (node.op) {
      case "Placeholder":
        return picture;
      case "_FusedConv2D":
      case "DepthwiseConv2dNative":
        return convolution(node, inputs);
      case "AddV2":
        return onnx.put("Add", [value(first), value(second)]);
      case "Relu":
      case "Sigmoid":
        return onnx.put(node.op, [value(first)]);
      case "Prelu":
        return prelu(value(first), second);
      case "MaxPool":
        return onnx.put(
          "MaxPool",
          [value(first)],
          windowOf(node, node.attr!.ksize!.list.i.slice(1, 3).map(Number)),
        );
      case "Pad": {
        const ends = [...weights.get(second)!.data]; // [4, 2]; those of the channels are not 0
        return onnx.put("Pad", [value(first), onnx.integers([0, ends[6], 0, 0, 0, ends[7], 0, 0])]);
      }
      case "Identity":
      case "Reshape": // of results alone, which get their shape from `convertNet`
        return value(first);
      default:
        throw new Error(`${node.name}: ${node.op} is not known here`);
    }
  }
  return value;
}

async function convertNet(
  folder: string,
  { name, sides, range: [low, high], outputs }: Net,
): Promise<Uint8Array> {
  const onnx = new OnnxGraph();
  const planes = onnx.put("Transpose", [onnx.put("Cast", ["picture"], { to: Type.FLOAT })], {
    perm: [0, 3, 1, 2],
  });
  const scaled = onnx.put("Mul", [planes, onnx.number((high - low) / 255)]);
  const value = converter(await readGraph(folder, name), onnx, onnx.put("Add", [scaled, onnx.number(low)]));
  for (const { name: called, of, width, sigmoid } of outputs) {
    const rows = of.map((result) => {
      const last = onnx.put("Transpose", [value(result)], { perm: [0, 2, 3, 1] });
      return onnx.put("Reshape", [last, onnx.integers([1, -1, width])]);
    });
    onnx.give(called, sigmoid ? "Sigmoid" : "Identity", onnx.put("Concat", rows, { axis: 1 }));
  }
  const values = {
    input: { name: "picture", sides: [1, ...sides, 3] },
    outputs: outputs.map((output) => ({ name: output.name, sides: [1, "places", output.width] })),
  };
  return onnx.toBytes(name, values, { source: SOURCE, licence: LICENCE });
}

const [folder, out] = process.argv.slice(2);
if (!folder || !out) throw new Error("needed: the package's models folder, and the folder to write into");
await mkdir(out, { recursive: true });
const files: Record<string, string> = {};
for (const net of NETS) {
  const bytes = await convertNet(folder, net);
  await writeFileAtomic(join(out, `${net.name}.onnx`), bytes);
  files[`${net.name}.onnx`] = sha256(bytes);
}
const card = {
  format: "deepid2plus-detector",
  version: 1,
  source: SOURCE,
  sourceFiles: SHA256,
  licence: LICENCE,
  files,
};
await writeFileAtomic(join(out, DETECTOR_FILES.card), `${JSON.stringify(card, null, 2)}\n`);
