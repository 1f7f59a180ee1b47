/** Where a run stands, in one safetensors file: everything that decides how it goes on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { DataError, InputError, schemaProblems } from "../../base/errors/index.ts";
import { checkRoom, readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { requireTensor, type SafeTensor } from "../../base/safetensors/index.ts";
import { sizeOf } from "../../math/graph/index.ts";
import { type Training, TrainingSchema } from "./config.ts";
import type { RecentPairs } from "./margin.ts";
import { TrainingState } from "./state.ts";
import { stateTensors } from "./step.ts";
import { type StepConfig, stepConfig, usesLabels } from "./stepConfig.ts";

/**
 * Refuses a folder whose disk has no room for the checkpoints of a run: one is replaced when the next has been written.
 * Before people and teacher are known, two and one number of it are counted, so that a full disk is found before faces
 * are read.
 */
export function checkCheckpointRoom(
  folder: string,
  training: Training,
  config: StepConfig = stepConfig(training, 2, 1),
): void {
  const tensors = stateTensors(config);
  const bytes = tensors.reduce((sum, { parameter }) => sum + 4 * sizeOf(parameter.shape), 0);
  checkRoom(folder, hasCheckpoint(folder) ? bytes : 2 * bytes, "a run's checkpoint");
}

export interface Checkpoint {
  readonly training: Training;
  /** Names the training faces: a run only goes on with the ones it began with. */
  readonly facesKey: string;
  /** Names what the teacher said of them, where there is one. */
  readonly targetsKey?: string;
  /** What the run started from, if not from random weights. */
  readonly startedFrom?: string;
  /** Steps done, and seconds spent on them. */
  readonly step: number;
  readonly seconds: number;
  readonly state: TrainingState;
  readonly recent: readonly RecentPairs[];
  readonly margins: Float32Array;
  /** Sums of the losses since the last line of metrics, and over how many steps. */
  readonly unreported: { readonly sums: readonly number[]; readonly steps: number };
}

const whole = z.number().int().min(0);

/** What the file holds besides tensors, as JSON. */
const RunSchema = z.object({
  training: TrainingSchema,
  facesKey: z.string(),
  targetsKey: z.string().optional(),
  startedFrom: z.string().optional(),
  step: whole,
  seconds: z.number().min(0),
  seen: z.array(whole),
  unreported: z.object({ sums: z.array(z.number()), steps: whole }).default({ sums: [], steps: 0 }),
});

const fileIn = (folder: string) => join(folder, "checkpoint.safetensors");

/** Whether a run has begun in `folder`. */
export const hasCheckpoint = (folder: string): boolean => existsSync(fileIn(folder));

/** Replaces the checkpoint of the run in `folder`; a kill at any moment leaves the old one or the new one. */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { state, recent, margins, ...rest } = checkpoint;
  const tensors: Record<string, SafeTensor> = {
    margins: { dtype: "F32", shape: [margins.length], data: margins },
  };
  for (const [name, { shape, data }] of Object.entries(state.values)) {
    tensors[name] = { dtype: "F32", shape: [...shape], data: data as Float32Array };
  }
  recent.forEach(({ distances, same }, tap) => {
    tensors[`recent${tap}.distances`] = { dtype: "F32", shape: [distances.length], data: distances };
    tensors[`recent${tap}.same`] = { dtype: "U8", shape: [same.length], data: same };
  });
  const seen = recent.map((ring) => ring.seen);
  await writeSafetensors(fileIn(folder), tensors, { run: JSON.stringify({ ...rest, seen }) });
}

/** Reads the checkpoint of the run in `folder`. */
export async function loadCheckpoint(folder: string): Promise<Checkpoint> {
  const file = await readSafetensors(fileIn(folder));
  const { tensors, path } = file;
  const run = parseRun(file.metadata.run, path);
  const { taps } = run.training.net;
  const recent = taps.map((_, tap) => {
    const shape = [run.training.margin.pairs];
    const { data: distances } = requireTensor(file, `recent${tap}.distances`, { dtype: "F32", shape });
    const { data: same } = requireTensor(file, `recent${tap}.same`, { dtype: "U8", shape });
    return { distances, same, seen: run.seen[tap] ?? 0 };
  });
  const { neurons } = run.training.net;
  const { teacher } = run.training;
  const people = usesLabels(run.training)
    ? requireTensor(file, `id${taps[0]}.weight`, { dtype: "F32", shape: [-1, neurons] }).shape[0] // not [neurons, people], as before
    : 0;
  const [taught] = teacher?.taps ?? taps;
  const width =
    teacher && requireTensor(file, `map${taught}.weight`, { dtype: "F32", shape: [neurons, -1] }).shape[1];
  const { data: margins } = requireTensor(file, "margins", { dtype: "F32", shape: [taps.length] });
  const floats = Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array]);
  const state = TrainingState.from(stepConfig(run.training, people, width), Object.fromEntries(floats), path);
  return { ...run, state, recent, margins };
}

function parseRun(json: string | undefined, path: string) {
  if (json === undefined) throw new DataError(`${path}: not a checkpoint: it has no "run" entry`);
  const run = RunSchema.safeParse(parseJson(json, path));
  if (run.success) return run.data;
  throw new DataError(`${path}: not a checkpoint: ${schemaProblems(run.error)}`);
}

function parseJson(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new DataError(`${path}: its "run" entry is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** Throws where a run is asked to go on as another one. */
export function assertSameRun(
  checkpoint: Checkpoint,
  training: Training,
  { facesKey, targetsKey }: Pick<Checkpoint, "facesKey" | "targetsKey">,
  folder: string,
): void {
  if (checkpoint.facesKey !== facesKey) {
    throw new InputError(`${folder}: this run began with other training faces (or another split of them)`);
  }
  if (checkpoint.targetsKey !== targetsKey) {
    throw new InputError(`${folder}: this run began with other features of a teacher`);
  }
  if (isDeepStrictEqual(checkpoint.training, training)) return;
  const [before, now] = [JSON.stringify(checkpoint.training), JSON.stringify(training)];
  throw new InputError(`${folder}: this run began with another config\nbegan:   ${before}\nasked:   ${now}`);
}
