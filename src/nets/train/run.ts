/** A training run: from the first step, or from where it was stopped, to the last. */

import { InputError } from "../../base/errors/index.ts";
import type { Weights } from "../net/index.ts";
import { type BatchSource, openBatches } from "./batchesAhead.ts";
import { beginRun, type RunOptions } from "./beginRun.ts";
import { type Checkpoint, saveCheckpoint } from "./checkpoint.ts";
import type { Training } from "./config.ts";
import { bestMargin, remember } from "./margin.ts";
import { appendMetric, type TrainingMetric } from "./metrics.ts";
import { lambdaAt, learningRateAt } from "./schedule.ts";
import { type StepConfig, stepConfig } from "./stepConfig.ts";
import { Stepper } from "./stepper.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

export interface RunResult {
  readonly finished: boolean;
  readonly step: number;
  readonly seconds: number;
  readonly weights: Weights;
}

/** Steps between two lines of metrics. */
const REPORT_EVERY = 20;

/** Trains on `faces`; resumable at any time, and the same whether it was interrupted or not. */
export async function runTraining(
  training: Training,
  faces: TrainingFaces,
  options: RunOptions,
): Promise<RunResult> {
  const config = stepConfig(training, faces.people, faces.taught?.width);
  const start = await beginRun(training, config, { ...options, targetsKey: faces.taught?.key });
  const frozen = constants(config, start, options);
  const stepper = await Stepper.open(training, config, start.state.values, frozen, options);
  let batches: BatchSource | undefined;
  try {
    batches = openBatches(faces, training, options.provider);
    return await new Run(training, config.batch, stepper, batches, start, options).go();
  } finally {
    await batches?.release();
    await stepper.release();
  }
}

/** Weights of frozen convolutions that become constants in eight bits. Other providers than the CPU have no such convolutions. */
const constants = (config: StepConfig, { state }: Checkpoint, { provider = "cpu" }: RunOptions) =>
  config.frozen && provider === "cpu" ? state.weights : undefined;

class Run {
  readonly #training: Training;
  readonly #stepper: Stepper;
  readonly #batches: BatchSource;
  readonly #options: RunOptions;
  readonly #checkpoint: Checkpoint;
  readonly #batch: number;
  #step: number;
  /** Sums of the losses since the last line of metrics. */
  readonly #sums: Float64Array;
  #summed: number;
  #clock: { started: number; reported: number; reportedStep: number; saved: number };

  constructor(
    training: Training,
    batch: number,
    stepper: Stepper,
    batches: BatchSource,
    checkpoint: Checkpoint,
    options: RunOptions,
  ) {
    this.#training = training;
    this.#stepper = stepper;
    this.#batches = batches;
    this.#options = options;
    this.#checkpoint = checkpoint;
    this.#batch = batch;
    const { sums, steps } = checkpoint.unreported;
    this.#sums = new Float64Array(stepper.losses.data.length);
    this.#sums.set(sums);
    this.#summed = steps;
    this.#step = checkpoint.step;
    const now = options.now();
    this.#clock = {
      started: now - checkpoint.seconds * 1000,
      reported: now,
      reportedStep: checkpoint.step,
      saved: now,
    };
  }

  async go(): Promise<RunResult> {
    const { steps, evaluateEvery, checkpointSeconds } = this.#training;
    const { signal, now } = this.#options;
    while (this.#step < steps && !signal?.aborted) {
      await this.#advance();
      const evaluate = this.#step % evaluateEvery === 0 || this.#step === steps;
      if (evaluate || this.#step % REPORT_EVERY === 0) await this.#report(evaluate);
      if (now() - this.#clock.saved >= checkpointSeconds * 1000) await this.#save();
    }
    await this.#save();
    return {
      finished: this.#step === steps,
      step: this.#step,
      seconds: this.#seconds,
      weights: (await this.#state()).weights,
    };
  }

  /** What training has come to. */
  async #state() {
    return this.#checkpoint.state.moved(await this.#stepper.state());
  }

  get #seconds() {
    return (this.#options.now() - this.#clock.started) / 1000;
  }

  async #advance() {
    const batch = await this.#batches.at(this.#step);
    await this.#stepper.step(this.#step, batch, this.#checkpoint.margins);
    this.#step++;
    this.#learnFrom(batch.identities);
  }

  /** Adds up the losses, remembers some distances, and re-sets the margins when it is time. */
  #learnFrom(identities: Float32Array) {
    const losses = this.#stepper.losses.data as Float32Array;
    if (!losses.every(Number.isFinite)) {
      throw divergence(this.#step, `losses ${[...losses].map((x) => x.toPrecision(3)).join(", ")}`);
    }
    losses.forEach((value, i) => {
      this.#sums[i] += value;
    });
    this.#summed++;
    const { recent, margins } = this.#checkpoint;
    const { data: distances } = this.#stepper.distances;
    const n = this.#batch;
    recent.forEach((ring, tap) => {
      const at = (a: number, b: number) => distances[(tap * n + a) * n + b] as number;
      for (let row = 0; row < n; row += 2) {
        const other = (row + 2) % n;
        remember(ring, at(row, row + 1), true);
        if (identities[row] !== identities[other]) remember(ring, at(row, other), false);
      }
      if (this.#step % this.#training.margin.every === 0) margins[tap] = bestMargin(ring);
    });
  }

  async #report(evaluate: boolean) {
    const { folder, heldOut, onMetric, now } = this.#options;
    const taps = this.#training.net.taps.length;
    const means = Array.from(this.#sums, (value) => value / this.#summed);
    const [id, ve, norms, ...taught] = Array.from({ length: means.length / taps }, (_, row) =>
      means.slice(row * taps, (row + 1) * taps),
    );
    const seconds = (now() - this.#clock.reported) / 1000;
    const metric: TrainingMetric = {
      step: this.#step,
      images: this.#step * this.#batch,
      seconds: this.#seconds,
      imagesPerSecond: ((this.#step - this.#clock.reportedStep) * this.#batch) / seconds,
      learningRate: learningRateAt(this.#step - 1, this.#training),
      lambda: lambdaAt(this.#step - 1, this.#training),
      tapLosses: taught.length > 0 ? { id, ve, taught: taught[0], kernel: taught[1] } : { id, ve },
      featureNorms: norms,
      margins: [...this.#checkpoint.margins],
      ...(evaluate && heldOut ? { heldOut: await heldOut((await this.#state()).weights) } : {}),
    };
    await appendMetric(folder, metric);
    onMetric?.(metric, this.#training.steps);
    this.#sums.fill(0);
    this.#summed = 0;
    this.#clock = { ...this.#clock, reported: now(), reportedStep: this.#step };
  }

  /** Writes the checkpoint, unless the run has diverged: the one from before is worth more than a broken one. */
  async #save() {
    const state = await this.#state();
    const broken = Object.entries(state.weights).find(([, w]) => !w.every(Number.isFinite));
    if (broken) throw divergence(this.#step, `${broken[0]} is not finite`);
    await saveCheckpoint(this.#options.folder, {
      ...this.#checkpoint,
      state,
      step: this.#step,
      seconds: this.#seconds,
      unreported: { sums: [...this.#sums], steps: this.#summed },
    });
    this.#clock.saved = this.#options.now();
  }
}

function divergence(step: number, sign: string): Error {
  return new InputError(
    `training diverged at step ${step}: ${sign}. ` +
      "Lower learningRate.peak (by 3, say), lengthen its warmup, lower lambda.weight, or set net.normalisation to " +
      '"batch"; the checkpoint is from before.',
  );
}
