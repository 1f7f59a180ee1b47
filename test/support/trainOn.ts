/**
 * A program for tests: the losses of five training steps of the tiny net on a provider, as a line of JSON for each
 * kind of net. Where the provider is not to be had, it says why and exits with code 3.
 */
import { createSession, type Provider, type Tensor } from "../../src/engine/index.ts";
import { input, neg, toOnnx } from "../../src/graph/index.ts";
import type { NetConfig } from "../../src/net/index.ts";
import { createBatches } from "../../src/train/batches.ts";
import { TrainingState } from "../../src/train/state.ts";
import { buildStepGraph, stepConfig } from "../../src/train/step.ts";
import { noiseFaces, TINY } from "./tinyTraining.ts";

/** Together these use every operator of a training step. */
export const KINDS: readonly Partial<NetConfig>[] = [
  { conv3: "blocks", conv4: "unshared", taps: [3, 4] },
  { conv3: "shared", conv4: "shared", taps: [4], normalisation: "batch" },
];

/** Losses [steps, 3 taps] of the tiny net of this kind. */
export async function lossesOn(provider: Provider, kind: Partial<NetConfig>): Promise<number[][]> {
  const training = { ...TINY, net: { ...TINY.net, ...kind } };
  const faces = noiseFaces(training);
  const config = stepConfig(training, faces.people);
  const session = await createSession(buildStepGraph(config), { provider, threads: 1 }, "training step");
  const { inputs } = session.description;
  const state = TrainingState.initial(config, 1);
  const batchAt = createBatches(faces, training);
  const losses: number[][] = [];
  for (let step = 0; step < 5; step++) {
    const batch = batchAt(step);
    const values = {
      faces: batch.faces,
      identities: batch.identities,
      masks: batch.masks,
      learningRate: Float32Array.of(0.05),
      lambda: Float32Array.of(0.05),
      margins: new Float32Array(training.net.taps.length).fill(2),
    };
    const given = Object.entries(values).map(([name, data]) => {
      const shape = inputs.find((value) => value.name === name)!.shape as number[];
      return [name, { shape, data }] as const;
    });
    const feeds: Record<string, Tensor> = { ...state.feeds, ...Object.fromEntries(given) };
    const needed = Object.fromEntries(inputs.map(({ name }) => [name, feeds[name]]));
    const results = await session.run(needed, { into: state.results });
    state.advance();
    losses.push(Array.from(results.losses.data, Number));
  }
  await session.release();
  return losses;
}

const [provider] = process.argv.slice(2) as Provider[];
if (provider) {
  const smallest = toOnnx({ y: neg(input("x", [1])) });
  await createSession(smallest, { provider }).catch((reason: Error) => {
    process.stdout.write(reason.message);
    process.exit(3);
  });
  for (const kind of KINDS) process.stdout.write(`${JSON.stringify(await lossesOn(provider, kind))}\n`);
}
