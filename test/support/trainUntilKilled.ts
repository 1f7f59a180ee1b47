/** A program for tests: trains the tiny net in a folder, from its checkpoint if there is one, and tells each step. */

import { runTraining } from "../../src/nets/train/index.ts";
import { KILLED, noiseFaces } from "./tinyTraining.ts";

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
