/**
 * What makes a training step of a region's net cheaper on CPU, in turns in one process: its first two convolutions, which stay as
 * they are, in eight-bit integers; and a softmax over some of the people.
 * Run: npx tsx bench/frozen.ts [--rounds 9] [--threads 1] [--out results/frozen.json]
 */

import { cpus } from "node:os";
import { parseArgs } from "node:util";
import regions from "../configs/regions.ts";
import { createRng } from "../src/base/random/index.ts";
import type { FaceBatch } from "../src/nets/train/batches.ts";
import { parseTraining } from "../src/nets/train/config.ts";
import { TrainingState } from "../src/nets/train/state.ts";
import { type StepConfig, stepConfig } from "../src/nets/train/stepConfig.ts";
import { Stepper } from "../src/nets/train/stepper.ts";
import { keep } from "./keep.ts";
import { stepInputs } from "./stepInputs.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    threads: { type: "string", default: "1" },
    out: { type: "string" },
  },
});
const [rounds, threads] = [Number(values.rounds), Number(values.threads)];

const training = parseTraining(regions, "configs/regions.ts");
const { sample, ...config } = stepConfig(training, 7923);
const { feeds } = stepInputs(config.net, config.batch, createRng(1));
const batch: FaceBatch = {
  faces: feeds.faces.data as Uint8Array,
  identities: feeds.identities.data as Float32Array,
  masks: feeds.masks.data as Uint8Array,
};
const margins = new Float32Array(config.net.taps.length).fill(10);

/** A step from a state like that of a net that has seen faces: its statistics are not what they began as. */
function openStep(of: StepConfig, eightBits: boolean): Promise<Stepper> {
  const { values: state, weights } = TrainingState.initial(of, 1);
  for (const layer of ["conv1", "conv2"]) weights[`${layer}.mean`].fill(0.01);
  return Stepper.open(training, of, state, eightBits ? weights : undefined, { threads });
}

const steps = [
  await openStep(config, false),
  await openStep(config, true),
  await openStep({ ...config, sample }, true),
];
const times: number[][] = steps.map(() => []);
for (let round = -2; round < rounds; round++) {
  for (const [i, step] of steps.entries()) {
    const start = performance.now();
    await step.step(round + 2, batch, margins);
    if (round >= 0) times[i].push(performance.now() - start);
  }
}
const [float32, eightBits, sampled] = times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
const result = {
  cpu: cpus()[0].model,
  threads,
  batch: config.batch,
  people: config.people,
  sample,
  milliseconds: { float32, eightBits, sampled },
};
console.log(
  `${float32.toFixed(0)} ms in float32, ${eightBits.toFixed(0)} ms in eight bits, ` +
    `${sampled.toFixed(0)} ms with ${sample} of ${config.people} people`,
);
await keep(
  values.out,
  {
    kind: "speed",
    command: "npx tsx bench/frozen.ts",
    data: "random pictures",
  },
  result,
);
process.exit(0);
