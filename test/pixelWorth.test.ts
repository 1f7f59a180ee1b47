/** Where a released net looks, by its gradients: what pixels add makes up the answer (completeness), and moving them agrees. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { facesInMemory, openSynthetic } from "../src/faces/data/index.ts";
import { cropRegion, type Region, TEMPLATE, viewsOf, WHOLE_FACE } from "../src/faces/face/index.ts";
import { createImage, type Image } from "../src/faces/image/index.ts";
import { neuronSlopes, pairSlopes, pixelWorth, worthOfPlaces } from "../src/lab/experiments/index.ts";
import { favouriteInput } from "../src/lab/studies/index.ts";
import { createFeatureSet } from "../src/matching/features/index.ts";
import { DEFAULT_MODEL, modelFolder, openFaceGradient, openModel } from "../src/nets/models/index.ts";
import { extractFeatures, type FaceGradient, type FaceModel, toNetInput } from "../src/nets/net/index.ts";

let model: FaceModel;
let gradient: FaceGradient;
let faces: Image[];
let region: Region; // at the sizes at which the model sees a face
beforeAll(async () => {
  const folder = modelFolder(DEFAULT_MODEL);
  [model, gradient] = [await openModel(folder), await openFaceGradient(folder)];
  region = model.card.region;
  await using drawn = await openSynthetic({ data: "synthetic", people: 2, pictures: 1, populationSeed: 4 });
  const { width, height } = TEMPLATE;
  faces = await Promise.all(
    [0, 1].map(async (row) => createImage(width, height, await drawn.faces.readRange(row, 1))),
  );
});
afterAll(async () => {
  await Promise.all([model?.release(), gradient?.release()]);
});

const sumOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

test("a neuron's pixels add up to its activation, which is the released net's", async () => {
  const activations = (await featuresOf(faces[0])).subarray(0, gradient.neurons);
  const loud = activations.indexOf(Math.max(...activations));
  const found = await pixelWorth(faces[0], region, neuronSlopes(gradient, loud));
  expect(found.answer).toBeCloseTo(activations[loud], 2);
  const difference = found.answer - found.baselineAnswer;
  expect(Math.abs(sumOf(found.worth) - difference)).toBeLessThan(0.05 * Math.abs(found.answer));
  const places = worthOfPlaces(found, region);
  expect([places.columns, places.rows, places.worth.length]).toEqual([22, 26, 572]);
  expect(sumOf(places.worth)).toBeCloseTo(sumOf(found.worth), 3);
});

test("a neuron of the mirror image sees the mirrored face", async () => {
  const { neurons } = gradient;
  const slopes = (neuron: number) => neuronSlopes(gradient, neuron)(seen(faces[1]));
  const [features] = [await featuresOf(faces[1])];
  for (const neuron of [3, neurons + 3]) {
    expect((await slopes(neuron)).answers[0]).toBeCloseTo(features[neuron], 2);
  }
  expect(() => neuronSlopes(gradient, 2 * neurons)).toThrow(/from 0 to 1023, got 1024/);
});

/** The crops of all views, side by side. */
function seen(face: Image): Float32Array {
  const crops = viewsOf(region).map((view) => toNetInput(cropRegion(face, view), WHOLE));
  return Float32Array.from(crops.flatMap((crop) => [...crop]));
}

const WHOLE = { height: WHOLE_FACE.height, width: WHOLE_FACE.width, channels: 3 } as const;

/** [FC-4 of the face | of its mirror image], as the model compares them. */
async function featuresOf(face: Image): Promise<Float32Array> {
  const { net, card } = model;
  const faces = facesInMemory(["a"], ["a"], face.pixels);
  return (await extractFeatures({ net, region: card.region, name: card.feature }, faces)).values;
}

test("a verdict's pixels add up to its score, and moving the face along the slopes raises it", async () => {
  const { matcher } = model.matcher;
  const features = await featuresOf(faces[1]);
  const other = matcher.project(
    createFeatureSet(features, features.length, { names: ["b"], identities: ["b"] }),
  ).values;
  const slopesAt = pairSlopes(gradient, matcher, other);
  const found = await pixelWorth(faces[0], region, slopesAt);
  const difference = found.answer - found.baselineAnswer;
  expect(Math.abs(sumOf(found.worth) - difference)).toBeLessThan(0.05 * Math.max(10, Math.abs(difference)));

  const rows = { ...WHOLE, height: WHOLE.height * viewsOf(region).length }; // without smoothing only how many numbers there are counts
  const risen = await favouriteInput(seen(faces[0]), rows, slopesAt, {
    steps: 5,
    rate: 0.005,
    smoothness: 0,
  });
  expect(risen.answers.at(-1)).toBeGreaterThan(risen.answers[0] + 1);
});
