/**
 * The teacher of models/whole-face-taught: dlib's face recognition ResNet as an ONNX file, for `deepid model import`.
 *
 * Reads it from the npm package @vladmandic/face-api 1.7.15 (MIT; the weights are dlib's, in the public domain), unpacked anywhere:
 *
 *   npm pack @vladmandic/face-api && tar xzf vladmandic-face-api-1.7.15.tgz
 *   npx tsx scripts/dlibToOnnx.ts package/model dlib.onnx
 *
 * and prints the command that makes a model folder of it, at its own alignment: dlib's chip of 150 x 150 pixels is 25 + 100
 * times its mean face. It is needed for training only.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { apply, constant, type Expr, input, integers } from "../src/math/graph/expression.ts";
import { add, flatten, gemm, relu, toOnnx } from "../src/math/graph/index.ts";

const SHA256 = "b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589";

/** Where dlib's mean face has the eyes, the tip of the nose and the corners of the mouth, in pixels of its chip. */
const POINTS = "47.55,46.60,100.48,46.60,74.01,76.56,50.41,103.02,97.62,103.02";

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization?: { readonly dtype: string; readonly scale: number; readonly min: number };
}

interface Stored {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The tensors of a TensorFlow.js model of one file: bytes with a scale, or float32. */
async function readWeights(folder: string): Promise<ReadonlyMap<string, Stored>> {
  const name = "face_recognition_model";
  const bytes = await readFile(join(folder, `${name}.bin`));
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== SHA256) throw new Error(`${folder}/${name}.bin: needed sha256 ${SHA256}, got ${found}`);
  const manifest = JSON.parse(await readFile(join(folder, `${name}-weights_manifest.json`), "utf8"));
  const entries = (manifest as { weights: Entry[] }[]).flatMap(({ weights }) => weights);
  const tensors = new Map<string, Stored>();
  let at = 0;
  for (const { name: tensor, shape, quantization } of entries) {
    const size = shape.reduce((product, side) => product * side, 1);
    const data = Float32Array.from({ length: size }, (_, i) =>
      quantization ? bytes[at + i] * quantization.scale + quantization.min : bytes.readFloatLE(at + 4 * i),
    );
    at += quantization ? size : 4 * size;
    tensors.set(tensor, { shape, data });
  }
  return tensors;
}

const sideAfter = (side: number, kernel: number, stride: number, padding: number): number =>
  Math.floor((side + 2 * padding - kernel) / stride) + 1;

/** dlib's net: faces [n, 3, 150, 150], as (byte - its mean) / 255, to embeddings [n, 128]. */
function buildDlib(weights: ReadonlyMap<string, Stored>): { faces: Expr; embedding: Expr } {
  const layer = (x: Expr, name: string, { stride = 1, padding = 1 } = {}): Expr => {
    const of = (part: string) => weights.get(`${name}/${part}`)!;
    const [filters, bias, factors, shifts] = [
      of("conv/filters"),
      of("conv/bias"),
      of("scale/weights"),
      of("scale/biases"),
    ];
    const [height, width, channels, maps] = filters.shape;
    const area = height * width;
    const folded = new Float32Array(filters.data.length); // from [h, w, in, out] to [out, in, h, w], scaled
    filters.data.forEach((value, at) => {
      const [place, c, o] = [Math.floor(at / (channels * maps)), Math.floor(at / maps) % channels, at % maps];
      folded[(o * channels + c) * area + place] = value * factors.data[o];
    });
    const added = bias.data.map((value, o) => value * factors.data[o] + shifts.data[o]);
    const [, , side] = x.shape;
    const after = sideAfter(side, height, stride, padding);
    const inputs = [x, constant(folded, [maps, channels, height, width]), constant(added, [maps])];
    return apply("Conv", inputs, [1, maps, after, after], undefined, {
      attributes: {
        kernel_shape: [height, width],
        strides: [stride, stride],
        pads: [padding, padding, padding, padding],
      },
    });
  };
  const padTo = (x: Expr, maps: number, side: number): Expr => {
    const [, channels, before] = x.shape;
    if (channels === maps && before === side) return x;
    const ends = integers([0, 0, 0, 0, 0, maps - channels, side - before, side - before]);
    return apply("Pad", [x, ends], [1, maps, side, side]);
  };
  const pool = (op: string, x: Expr, kernel: number): Expr => {
    const [, maps, side] = x.shape;
    const after = sideAfter(side, kernel, 2, 0);
    return apply(op, [x], [1, maps, after, after], undefined, {
      attributes: { kernel_shape: [kernel, kernel], strides: [2, 2] },
    });
  };
  const residual = (x: Expr, name: string): Expr =>
    relu(add(layer(relu(layer(x, `${name}/conv1`)), `${name}/conv2`), x));
  const down = (x: Expr, name: string): Expr => {
    const inner = relu(layer(x, `${name}/conv1`, { stride: 2, padding: 0 }));
    const outer = layer(inner, `${name}/conv2`);
    const pooled = pool("AveragePool", x, 2);
    const [maps, side] = [outer.shape[1], Math.max(outer.shape[2], pooled.shape[2])];
    return relu(add(padTo(outer, maps, side), padTo(pooled, maps, side)));
  };
  const faces = input("faces", [1, 3, 150, 150]);
  let x = pool("MaxPool", relu(layer(faces, "conv32_down", { stride: 2, padding: 0 })), 3);
  for (const name of ["conv32_1", "conv32_2", "conv32_3"]) x = residual(x, name);
  for (const [width, blocks] of [
    [64, 3],
    [128, 2],
    [256, 2],
  ]) {
    x = down(x, `conv${width}_down`);
    for (let block = 1; block <= blocks; block++) x = residual(x, `conv${width}_${block}`);
  }
  x = down(x, "conv256_down_out");
  const features = flatten(apply("GlobalAveragePool", [x], [1, x.shape[1], 1, 1]));
  const fc = weights.get("fc")!;
  const embedding = gemm(features, constant(fc.data, fc.shape));
  return { faces, embedding };
}

const [folder, out] = process.argv.slice(2);
if (!folder || !out) throw new Error("needed: the package's model folder, and the ONNX file to write");
const { faces, embedding } = buildDlib(await readWeights(folder));
await writeFileAtomic(out, toOnnx({ embedding }, { batch: faces }));
console.log(
  `${out} is written. Make a model folder of it, and features of the training pictures:\n` +
    `  deepid model import ${out} --out models/dlib --mean 122.782,117.001,104.298 --scale 255 --points ${POINTS} \\\n` +
    `    --licence "weights in the public domain (dlib)"\n` +
    "  deepid extract --model models/dlib --out dlib.safetensors (and the faces)",
);
