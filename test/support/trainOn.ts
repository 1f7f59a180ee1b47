/**
 * A program for tests: the losses of five training steps of the tiny net on a provider, and the lengths of its weights
 * afterwards, as a line of JSON for each kind of net. Where the provider is not to be had, it says why and exits with code 3.
 */
import { createLoop, createSession } from "../../src/math/engine/index.ts";
import { input, neg, sizeOf, toOnnx } from "../../src/math/graph/index.ts";
import type { Provider, Tensor } from "../../src/math/session/index.ts";
import type { NetConfig } from "../../src/nets/net/index.ts";
import { createBatches } from "../../src/nets/train/batches.ts";
import { TrainingState } from "../../src/nets/train/state.ts";
import { buildStepGraph } from "../../src/nets/train/step.ts";
import { stepConfig } from "../../src/nets/train/stepConfig.ts";
import { noiseFaces, TINY } from "./tinyTraining.ts";

/** Together these use every operator of a training step. */
export const KINDS: readonly Partial<NetConfig>[] = [
  { conv3: "blocks", conv4: "unshared", taps: [3, 4] },
  { conv3: "shared", conv4: "shared", taps: [4], normalisation: "batch" },
];

/** Losses [steps, 3 taps] of the tiny net of this kind, and the lengths of all that it carries at the end. */
export async function lossesOn(provider: Provider, kind: Partial<NetConfig>): Promise<number[][]> {
  const training = { ...TINY, net: { ...TINY.net, ...kind } };
  const faces = noiseFaces(training);
  const config = stepConfig(training, faces.people);
  const { values: start } = TrainingState.initial(config, 1);
  const loop = await createLoop(buildStepGraph(config), start, { provider, threads: 1 }, "training step");
  const batchAt = createBatches(faces, training);
  const losses: number[][] = [];
  for (let step = 0; step < 5; step++) {
    const batch = batchAt(step);
    const values: Record<string, ArrayLike<number>> = {
      faces: batch.faces,
      identities: batch.identities,
      masks: batch.masks,
      learningRate: Float32Array.of(0.05),
      lambda: Float32Array.of(0.05),
      margins: new Float32Array(training.net.taps.length).fill(2),
    };
    const { inputs, outputs } = loop.description;
    const given = inputs.filter(({ name }) => name in values);
    const feeds = given.map(({ name, shape }) => [name, { shape, data: values[name] } as Tensor] as const);
    const told = outputs.filter(({ name }) => !name.startsWith("next."));
    const results = Object.fromEntries(
      told.map(({ name, shape }) => {
        const sides = shape as readonly number[];
        return [name, { shape: sides, data: new Float32Array(sizeOf(sides)) }] as const;
      }),
    );
    await loop.run(Object.fromEntries(feeds), results);
    losses.push(Array.from(results.losses.data, Number));
  }
  const weights = Object.values(await loop.state()).map(({ data }) => data as Float32Array);
  losses.push(weights.map((values) => Math.hypot(...values)));
  await loop.release();
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
