/** A training run with its progress and its curves: what `train` and `demo` share. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import type { StagedProgress } from "../../base/progress/index.ts";
import { count, duration, formatPercent } from "../../base/text/index.ts";
import type { AlignedFaces } from "../../faces/data/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import type { Start } from "../../nets/net/index.ts";
import {
  checkCheckpointRoom,
  createHeldOut,
  hasCheckpoint,
  initialConfig,
  openStart,
  type PreparedFaces,
  prepareFaces,
  type RunResult,
  readMetrics,
  readTeacher,
  runTraining,
  type Training,
  type TrainingMetric,
} from "../../nets/train/index.ts";
import { trainingCurves } from "../report/index.ts";

export interface TrainRunOptions extends SessionOptions {
  readonly folder: string;
  readonly resume: boolean;
  /** Another run to start from. */
  readonly start?: Start;
  /** File of a teacher's features, for configs that have one. */
  readonly teacher?: string;
  /** The clock, in milliseconds from any start. */
  readonly now?: () => number;
}

/** Writes a config to begin with where there is none. */
export async function writeInitialConfig(path: string): Promise<void> {
  if (existsSync(path)) throw new InputError(`${path}: is there already; choose another file`);
  const text = initialConfig(path);
  await writingTo(path, () => writeFileAtomic(path, text));
}

/**
 * Refuses a folder that cannot take the run, or that holds one which is not to be resumed; `begin` then writes what the
 * run is made by. Throws before faces are read.
 */
export function placeForRun(folder: string, training: Training, { resume = false }: { resume?: boolean }) {
  checkWritable(folder, "folder");
  checkCheckpointRoom(folder, training);
  const begun = hasCheckpoint(folder);
  if (begun && !resume) {
    throw new InputError(
      `${folder}: already contains a run; use --resume to continue it, or choose another folder`,
    );
  }
  return {
    async begin(): Promise<void> {
      const json = `${JSON.stringify(training, null, 2)}\n`;
      if (!begun) await writingTo(folder, () => writeFileAtomic(join(folder, "training.json"), json));
    },
  };
}

/** What `--from` names, if anything. */
export const startFrom = async ({ from }: { readonly from?: string }, faces: AlignedFaces) =>
  from === undefined ? undefined : openStart(from, basename(resolve(from)), faces);

/** Trains on `faces` as `training` says, in `folder`; ends early, with a checkpoint, when the user interrupts. */
export async function trainRun(
  training: Training,
  faces: AlignedFaces,
  options: TrainRunOptions,
  progress: StagedProgress = {},
): Promise<RunResult & { prepared: PreparedFaces }> {
  const { folder, resume, start, provider, threads, now = () => performance.now() } = options;
  const prepared = await prepareFaces(faces, training, await readTeacher(options.teacher));
  const { identities, people } = prepared.faces;
  if (start && start.facesKey !== prepared.key) {
    progress.note?.(
      `${start.name} was trained on other faces: should they show this run's held-out people, held-out accuracies ` +
        "will be too high",
    );
  }
  progress.note?.(`training on ${count(identities.length)} pictures of ${count(people)} people`);
  const heldOut = prepared.heldOut && (await createHeldOut(training.net, prepared.heldOut, options));
  const told = progress.stage?.("training");
  const curves = createCurves(training, folder, now);
  let accuracy: number | undefined;
  try {
    return await writingTo(folder, async () => {
      const result = await runTraining(training, prepared.faces, {
        folder,
        resume,
        start,
        facesKey: prepared.key,
        provider,
        threads,
        heldOut: heldOut && ((weights) => heldOut.measure(weights)),
        signal: progress.signal,
        now,
        onMetric(metric, steps) {
          accuracy = metric.heldOut?.accuracy ?? accuracy;
          told?.(metric.step, steps, {
            detail: describeMetric(metric, accuracy),
            milestone: metric.heldOut !== undefined,
          });
          curves.refresh(metric);
        },
      });
      await curves.finish();
      return { ...result, prepared };
    });
  } finally {
    await heldOut?.release();
  }
}

/** Speed, both losses and the margin of each tap, and the last held-out accuracy, in one line. */
function describeMetric(
  { imagesPerSecond, tapLosses, margins }: TrainingMetric,
  heldOut: number | undefined,
): string {
  const perTap = (values: readonly number[]) => values.map((value) => value.toPrecision(3)).join(" ");
  return [
    `${imagesPerSecond.toFixed(0)} images/s`,
    ...(tapLosses.taught ? [`taught ${perTap(tapLosses.taught)}`] : []),
    ...(tapLosses.kernel?.some((error) => error > 0) ? [`kernel ${perTap(tapLosses.kernel)}`] : []),
    ...(tapLosses.id.some((loss) => loss > 0) ? [`id ${perTap(tapLosses.id)}`] : []),
    `ve ${perTap(tapLosses.ve)}`,
    `margin ${perTap(margins)}`,
    ...(heldOut === undefined ? [] : [`held-out ${formatPercent(heldOut)}`]),
  ].join(", ");
}

/** Draws curves.svg of the run anew at each measurement of accuracy, and as often as checkpoints are written. */
function createCurves({ net, checkpointSeconds }: Training, folder: string, now: () => number) {
  const taps = net.taps.map((tap) => `FC-${tap}`);
  let drawn = now();
  let drawing = Promise.resolve();
  const draw = async () => {
    const metrics = await readMetrics(folder);
    if (metrics.length > 0)
      await writeFileAtomic(join(folder, "curves.svg"), trainingCurves(metrics, { taps }));
  };
  return {
    refresh({ heldOut }: TrainingMetric) {
      if (!heldOut && now() - drawn < 1000 * checkpointSeconds) return;
      drawn = now();
      drawing = drawing.then(draw);
      drawing.catch(() => {}); // thrown by finish
    },
    finish: () => drawing.then(draw),
  };
}

/** What a finished run in `folder` came to, as data and in words. */
export async function describeTrained(
  folder: string,
  { step, seconds, prepared }: RunResult & { prepared: PreparedFaces },
) {
  const heldOut = (await readMetrics(folder)).at(-1)?.heldOut;
  const { people, identities } = prepared.faces;
  const accuracy = heldOut ? `; held-out accuracy ${formatPercent(heldOut.accuracy)}` : "";
  return {
    data: { run: folder, steps: step, seconds, people, pictures: identities.length, heldOut },
    text:
      `trained ${count(step)} steps in ${duration(seconds)}${accuracy}\n` +
      `${folder} holds the run; make a model of it with: deepid release ${folder} --out MODEL`,
  };
}
