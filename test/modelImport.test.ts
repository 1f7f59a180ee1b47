/** A net whose origin is unknown: our own, stripped of its card, imported and used as any other. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { selectPeople } from "../src/matching/features/index.ts";
import { readFeatures, writeFeatures } from "../src/matching/files/index.ts";
import { constant, input, mul, toOnnx } from "../src/math/graph/index.ts";
import { openModel, openSystem } from "../src/nets/models/index.ts";
import type { FaceSystem } from "../src/nets/net/index.ts";
import { cropsForTrial, tryNet } from "../src/nets/net/trialRun.ts";
import {
  attributesFile,
  readAttributes,
  type StoredAttributes,
  writeAttributes,
} from "../src/people/recognizer/attributes.ts";
import { deepid, resultOf } from "./support/cli.ts";
import { newFolder, TINY_DATA, type TinyModel, tinyModel } from "./support/miniature.ts";

let tiny: TinyModel;
let folder: string;
let file: string;
beforeAll(async () => {
  [tiny, folder] = await Promise.all([tinyModel(), newFolder()]);
  file = join(folder, "stranger.onnx");
  await copyFile(join(tiny.model, "net.onnx"), file);
});

/** What a trial run of a model's net must give. */
async function trialOf(folder: string) {
  const { net, card, release } = await openModel(folder, { threads: 1 });
  const trial = await tryNet(net, card.feature, { crops: cropsForTrial(card.region), file: folder });
  await release();
  return { separation: expect.closeTo(trial.separation, 6) };
}

/** An attribute that no picture has taught. */
const madeUpAttributes = ({ dimension }: FaceSystem): StoredAttributes => ({
  attributes: [
    {
      name: "Hat",
      weights: new Float32Array(dimension),
      bias: 0,
      accuracy: 0.5,
      slope: 1,
      offset: 0,
      neuron: { index: 0, threshold: 0, direction: 1, accuracy: 0.5 },
    },
  ],
  measuredOn: { source: "nothing", people: 1, pictures: 1 },
});

test("guesses its input and output, and gives the features that it gives in its own folder", async () => {
  const model = join(folder, "guessed");
  const made = await resultOf("model", "import", file, "--out", model);
  expect(made).toMatchObject({
    name: "stranger",
    feature: "fc4",
    length: 16,
    region: { height: 55, width: 47 },
  });
  expect(made.trial).toEqual(await trialOf(tiny.model));
  const features = async (of: string) => {
    const out = join(folder, "features.safetensors");
    await resultOf("extract", "--model", of, "--out", out, ...TINY_DATA);
    return (await readFeatures(out)).set.values;
  };
  const [imported, own] = [await features(model), await features(tiny.model)];
  expect(imported.length).toBe(own.length);
  for (let i = 0; i < own.length; i += 7) expect(imported[i]).toBeCloseTo(own[i], 4);

  const attributes = attributesFile(model);
  const withSystem = async <T>(folder: string, work: (system: FaceSystem) => Promise<T>) => {
    const system = await openSystem(folder, { threads: 1 });
    return work(system).finally(() => system.release());
  };
  await withSystem(model, (system) => writeAttributes(attributes, system, madeUpAttributes(system)));

  // Cosine until a matcher is learned; then calibrated.
  expect((await openModel(model)).matcher.calibration).toBeUndefined();
  const fitted = await resultOf(
    ...["fit-matcher", join(folder, "features.safetensors"), "--model", model, "--components", "8"],
  );
  expect(fitted.out).toBe(model);
  // Attributes read features, whatever matches them; those of another net they do not.
  expect((await withSystem(model, (system) => readAttributes(attributes, system))).names).toEqual(["Hat"]);
  const other = (system: FaceSystem) => ({ ...system, hashes: { ...system.hashes, "net.onnx": "another" } });
  await expect(withSystem(model, (system) => readAttributes(attributes, other(system)))).rejects.toThrow(
    "another model",
  );
  const { matcher, card, release } = await openModel(model, { threads: 1 });
  expect(matcher.calibration).toBeDefined();
  expect(card.matching).toMatchObject({ components: 8, people: fitted.matching.people });
  await release();
  const all = (await readFeatures(join(folder, "features.safetensors"))).set;
  const part = async (name: string, belongs: (person: string) => boolean) => {
    await writeFeatures(join(folder, `${name}.safetensors`), selectPeople(all, belongs));
    return [`--${name}`, join(folder, `${name}.safetensors`)];
  };
  const { cohort } = await resultOf(
    ...["fit-cohort", model, "--centroids", "4", "--nearest", "3"],
    ...(await part("people", (person) => person <= "person-0012")),
    ...(await part("validation", (person) => person > "person-0012" && person <= "person-0018")),
    ...(await part("strangers", (person) => person > "person-0018")),
  );
  const after = await openModel(model, { threads: 1 });
  expect(after.matcher.calibration?.cohort).toMatchObject({ nearest: 3, weights: cohort.weights });
  expect(after.matcher.matcher.model).toEqual(matcher.matcher.model); // the matcher itself stays
  expect(after.card.matching).toMatchObject({ components: 8, cohort });
  await after.release();
});

test("order, mean and scale change what it is given, and a template where it looks", async () => {
  const made = async (...options: string[]) =>
    resultOf("model", "import", file, "--out", await newFolder(), ...options);
  const plain = await made();
  const other = await made("--order", "bgr", "--mean", "0", "--scale", "255");
  expect(other.input).toMatchObject({ order: "bgr", mean: [0], scale: [255] });
  const points = "10,20,37,20,23.5,33,12,44,35,44";
  const moved = await made("--points", points);
  expect(moved.region.box).not.toEqual(plain.region.box);
});

test("what is no embedder is refused with what is wrong", async () => {
  const importing = async (bytes: Uint8Array, ...options: string[]) => {
    const path = join(await newFolder(), "x.onnx");
    await writeFile(path, bytes);
    return deepid("model", "import", path, "--out", join(folder, "refused"), ...options);
  };
  const flat = input("x", [1, 8]);
  expect(await importing(toOnnx({ y: mul(flat, flat) }))).toMatchObject({
    code: 3,
    err: expect.stringMatching(/needs one float32 input.*its inputs are x float32 \[1, 8\]/),
  });
  const picture = input("x", [1, 3, 20, 30]);
  const twice = toOnnx({ y: mul(picture, picture) });
  expect(await importing(twice)).toMatchObject({ code: 2, err: expect.stringMatching(/20 x 30.*--points/) });
  const square = input("x", [1, 3, 24, 24]);
  const nothing = toOnnx({ y: mul(square, constant(new Float32Array(3 * 24 * 24), [1, 3, 24, 24])) });
  expect(await importing(nothing)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/same for every face/),
  });
  const net = await readFile(file);
  expect(await importing(net, "--output", "fc9")).toMatchObject({
    code: 3,
    err: expect.stringMatching(/fc9/),
  });
});
