/**
 * One measurement of ours, in a process of its own so that its peak memory is its own. Prints one JSON line.
 * Usage: ours.ts train|forward|gemm BATCH REPEATS THREADS
 */

import { createRng } from "../src/base/random/index.ts";
import { createLoop, createSession } from "../src/math/engine/index.ts";
import { gemm, input, toOnnx } from "../src/math/graph/index.ts";
import { openNet } from "../src/nets/models/index.ts";
import {
  buildNet,
  DEEPID2PLUS,
  facesInput,
  type NetConfig,
  recordingScope,
  releasedOnnx,
} from "../src/nets/net/index.ts";
import { TrainingState } from "../src/nets/train/state.ts";
import { buildStepGraph } from "../src/nets/train/step.ts";
import { stepInputs } from "./stepInputs.ts";

/** The paper's net with plain convolutions: what the peer can express as well. */
const NET: NetConfig = { ...DEEPID2PLUS, conv3: "shared", conv4: "shared" };
const PEOPLE = 1000;

const [mode, ...numbers] = process.argv.slice(2);
const [batch, repeats, threads] = numbers.map(Number);
const rng = createRng(1);
const random = (length: number) => Float32Array.from({ length }, () => rng.uniform() - 0.5);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));

/** Runs twice to warm up, then `repeats` times; returns the median in seconds. */
async function median(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = -2; i < repeats; i++) {
    const start = performance.now();
    await run();
    if (i >= 0) times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b)[repeats >> 1];
}

async function train() {
  const config = { net: NET, people: PEOPLE, batch, momentum: 0.9, weightDecay: 5e-3 };
  const { values: start } = TrainingState.initial(config, 1);
  const loop = await createLoop(buildStepGraph(config), start, { threads });
  const { feeds, into } = stepInputs(NET, batch, rng);
  return median(() => loop.run(feeds, into));
}

async function forward() {
  const { scope, parameters } = recordingScope();
  buildNet(NET, scope, facesInput(NET, 1));
  const weights = Object.fromEntries(parameters.map((p) => [p.name, p.initialise(rng.fork(p.name))]));
  const net = await openNet(releasedOnnx(NET, weights), { threads });
  const crops = bytes(batch * NET.height * NET.width * NET.channels);
  return median(() => net.run(crops, ["fc1", "fc2", "fc3", "fc4"]));
}

/** A square product: the practical peak of this machine's cores, in FLOP a second. */
async function peak() {
  const side = batch;
  const [a, b] = [input("a", [side, side]), input("b", [side, side])];
  const session = await createSession(toOnnx({ c: gemm(a, b) }), { threads });
  const tensor = () => ({ shape: [side, side], data: random(side * side) });
  const [feeds, into] = [{ a: tensor(), b: tensor() }, { c: tensor() }];
  return median(() => session.run(feeds, { into }));
}

const seconds = mode === "train" ? await train() : mode === "forward" ? await forward() : await peak();
const result =
  mode === "gemm" ? { gflops: (2 * batch ** 3) / seconds / 1e9 } : { imagesPerSecond: batch / seconds };
console.log(JSON.stringify({ ...result, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
process.exit(0);
