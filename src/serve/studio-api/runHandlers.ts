/** What the Training page does with runs; nothing where the studio was not given a folder for them. */
import { InputError } from "../../base/errors/index.ts";
import { isSystem } from "../../nets/models/index.ts";
import { parseTraining, type Training } from "../../nets/train/index.ts";
import { type HandlersOf, Problem } from "../service/index.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";
import type { TrainingRuns } from "./runs.ts";

type RunHandlers = Pick<HandlersOf<typeof STUDIO_OPERATIONS>, "runs" | "startRun" | "stopRun" | "resumeRun">;

export function runHandlers(runs: TrainingRuns | undefined, model: string): RunHandlers {
  const known = () => {
    if (runs) return runs;
    throw new Problem("forbidden", "No runs are started here: deepid studio --runs FOLDER allows it.");
  };
  return {
    runs: async () => ({ runs: await known().list() }),
    async startRun({ run, people, fromModel = false, steps, config }) {
      const allowed = known();
      if (fromModel && isSystem(model)) {
        throw new Problem(
          "bad-request",
          "fromModel: the model is a system of several nets; a run is of one.",
        );
      }
      const training = configOf(config, steps);
      return allowed.start({ run, people, training, ...(fromModel && { from: model }) });
    },
    stopRun: ({ run }) => known().stop(run),
    resumeRun: ({ run }) => known().resume(run),
  };
}

/** The config that was typed, with its defaults. */
function configOf(text: string | undefined, steps: number | undefined): Training {
  let given: unknown = {};
  try {
    if (text?.trim()) given = JSON.parse(text);
  } catch (error) {
    throw new Problem("bad-request", `config: no JSON: ${(error as Error).message}`);
  }
  try {
    if (steps !== undefined && given instanceof Object) Object.assign(given, { steps });
    return parseTraining(given, "config");
  } catch (error) {
    if (error instanceof InputError) throw new Problem("bad-request", error.message);
    throw error;
  }
}
