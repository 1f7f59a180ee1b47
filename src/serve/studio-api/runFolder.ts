/** Folders of training runs: what a run was started with, and how far it is. */
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../base/files/index.ts";
import { parseTraining, readMetrics, type Training } from "../../nets/train/index.ts";
import { Problem } from "../service/index.ts";
import { readText } from "./readText.ts";

/** What the page's run was started with, beside the run's own files. */
const FILE = "studio.json";
const Started = z.object({
  people: z.string(),
  from: z.string().optional(),
  /** How it ended, if it did. */
  finished: z.boolean().optional(),
  failure: z.string().optional(),
});
export type Started = z.infer<typeof Started>;

export async function readStarted(folder: string): Promise<Started | undefined> {
  const text = await readText(join(folder, FILE));
  return text === undefined ? undefined : Started.parse(JSON.parse(text));
}

export const writeStarted = (folder: string, started: Started): Promise<void> =>
  writeFileAtomic(join(folder, FILE), `${JSON.stringify(started, null, 2)}\n`);

const CONFIG = "training.json";

/** The config of the run in `folder`; undefined where none is written. */
export async function readTraining(folder: string): Promise<Training | undefined> {
  const text = await readText(join(folder, CONFIG));
  return text === undefined ? undefined : parseTraining(JSON.parse(text), join(folder, CONFIG));
}

export const writeTraining = (folder: string, training: Training): Promise<void> =>
  writeFileAtomic(join(folder, CONFIG), `${JSON.stringify(training, null, 2)}\n`);

/** Names of the runs in `folder`, which need not be there. */
export async function runNames(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const isRun = (name: string) => [FILE, CONFIG].some((file) => existsSync(join(folder, name, file)));
  return entries
    .filter((entry) => entry.isDirectory() && isRun(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** How far the run in `folder` is. */
export async function stepOf(folder: string): Promise<{ step: number; steps: number | null }> {
  const metrics = await readMetrics(folder);
  const training = await readTraining(folder);
  return { step: metrics.at(-1)?.step ?? 0, steps: training?.steps ?? null };
}

/** Problem where `people` is no folder of people. */
export async function checkPeople(people: string): Promise<void> {
  const refuse = (why: string) => new Problem("bad-request", `people: ${people}: ${why}`);
  const found = await stat(people).catch(() => undefined);
  if (!found) throw refuse("there is no such folder on the machine of the service.");
  if (!found.isDirectory()) throw refuse("needed is a folder, and it is a file.");
  const folders = (await readdir(people, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  if (folders.length < 2) {
    throw refuse(`needed is a folder for each of two people or more, and it has ${folders.length}.`);
  }
}
