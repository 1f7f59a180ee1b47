/**
 * Speed of a training step of a region's net whose first two convolutions stay as they are: in eight-bit integers against
 * float32, in turns in one process.
 * Run: npx tsx bench/frozen.ts [--rounds 9] [--threads 1] [--out results/frozen.json]
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { createLoop, type Tensors } from "../src/engine/index.ts";
import { writeFileAtomic } from "../src/files/index.ts";
import { DEEPID2PLUS, type NetConfig, type Weights } from "../src/net/index.ts";
import { createRng } from "../src/random/index.ts";
import { TrainingState } from "../src/train/state.ts";
import { buildStepGraph, type StepConfig } from "../src/train/step.ts";
import { stepInputs } from "./stepInputs.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    threads: { type: "string", default: "1" },
    out: { type: "string" },
  },
});
const [rounds, threads] = [Number(values.rounds), Number(values.threads)];

/** As in configs/regions-3.ts. */
const NET: NetConfig = {
  ...DEEPID2PLUS,
  ...{ taps: [3, 4], conv3: "shared", conv4: "shared", normalisation: "batch" },
};
const CONFIG: StepConfig = {
  ...{ net: NET, people: 7923, batch: 128, momentum: 0.9, weightDecay: 5e-3, frozen: 2 },
};

/** A state like that of a net that has seen faces: its statistics are not what they began as. */
function createState(): { values: Tensors; weights: Weights } {
  const { values, weights } = TrainingState.initial(CONFIG, 1);
  for (const layer of ["conv1", "conv2"]) weights[`${layer}.mean`].fill(0.01);
  return { values, weights };
}

async function openStep(eightBits: boolean) {
  const { values: state, weights } = createState();
  const graph = buildStepGraph(CONFIG, eightBits ? weights : undefined);
  return createLoop(graph, state, { threads, constantWeights: eightBits });
}

const { batch } = CONFIG;
const { feeds, into } = stepInputs(NET, batch, createRng(1));
const steps = [await openStep(false), await openStep(true)];
const times: number[][] = [[], []];
for (let round = -2; round < rounds; round++) {
  for (const [i, step] of steps.entries()) {
    const start = performance.now();
    await step.run(feeds, into);
    if (round >= 0) times[i].push(performance.now() - start);
  }
}
const [float32, eightBits] = times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
const result = { cpu: cpus()[0].model, threads, batch, milliseconds: { float32, eightBits } };
console.log(
  `${float32.toFixed(0)} ms in float32, ${eightBits.toFixed(0)} ms in eight bits: ${(float32 / eightBits).toFixed(2)} times as fast`,
);
if (values.out) await writeFileAtomic(values.out, `${JSON.stringify(result, null, 2)}\n`);
process.exit(0);
