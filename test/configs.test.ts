/** Every config of configs/ for `deepid train` is one that trains: it is accepted, and a narrow net of its kind takes a step. */
import { readdirSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createRng } from "../src/base/random/index.ts";
import { DEMO_DEFAULTS, planDemo } from "../src/lab/experiments/demo/plan.ts";
import { DEEPID2PLUS, NARROW } from "../src/nets/net/index.ts";
import { readConfig, runTraining, type Training, type TrainingFaces } from "../src/nets/train/index.ts";
import { newFolder } from "./support/miniature.ts";

const folder = fileURLToPath(new URL("../configs", import.meta.url));
/** As a user has them: away from the sources. */
const copied = await newFolder();
await cp(folder, copied, { recursive: true });
/** Those that `deepid train` takes say so on top; the others hold several runs for a script. */
const isForTrain = (file: string) =>
  readFileSync(join(copied, file), "utf8").includes(`deepid train configs/${file}`);

test.each(readdirSync(copied).filter(isForTrain))("%s trains", async (file) => {
  await takesAStep(await readConfig(join(copied, file)));
});

test("the whole-face net is the paper's, but for shared weights and batch normalisation", async () => {
  const { net } = await readConfig(join(copied, "whole-face.ts"));
  expect(net).toEqual({ ...DEEPID2PLUS, conv3: "shared", conv4: "shared", normalisation: "batch" });
  expect((await readConfig(join(copied, "synthetic.ts"))).net).toEqual(NARROW);
});

test("the demo's config trains", async () => {
  await takesAStep(planDemo(DEMO_DEFAULTS).training);
});

/** One step of the same kind of net, with fewer maps and neurons, on noise. */
async function takesAStep(training: Training) {
  const narrow: Training = {
    ...training,
    net: { ...training.net, maps: [3, 3, 3, 3], neurons: 4 },
    pairs: 2,
    steps: 1,
    margin: { pairs: 10, every: 1 },
  };
  const result = await runTraining(narrow, noise(narrow), {
    folder: await newFolder(),
    facesKey: "noise",
    start: { name: "nothing", config: narrow.net, weights: {} }, // what stays as it is needs a net to start from
    now: () => performance.now(),
  });
  expect(result).toMatchObject({ finished: true, step: 1 });
}

function noise({ net, augmentation: { shift }, teacher }: Training): TrainingFaces {
  const identities = Int32Array.of(0, 0, 1, 1, 2, 2);
  const size = (net.height + 2 * shift) * (net.width + 2 * shift) * net.channels;
  const rng = createRng(1);
  const crops = Uint8Array.from({ length: identities.length * size }, () => rng.integer(256));
  const faces = { crops, margin: shift, identities, people: 3 };
  if (!teacher) return faces;
  const width = 4;
  const values = Float32Array.from({ length: identities.length * width }, () => rng.uniform());
  return { ...faces, taught: { values, width, key: "noise" } };
}
