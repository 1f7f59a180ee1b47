/** A model folder that somebody else made is tried before it is opened, within the limits of an import. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { DataError } from "../../base/errors/index.ts";
import { WHOLE_FACE } from "../../faces/face/index.ts";
import { apply, constant, type Expr, input, integers } from "../../math/graph/expression.ts";
import { flatten, gemm, toOnnx } from "../../math/graph/index.ts";
import { arcFaceLandmarks, isOwnNet, type ModelCard, regionOfLandmarks } from "../net/index.ts";
import { releasedOnnx } from "../net/netOnnx.ts";
import { FOREIGN_LIMITS } from "./foreignTrial.ts";
import { passTrial } from "./foreignTrialCache.ts";
import { importModel } from "./importModel.ts";
import { openModel } from "./modelFolder.ts";

const newFolder = () => mkdtemp(join(tmpdir(), "ready-made-"));
const region = regionOfLandmarks("net", { width: 24, height: 24, channels: 3 }, arcFaceLandmarks(24));
const faces = input("x", [1, 3, 24, 24]);
const SIZE = 3 * 24 * 24;

/** The net `y` of faces as the folder of a model, with a card that looks as good as any. */
async function folderOf(y: Expr, length: number) {
  const folder = await newFolder();
  const onnx = toOnnx({ y });
  const netInput = { name: "x", layout: "nchw", order: "rgb", mean: [127.5], scale: [128] } as const;
  const about = { region, feature: "y", length, name: "foreign", licence: "unknown" };
  const card: ModelCard = await importModel(folder, {
    onnx,
    input: { ...netInput, mean: [127.5], scale: [128] },
    ...about,
  });
  return { folder, onnx, card };
}

const linear = (seed: number) =>
  gemm(
    flatten(faces),
    constant(
      Float32Array.from({ length: SIZE * 8 }, (_, i) => Math.sin(seed + i * i)),
      [SIZE, 8],
    ),
  );
/** The picture 160,000 times: 1.1 GB. */
const large = () =>
  flatten(
    apply(
      "ReduceMean",
      [apply("Tile", [faces, integers([1, 1, 400, 400])], [1, 3, 9600, 9600]), integers([2, 3])],
      [1, 3, 1, 1],
    ),
  );

test("a net of 1.1 GB of activations is refused when its folder is opened", async () => {
  const { folder } = await folderOf(large(), 3);
  const failure = await openModel(folder).catch((error) => error);
  expect(failure).toBeInstanceOf(DataError);
  expect(failure.message).toMatch(/net\.onnx: its trial run took more than 0\.75 GiB of memory/);
});

test("a net that is late is refused, and tried again; one that has passed is not", async () => {
  const { folder, onnx, card } = await folderOf(linear(1), 8);
  const remembered = await newFolder();
  const late = { limits: { ...FOREIGN_LIMITS, seconds: 0.01 }, remembered };
  for (let time = 0; time < 2; time++) {
    await expect(passTrial(folder, { card, onnx }, late)).rejects.toThrow("ran for more than 0.01 s");
  }
  await passTrial(folder, { card, onnx }, { remembered });
  expect(await readdir(remembered)).toHaveLength(1);
  await passTrial(folder, { card, onnx }, late);
  const other = await folderOf(linear(2), 8); // another file, and the same file for another size of faces
  await expect(passTrial(folder, other, late)).rejects.toThrow("ran for more");
  const wider = { ...card, region: { ...region, width: 25 } };
  await expect(passTrial(folder, { card: wider, onnx }, late)).rejects.toThrow("ran for more");
  await rm(remembered, { recursive: true });
});

test("a net of ours is known by what it computes, whatever its weights, and a card alone makes none", async () => {
  const own = {
    net: TINY_NET,
    region: { ...WHOLE_FACE, height: 39, width: 31 },
  } as Partial<ModelCard> as ModelCard;
  for (const precision of ["float32", "int8"] as const) {
    const onnx = releasedOnnx(TINY_NET, randomWeights(TINY_NET, 5), { precision, metadata: { name: "a" } });
    expect(isOwnNet({ ...own, precision }, onnx)).toBe(true);
    expect(isOwnNet({ ...own, precision, net: { ...TINY_NET, neurons: TINY_NET.neurons + 1 } }, onnx)).toBe(
      false,
    );
    expect(isOwnNet({ ...own, precision, net: undefined }, onnx)).toBe(false);
  }
  const { onnx } = await folderOf(large(), 3);
  expect(isOwnNet(own, onnx)).toBe(false);
  expect(isOwnNet(own, onnx.subarray(0, 100))).toBe(false);
});
