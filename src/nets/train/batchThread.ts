/** A thread that makes batches: a step's number in, its batch out. */
import { parentPort, workerData } from "node:worker_threads";
import { createBatches } from "./batches.ts";
import type { Training } from "./config.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

const { faces, training } = workerData as { faces: TrainingFaces; training: Training };
const batchAt = createBatches(faces, training);

parentPort!.on("message", (step: number) => {
  const batch = batchAt(step);
  const moved = Object.values(batch).map(({ buffer }) => buffer as ArrayBuffer);
  parentPort!.postMessage({ step, batch }, moved);
});
