/** A reproduction without any data set: the demo's net and people, LBP beside it, a matcher for every tap. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import type { StagedProgress } from "../../../base/progress/index.ts";
import { type AlignedFaces, facesOfPeople } from "../../../faces/data/index.ts";
import { extractLbp, fitLbp, principalComponents, writeLbpComponents } from "../../../faces/lbp/index.ts";
import { writeMatcher } from "../../../matching/files/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { openModel } from "../../../nets/models/index.ts";
import { extractActivations } from "../../../nets/net/index.ts";
import { chooseMatcher, splitFor } from "../../../nets/train/index.ts";
import { blockOcclusion, partialOcclusion } from "../../studies/index.ts";
import { DEMO_DEFAULTS, type DemoOptions, type DemoPlan } from "../demo/plan.ts";
import { drawDemo, runDemo } from "../demo/run.ts";
import type { Material } from "./material.ts";

/** Enough to see the curves, within the demo's minutes. */
const CORRUPTIONS = [
  { corruption: partialOcclusion, levels: [20, 40, 60] },
  { corruption: blockOcclusion, levels: [30, 50, 70] },
];
const FOLDS = 5;
const DRAWS = 3;
const TAPS = [1, 2, 3, 4];

export interface DemoMaterialOptions extends SessionOptions {
  readonly out: string;
  /** Of the demo. */
  readonly sizes?: DemoOptions;
}

/** Trains the demo's net in `out`/demo, or takes it from there where it was finished before. */
export async function demoMaterial(
  { out, provider, threads, sizes = DEMO_DEFAULTS }: DemoMaterialOptions,
  progress: StagedProgress = {},
): Promise<Material> {
  const folder = join(out, "demo");
  const place = (name: string) => join(folder, "matchers", `${name}.safetensors`);
  const names = [...TAPS.slice(0, -1).map((tap) => `fc${tap}`), "lbp"];
  const options = { ...sizes, taps: TAPS };
  const engine = { provider, threads };
  const drawn = await drawDemo(options, progress);
  const mark = join(folder, "reproduction.json");
  const done = JSON.stringify(options);
  if (!(existsSync(mark) && (await readFile(mark, "utf8")) === done)) {
    await runDemo(folder, { ...options, drawn }, progress);
    await writingTo(folder, async () => {
      await fitRest(folder, drawn.learning, { plan: drawn.plan, engine, place }, progress);
      await writeFileAtomic(mark, done);
    });
  }
  const { test, attributes } = drawn;
  const known = Math.round(drawn.plan.test / 2); // the others are strangers
  progress.note?.(`measuring on ${drawn.plan.test} people whom the net has not seen`);
  return {
    subjects: {
      faces: test.faces,
      attributes,
      description: `synthetic: ${drawn.plan.test} people, ${options.pictures} pictures each, seed ${options.seed}`,
    },
    pairs: test.pairs,
    test: `${drawn.plan.test} synthetic people`,
    system: join(folder, "model"),
    model: join(folder, "model"),
    lbp: join(folder, "lbp.safetensors"),
    matcher: names.map((name) => ({ name, path: place(name) })),
    own: {
      leastPictures: options.pictures,
      folds: FOLDS,
      corruptions: CORRUPTIONS,
      seeds: DRAWS,
      identification: { people: known, faces: known * options.pictures, gallery: known },
    },
  };
}

interface FitOptions {
  readonly plan: DemoPlan;
  readonly engine: SessionOptions;
  readonly place: (name: string) => string;
}

/** LBP's components, and matchers for the taps that the model compares no faces by and for LBP, from the model's matching people. */
async function fitRest(
  folder: string,
  learning: AlignedFaces,
  { plan, engine, place }: FitOptions,
  progress: StagedProgress,
): Promise<void> {
  const { signal } = progress;
  const { training, components } = plan;
  const split = splitFor(learning, training);
  const [matching, validation] = [split.matching, split.validation].map((people) =>
    facesOfPeople(learning, people),
  );
  const model = await openModel(join(folder, "model"), engine);
  await using multiply = createMultiply(engine);
  try {
    const region = { net: model.net, region: model.card.region };
    const names = TAPS.slice(0, -1).map((tap) => `fc${tap}`);
    const taps = (faces: AlignedFaces) => extractActivations({ ...region, names }, faces, { signal });
    const [learned, chosen] = [await taps(matching), await taps(validation)];
    for (const [i, name] of names.entries()) {
      const blockSize = training.net.neurons;
      const options = { components, blockSize, seed: training.seed, multiply: multiply.multiply, signal };
      await writeMatcher(place(name), await chooseMatcher(learned[i], chosen[i], options));
    }
  } finally {
    await model.release();
  }
  const largest = { components: Math.max(...components), seed: training.seed, multiply: multiply.multiply };
  const pca = await fitLbp(matching, largest, progress);
  await writeLbpComponents(join(folder, "lbp.safetensors"), { pca, source: "the demo's matching people" });
  const reduction = principalComponents(pca, multiply.multiply);
  const lbp = (faces: AlignedFaces) => extractLbp(faces, { reduction, signal });
  const options = { components, blockSize: pca.components.rows, seed: training.seed, signal };
  await writeMatcher(place("lbp"), await chooseMatcher(await lbp(matching), await lbp(validation), options));
}
