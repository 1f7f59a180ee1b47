/**
 * Trains every net of configs/dropout.ts on synthetic people and counts the neurons that fire for people it has not
 * seen. Resumable: a net that is finished is not trained again.
 */

import { parseArgs } from "node:util";
import rates from "../configs/dropout.ts";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { facesOfPeople, SYNTHETIC_DEFAULTS, syntheticFaces } from "../src/faces/data/index.ts";
import { dropoutPart } from "../src/lab/experiments/study/dropout.ts";
import { resultText } from "../src/lab/results/index.ts";
import { type DropoutNet, dropoutFinding, sparsity } from "../src/lab/studies/index.ts";
import { openModel } from "../src/nets/models/index.ts";
import { extractActivations } from "../src/nets/net/index.ts";
import {
  hasCheckpoint,
  prepareFaces,
  releaseRun,
  runTraining,
  splitFor,
  type Training,
} from "../src/nets/train/index.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "runs/dropout" },
    out: { type: "string", default: "results/dropout" },
    threads: { type: "string", default: "2" },
  },
});
const { runs, out } = values;
const threads = Number(values.threads);
const TAPS = [1, 2, 3, 4];
const { faces } = await syntheticFaces(SYNTHETIC_DEFAULTS);

async function measure(rate: string, training: Training): Promise<DropoutNet & { seconds: number }> {
  const folder = `${runs}/${rate}`;
  const prepared = await prepareFaces(faces, training);
  const { seconds } = await runTraining(training, prepared.faces, {
    folder,
    threads,
    resume: hasCheckpoint(folder),
    facesKey: prepared.key,
    now: () => performance.now(),
  });
  const out = `${folder}/model`;
  const card = await releaseRun({
    runFolder: folder,
    faces,
    out,
    name: `dropout ${rate}`,
    source: "synthetic",
    licence: "none needed",
    taps: TAPS,
    components: [40],
    threads,
  });
  const model = await openModel(out, { threads });
  const unseen = facesOfPeople(faces, splitFor(faces, training).validation);
  const names = TAPS.map((tap) => `fc${tap}`);
  const sets = await extractActivations({ net: model.net, region: model.card.region, names }, unseen);
  await model.release();
  const layers = sets.map((set, i) => ({ name: `FC-${TAPS[i]}`, ...sparsity(set) }));
  const { accuracy } = card.validation as { accuracy: number };
  console.log(`${rate}: ${layers.map((of) => `${of.name} ${of.ofNeurons.mean.toFixed(3)}`).join(", ")}`);
  return { rate: training.net.dropout, layers, accuracy, seconds: Math.round(seconds) };
}

const nets: (DropoutNet & { seconds: number })[] = [];
for (const [rate, training] of Object.entries(rates)) nets.push(await measure(rate, training));
const data = { ...SYNTHETIC_DEFAULTS, steps: rates["0"].steps, unseenPeople: rates["0"].split.validation };
const body = { data, finding: dropoutFinding(nets), nets };
const command = "npx tsx scripts/dropout.ts";
const date = new Date().toISOString().slice(0, 10);
await writeFileAtomic(
  `${out}.json`,
  resultText({ kind: "ablation", model: null, command, data: "synthetic faces", date }, body),
);
await writeFileAtomic(`${out}.svg`, dropoutPart(nets).figures[0].svg);
