/**
 * Trains every config of configs/ablation.ts from every seed and verifies the people held out with it: a seed draws
 * weights, batches and those people, so variants are compared within a seed. Resumable: what is finished is not
 * trained again. See configs/ablation.ts for the command.
 */

import { parseArgs } from "node:util";
import variants, { PEOPLE, SEEDS } from "../configs/ablation.ts";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { createRng, shuffle } from "../src/base/random/index.ts";
import { facesOfPeople, openAlignedFaces, openCelebA } from "../src/faces/data/index.ts";
import { barFigure } from "../src/lab/report/index.ts";
import { resultText } from "../src/lab/results/index.ts";
import { spreadOf } from "../src/matching/protocols/index.ts";
import {
  createHeldOut,
  hasCheckpoint,
  prepareFaces,
  releaseRun,
  runTraining,
  type Training,
} from "../src/nets/train/index.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string" },
    identities: { type: "string" },
    cache: { type: "string", default: "runs/cache" },
    runs: { type: "string", default: "runs/ablations" },
    out: { type: "string", default: "results/ablations" },
    threads: { type: "string", default: "2" },
  },
});
const { images, identities, cache, runs, out } = values;
const threads = Number(values.threads);
if (!images || !identities) throw new Error("ablate: --images and --identities are needed");

await using all = await openAlignedFaces(await openCelebA({ images, identities }), { cacheFolder: cache });
const everyone = shuffle([...new Set(all.identities)].sort(), createRng(1).fork("ablation people"));
const faces = facesOfPeople(all, new Set(everyone.slice(0, PEOPLE)));

async function measure(name: string, training: Training) {
  const folder = `${runs}/${name.replaceAll(/[^\w+]+/g, "-")}/${training.seed}`;
  const prepared = await prepareFaces(faces, training);
  const heldOut = await createHeldOut(training.net, prepared.heldOut!);
  const result = await runTraining(training, prepared.faces, {
    folder,
    threads,
    resume: hasCheckpoint(folder),
    facesKey: prepared.key,
    heldOut: (weights) => heldOut.measure(weights),
    now: () => performance.now(),
  });
  const card = await releaseRun({
    runFolder: folder,
    faces,
    out: `${folder}/model`,
    name,
    source: "",
    licence: "",
    components: [100],
    threads,
  });
  const jointBayesian = (card.validation as { accuracy: number }).accuracy;
  const { accuracy: cosine } = await heldOut.measure(result.weights);
  await heldOut.release();
  console.log(
    `${name}, seed ${training.seed}: Joint Bayesian ${(100 * jointBayesian).toFixed(1)} %, cosine ${(100 * cosine).toFixed(1)} %`,
  );
  return { seed: training.seed, jointBayesian, cosine, seconds: Math.round(result.seconds) };
}

type Runs = readonly Awaited<ReturnType<typeof measure>>[];

/** Over the seeds: accuracy, and how far it lies above that of `others` with the same seed. */
function summary(metric: "jointBayesian" | "cosine", runs: Runs, others: Runs) {
  const values = runs.map((run) => run[metric]);
  return { ...spreadOf(values), ahead: spreadOf(values.map((value, i) => value - others[i][metric])) };
}

const measured: { name: string; training: Training; runs: Runs }[] = [];
for (const [name, training] of Object.entries(variants)) {
  const runs: Awaited<ReturnType<typeof measure>>[] = [];
  for (const seed of SEEDS) runs.push(await measure(name, { ...training, seed }));
  measured.push({ name, training, runs });
}
const results = measured.map(({ name, training, runs }) => ({
  name,
  jointBayesian: summary("jointBayesian", runs, measured[0].runs),
  cosine: summary("cosine", runs, measured[0].runs),
  runs,
  training,
}));
const data = { pictures: faces.count, people: new Set(faces.identities).size, validationPeople: 200 };
await writeFileAtomic(
  `${out}.json`,
  resultText(
    {
      kind: "ablation",
      model: null,
      command: "npx tsx scripts/ablate.ts --images img_align_celeba.zip --identities identity_CelebA.txt",
      data: "CelebA, some of its people",
      date: new Date().toISOString().slice(0, 10),
    },
    { data, results },
  ),
);
const bars = results.map(({ name, jointBayesian }) => ({
  name,
  value: jointBayesian.mean,
  highlight: name === results[0].name,
}));
await writeFileAtomic(
  `${out}.svg`,
  barFigure(bars, { label: "Verification accuracy of held-out people, Joint Bayesian", from: 0.6 }),
);
