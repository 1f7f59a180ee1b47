/** Starts, stops and resumes training runs under one folder, one at a time, each as a process of its own. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { startProcess } from "../../base/threads/index.ts";
import type { Training } from "../../nets/train/index.ts";
import { Problem } from "../service/index.ts";
import { oneAtATime } from "./oneAtATime.ts";
import {
  checkPeople,
  readStarted,
  readTraining,
  runNames,
  type Started,
  stepOf,
  writeStarted,
  writeTraining,
} from "./runFolder.ts";
import type { RunLine } from "./runOperations.ts";
import type { TrainCommand, TrainReport } from "./trainProcess.ts";

export interface NewRun {
  readonly run: string;
  readonly people: string;
  readonly training: Training;
  /** Folder of a model to begin with. */
  readonly from?: string;
}

export interface TrainingRuns {
  list(): Promise<RunLine[]>;
  start(what: NewRun): Promise<RunLine>;
  stop(run: string): Promise<RunLine>;
  resume(run: string): Promise<RunLine>;
  /** The folder of a run; Problem where there is none. */
  folderOf(run: string): string;
  /** Stops what runs, and waits until its checkpoint is written, but not for ever. */
  close(): Promise<void>;
}

/** A run under way. */
interface Current {
  readonly name: string;
  readonly started: Started;
  stopping: boolean;
  doing: string | null;
  skipped: number;
  stop(): void;
  readonly ended: Promise<void>;
}

/** Of starts and resumptions. */
const MOST_WAITING = 4;
/** For a step and a checkpoint when the service ends. */
const CLOSE_MS = 15_000;

export function trainingRuns(folder: string): TrainingRuns {
  let current: Current | undefined;
  const inTurn = oneAtATime(MOST_WAITING, "Starts of runs"); // or two would find the place free
  const folderOf = (run: string) => {
    const path = join(folder, run);
    if (existsSync(path)) return path;
    throw new Problem("not-found", `There is no run called ${run}.`);
  };
  const free = () => {
    if (current) throw new Problem("conflict", `The run ${current.name} is under way; one runs at a time.`);
  };
  async function begin(run: string, started: Started, training: Training): Promise<RunLine> {
    free();
    const path = join(folder, run);
    const mine: Current = follow({ name: run, path, started, training });
    current = mine;
    void mine.ended.finally(() => {
      current = undefined;
    });
    return lineOf(path, run, mine);
  }
  return {
    folderOf,
    async list() {
      const names = await runNames(folder);
      return Promise.all(names.map((name) => lineOf(join(folder, name), name, current)));
    },
    start: ({ run, people, training, from }) =>
      inTurn(async () => {
        free();
        const path = join(folder, run);
        if (existsSync(path)) throw new Problem("conflict", `There is a run called ${run} already.`);
        const started = { people: resolve(people), ...(from !== undefined && { from }) };
        await checkPeople(started.people);
        await writeTraining(path, training);
        await writeStarted(path, started);
        return begin(run, started, training);
      }),
    async stop(run) {
      const path = folderOf(run);
      if (current?.name !== run) throw new Problem("conflict", `The run ${run} is not under way.`);
      current.stop();
      return lineOf(path, run, current);
    },
    resume: (run) =>
      inTurn(async () => {
        free();
        const path = folderOf(run);
        const [before, training] = [await readStarted(path), await readTraining(path)];
        if (!before || !training) {
          throw new Problem(
            "conflict",
            `The run ${run} was not started here: deepid train --resume continues it.`,
          );
        }
        if (before.finished) throw new Problem("conflict", `The run ${run} is finished.`);
        await checkPeople(before.people);
        const { failure: _, ...started } = before;
        await writeStarted(path, started);
        return begin(run, started, training);
      }),
    async close() {
      if (!current) return;
      current.stop();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((done) => {
        timer = setTimeout(done, CLOSE_MS);
      });
      await Promise.race([current.ended, late]);
      clearTimeout(timer);
    },
  };
}

interface Begun {
  readonly name: string;
  readonly path: string;
  readonly started: Started;
  readonly training: Training;
}

/** Starts the process, and writes down how it ends. */
function follow({ name, path, started, training }: Begun): Current {
  const child = startProcess(import.meta.url, "trainProcess");
  const tell = (command: TrainCommand) => void (child.connected && child.send(command));
  let outcome: Pick<Started, "finished" | "failure"> | undefined;
  const ended = new Promise<void>((done) => {
    const end = async (unforeseen: string) => {
      await writeStarted(path, { ...started, ...(outcome ?? { failure: unforeseen }) });
      done();
    };
    child.once("error", (error) => void end(`the process of the run could not be started: ${error.message}`));
    child.once(
      "exit",
      (code, signal) => void end(`the process of the run ended with ${signal ?? `code ${code}`}`),
    );
  });
  const current: Current = {
    name,
    started,
    stopping: false,
    doing: "starting",
    skipped: 0,
    stop() {
      current.stopping = true;
      tell({ stop: true });
    },
    ended,
  };
  child.on("message", (report: TrainReport) => {
    if ("doing" in report) current.doing = `${report.doing}: ${report.done} of ${report.total}`;
    else if ("skipped" in report) current.skipped++;
    else if ("failed" in report) outcome = { failure: report.failed };
    else outcome = { finished: report.ended };
  });
  const { people, from } = started;
  tell({ train: { folder: path, people, training, ...(from !== undefined && { from }) } });
  return current;
}

async function lineOf(path: string, name: string, current: Current | undefined): Promise<RunLine> {
  const mine = current?.name === name ? current : undefined;
  const started = mine?.started ?? (await readStarted(path));
  const { step, steps } = await stepOf(path);
  const finished = started?.finished ?? (started === undefined && steps !== null && step >= steps);
  const failure = mine ? null : (started?.failure ?? null);
  const atRest = failure !== null ? "failed" : finished ? "finished" : "stopped";
  return {
    name,
    people: started?.people ?? null,
    state: mine ? (mine.stopping ? "stopping" : "running") : atRest,
    doing: mine?.doing ?? null,
    failure,
    skipped: mine?.skipped ?? 0,
    step,
    steps,
  };
}
