/** A program for tests: trains the tiny net in a folder, from its checkpoint if there is one, and tells each step. */

import { runTraining, type Training } from "../../src/nets/train/index.ts";
import { noiseFaces, TINY } from "./tinyTraining.ts";

/** Checkpoints every other step or so, as fast as this net is. */
export const KILLED: Training = { ...TINY, steps: 60, evaluateEvery: 1, checkpointSeconds: 0.01 };

const [folder] = process.argv.slice(2);
if (folder) {
  await runTraining(KILLED, noiseFaces(KILLED), {
    folder,
    resume: true,
    facesKey: "noise",
    threads: 1,
    now: () => performance.now(),
    onMetric: ({ step }) => process.stdout.write(`${step}\n`),
  });
}
