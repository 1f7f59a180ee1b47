/** The curves of a training run as they are now, or how the model came about. */
import { basename, join } from "node:path";
import { z } from "zod";
import { trainingCurves } from "../../lab/report/index.ts";
import { isSystem, readCard } from "../../nets/models/index.ts";
import type { ModelCard } from "../../nets/net/index.ts";
import {
  hasCheckpoint,
  loadCheckpoint,
  readMetrics,
  type Training,
  type TrainingMetric,
} from "../../nets/train/index.ts";
import { Problem } from "../service/index.ts";
import type { Answer } from "./client.ts";
import { once } from "./once.ts";
import { readText } from "./readText.ts";
import { readTraining } from "./runFolder.ts";
import type { TrainingRuns } from "./runs.ts";

/** Metrics drawn: curves of longer runs are thinned, the last measurement kept. */
const DRAWN = 400;

/** What a card may say besides. */
const Further = z.object({
  startedFrom: z.string().nullable().default(null),
  accuracy: z.number().nullable().default(null),
  config: z.object({ net: z.object({ taps: z.array(z.int()) }) }).optional(),
});

export interface ReleasedModel {
  /** Folder of the model or system. */
  readonly model: string;
  /** Folder of results. */
  readonly results: string;
}

/** What is shown: the run that was named, or one that is asked for of those in the folder of runs. */
export interface ShownRuns {
  readonly run?: string;
  readonly runs?: TrainingRuns;
}

export function trainingHandler({ run, runs }: ShownRuns, released: ReleasedModel) {
  const named = run === undefined ? once(() => howItCame(released)) : followed(run);
  const others = new Map<string, ReturnType<typeof followed>>();
  return async ({ run: asked }: { readonly run?: string }): Promise<Answer<"training">> => {
    if (asked === undefined) return named();
    if (!runs) throw new Problem("not-found", `There is no run called ${asked}.`);
    const folder = runs.folderOf(asked);
    const follow = others.get(asked) ?? followed(folder);
    others.set(asked, follow);
    return follow();
  };
}

function followed(run: string) {
  let drawn: { readonly count: number; readonly svg: string } | undefined;
  /** Undefined until the run has a config or a checkpoint. */
  let training: Training | undefined;
  return async (): Promise<Answer<"training">> => {
    const metrics = await readMetrics(run);
    training ??=
      (await readTraining(run)) ?? (hasCheckpoint(run) ? (await loadCheckpoint(run)).training : undefined);
    const { taps } = training?.net ?? {};
    if (drawn?.count !== metrics.length) drawn = { count: metrics.length, svg: curvesOf(metrics, taps) };
    return { run: basename(run), released: null, ...numbersOf(metrics, training?.steps), svg: drawn.svg };
  };
}

function numbersOf(metrics: readonly TrainingMetric[], steps: number | undefined) {
  const last = metrics.at(-1);
  const measured = metrics.findLast(({ heldOut }) => heldOut !== undefined);
  if (!last) return { last: null, heldOut: null };
  const { step, images, seconds, imagesPerSecond, learningRate } = last;
  const before = metrics.at(-2) ?? { step: 0, seconds: 0 };
  const perStep = (seconds - before.seconds) / Math.max(1, step - before.step);
  const secondsLeft = steps === undefined ? null : Math.max(0, steps - step) * perStep;
  return {
    last: { step, steps: steps ?? null, images, imagesPerSecond, learningRate, secondsLeft },
    heldOut: measured?.heldOut?.accuracy ?? null,
  };
}

/** What the card of the model says of its training, and the curves of one of its runs where results hold them. */
async function howItCame({ model, results }: ReleasedModel): Promise<Answer<"training">> {
  const nothing = { run: null, last: null, heldOut: null, svg: "" };
  if (isSystem(model)) return { ...nothing, released: null };
  const { name, training, validation = {} } = (await readCard(model)) as ModelCard & { validation?: object };
  const lines = (await readText(join(results, `${name}-metrics.jsonl`)))?.split("\n").slice(0, -1) ?? [];
  const metrics = lines.map((line) => JSON.parse(line) as TrainingMetric);
  const { source, people, pictures, steps, seconds } = training;
  const { startedFrom, accuracy, config } = Further.parse({ ...validation, ...training });
  return {
    ...nothing,
    released: {
      name,
      source,
      people,
      pictures,
      steps,
      seconds,
      startedFrom,
      accuracy,
      curveSteps: metrics.at(-1)?.step ?? null,
    },
    svg: curvesOf(metrics, config?.net.taps),
  };
}

/** `taps` names them where the run had as many; an earlier run of a model may have had others. */
function curvesOf(metrics: readonly TrainingMetric[], taps?: readonly number[]): string {
  if (metrics.length === 0) return "";
  const same = taps?.length === metrics[0].margins.length;
  const every = Math.ceil(metrics.length / DRAWN);
  const last = metrics.length - 1;
  const drawn = metrics.filter(({ heldOut }, k) => heldOut || k === last || k % every === 0);
  return trainingCurves(drawn, same ? { taps: taps.map((tap) => `FC-${tap}`) } : {});
}
