/** `deepid train`: trains a net as a config says; can be stopped and resumed at any time. */
import type { Command } from "commander";
import { Interruption } from "../../../base/errors/index.ts";
import { count, paragraph } from "../../../base/text/index.ts";
import {
  describeTrained,
  placeForRun,
  startFrom,
  trainRun,
  writeInitialConfig,
} from "../../../lab/experiments/index.ts";
import { parseTraining, readConfig } from "../../../nets/train/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addTeacherOption,
  type EngineOptions,
  existing,
  knownModel,
} from "../../support/options.ts";

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
    "deepid train my.json --data synthetic --out runs/synthetic",
    "deepid train my.json --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt --out runs/celeba",
    "deepid train my.json --images people/ --landmarks landmarks.txt --out runs/mine --resume",
    "deepid train my.json --images people/ --landmarks landmarks.txt --out runs/mine --from models/whole-face",
  );
  setAction<TrainOptions>(command, io, async ([configPath], options, output) => {
    const { out: folder, resume = false, init } = options;
    if (init !== undefined) {
      await writeInitialConfig(init);
      const next = `deepid train ${init} --images PEOPLE`;
      return output.result({ config: init }, `${init} holds a config to change; train with: ${next}`);
    }
    const training = configPath === undefined ? parseTraining({}, "defaults") : await readConfig(configPath);
    const place = placeForRun(folder, training, options);
    await using open = await openFaces(options, io, output);
    await place.begin();
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
