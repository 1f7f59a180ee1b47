/**
 * Trains one run as a process of its own, so that neither waits for the other. Told to stop, or when the service has gone, it
 * finishes its step and writes a checkpoint.
 */

import { Interruption } from "../../base/errors/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import { openTrainingFaces, startFrom, trainRun } from "../../lab/experiments/index.ts";
import { hasCheckpoint, type Training } from "../../nets/train/index.ts";

export interface TrainOrder {
  /** Folders: of the run, and of the people. */
  readonly folder: string;
  readonly people: string;
  readonly training: Training;
  /** A model to begin with. */
  readonly from?: string;
}
export type TrainCommand = { readonly train: TrainOrder } | { readonly stop: true };
export type TrainReport =
  | { readonly doing: string; readonly done: number; readonly total: number }
  | { readonly skipped: string }
  | { readonly ended: boolean }
  | { readonly failed: string };

const stop = new AbortController();
const end = () => stop.abort(new Interruption("stopped"));
for (const reason of ["SIGINT", "SIGTERM", "disconnect"] as const) process.on(reason, end);

const report = (what: TrainReport, then: () => void = () => {}) => {
  if (process.connected) process.send!(what, then);
  else then();
};

async function train({ folder, people, training, from }: TrainOrder): Promise<boolean> {
  const progress = {
    signal: stop.signal,
    stage: (doing: string) => (done: number, total: number) => report({ doing, done, total }),
    onPassedOver: ({ reason: skipped }: PassedOver) => report({ skipped }),
  };
  await using open = await openTrainingFaces({ faces: people, ...progress }, folder);
  const start = await startFrom({ from }, open.faces);
  const how = { folder, resume: hasCheckpoint(folder), start };
  return (await trainRun(training, open.faces, how, progress)).finished;
}

process.on("message", (command: TrainCommand) => {
  if ("stop" in command) return end();
  train(command.train).then(
    (finished) => report({ ended: finished }, () => process.exit()),
    (error: Error) =>
      report(stop.signal.aborted ? { ended: false } : { failed: error.message }, () => process.exit()),
  );
});
