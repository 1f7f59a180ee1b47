/** `deepid train`: trains a net as a config says; can be stopped and resumed at any time. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { InputError, Interruption } from "../../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { count, paragraph } from "../../../base/text/index.ts";
import { describeTrained, startFrom, trainRun } from "../../../lab/experiments/index.ts";
import {
  checkCheckpointRoom,
  hasCheckpoint,
  initialConfig,
  parseTraining,
  readConfig,
} from "../../../nets/train/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  addTeacherOption,
  type EngineOptions,
  existing,
  knownModel,
  setAction,
} from "../../support/options.ts";
import type { Output } from "../../support/output.ts";

interface TrainOptions extends DataOptions, EngineOptions {
  readonly out: string;
  readonly init?: string;
  readonly resume?: boolean;
  readonly from?: string;
  readonly teacher?: string;
}

export function addTrain(program: Command, io: Io): void {
  const command = program
    .command("train")
    .summary("train a net")
    .description(paragraph`
      Trains a net. Into the run's folder go training.json (the config), metrics.jsonl, curves.svg and
      checkpoint.safetensors. Ctrl-C finishes the step and saves; --resume continues as if nothing had happened.
    `)
    .argument(
      "[config]",
      "how: a .json file, or a .ts or .js module with a default export (default: see --init)",
      existing,
    )
    .option("--out <run>", "folder of the run", "deepid-data/run")
    .option("--init <file>", "write a config with all defaults and what they mean, and train nothing")
    .option("--resume", "continue from the folder's checkpoint, if there is one")
    .option(
      "--from <run>",
      "start from the weights of another run or of a model, as far as they fit",
      knownModel,
    );
  addEngineOptions(addDataOptions(addTeacherOption(command)));
  addExamples(
    command,
    "deepid train --images people/ --from whole-face",
    "deepid train --init my.json",
    "deepid train configs/synthetic.ts --data synthetic --out runs/synthetic",
    "deepid train configs/whole-face.ts --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt --out runs/whole-face",
    "deepid train my.json --images people/ --landmarks landmarks.txt --out runs/mine --resume",
    "deepid train my.json --images people/ --landmarks landmarks.txt --out runs/mine --from models/whole-face",
  );
  setAction<TrainOptions>(command, io, async ([configPath], options, output) => {
    const { out: folder, resume = false, init } = options;
    if (init !== undefined) return writeConfig(init, output);
    const training = configPath === undefined ? parseTraining({}, "defaults") : await readConfig(configPath);
    checkWritable(folder, "folder");
    checkCheckpointRoom(folder, training);
    if (hasCheckpoint(folder) && !resume) {
      throw new InputError(
        `${folder}: already contains a run; use --resume to continue it, or choose another folder`,
      );
    }
    await using open = await openFaces(options, io, output);
    if (!hasCheckpoint(folder)) {
      const json = `${JSON.stringify(training, null, 2)}\n`;
      await writingTo(folder, () => writeFileAtomic(join(folder, "training.json"), json));
    }
    const start = await startFrom(options, open.faces);
    const how = { ...options, folder, resume, start, now: io.now };
    const result = await trainRun(training, open.faces, how, output);
    if (!result.finished) {
      throw new Interruption(
        `stopped after step ${count(result.step)} of ${count(training.steps)}; everything is in ${folder}. ` +
          "The same command with --resume continues",
      );
    }
    const trained = await describeTrained(folder, result);
    output.result(trained.data, trained.text);
  });
}

/** Writes a config to begin with where there is none. */
async function writeConfig(path: string, output: Output): Promise<void> {
  if (existsSync(path)) throw new InputError(`${path}: is there already; choose another file`);
  const text = initialConfig(path);
  await writingTo(path, () => writeFileAtomic(path, text));
  output.result(
    { config: path },
    `${path} holds a config to change; train with: deepid train ${path} --images PEOPLE`,
  );
}
