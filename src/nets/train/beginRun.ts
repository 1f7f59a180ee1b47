/** Where a run begins: at the checkpoint of its folder, or at step 0. */
import { InputError } from "../../base/errors/index.ts";
import { removeLeftovers } from "../../base/files/index.ts";
import type { Provider } from "../../math/session/index.ts";
import type { Start, Weights } from "../net/index.ts";
import {
  assertSameRun,
  type Checkpoint,
  checkCheckpointRoom,
  hasCheckpoint,
  loadCheckpoint,
} from "./checkpoint.ts";
import type { Training } from "./config.ts";
import { recentPairs } from "./margin.ts";
import { type TrainingMetric, truncateMetrics } from "./metrics.ts";
import { adopted } from "./start.ts";
import { TrainingState } from "./state.ts";
import type { StepConfig } from "./stepConfig.ts";

export interface RunOptions {
  /** Where metrics and checkpoint go. */
  readonly folder: string;
  /** Goes on from the folder's checkpoint. Without it, a folder with a checkpoint is refused. */
  readonly resume?: boolean;
  /** Names the training faces, so that a run is not resumed with others. */
  readonly facesKey: string;
  /** Another run's net to start from instead of random weights. */
  readonly start?: Start;
  readonly provider?: Provider;
  readonly threads?: number;
  /** Verification accuracy of held-out people with these weights. */
  readonly heldOut?: (weights: Weights) => Promise<{ accuracy: number }>;
  readonly onMetric?: (metric: TrainingMetric, steps: number) => void;
  /** Stops after the current step; the checkpoint is written first. */
  readonly signal?: AbortSignal;
  /** Milliseconds from any start: the clock is an argument. */
  readonly now: () => number;
}

/** The state that the first step of this process starts from. InputError where the folder holds another run. */
export async function beginRun(
  training: Training,
  config: StepConfig,
  options: RunOptions & { readonly targetsKey: string | undefined },
): Promise<Checkpoint> {
  const { folder, resume = false, facesKey, targetsKey } = options;
  checkCheckpointRoom(folder, training, config);
  if (hasCheckpoint(folder)) {
    if (!resume)
      throw new InputError(
        `${folder}: already contains a run; use --resume to continue it, or choose another folder`,
      );
    const checkpoint = await loadCheckpoint(folder);
    await removeLeftovers(folder);
    assertSameRun(checkpoint, training, { facesKey, targetsKey }, folder);
    await truncateMetrics(folder, checkpoint.step);
    return checkpoint;
  }
  const start = options.start && adopted(options.start, training);
  if (!start && (training.frozen || training.heads)) {
    throw new InputError(
      `${folder}: layers that stay as they are need a net to start from, or they stay at random`,
    );
  }
  await truncateMetrics(folder, 0);
  const taps = training.net.taps;
  return {
    training,
    facesKey,
    targetsKey,
    startedFrom: start?.name,
    step: 0,
    seconds: 0,
    state: TrainingState.initial(config, training.seed, start),
    recent: taps.map(() => recentPairs(training.margin.pairs)),
    margins: new Float32Array(taps.length),
    unreported: { sums: [], steps: 0 },
  };
}
