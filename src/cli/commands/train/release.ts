/** Folders of models: made of a run (`release`), and looked into like any other file (`inspect`). */
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { columns, paragraph } from "../../../base/text/index.ts";
import { inspectPath } from "../../../lab/inspection/index.ts";
import {
  compareWithReleased,
  describeCompared,
  hasCheckpoint,
  RELEASE_DEFAULTS,
  releaseRun,
} from "../../../nets/train/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addDataOptions, type DataOptions, featureCacheOf, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addReleasedOptions, type ReleasedOptions } from "../../support/learnOptions.ts";
import { addEngineOptions, type EngineOptions, existing, tapList } from "../../support/options.ts";

interface ReleaseOptions extends DataOptions, EngineOptions, ReleasedOptions {
  readonly out: string;
  readonly name?: string;
  readonly taps: number[];
}

/** `deepid release`: from a run to a model folder. */
export function addRelease(program: Command, io: Io): void {
  const command = program
    .command("release")
    .summary("make a model of a run")
    .description(paragraph`
      Makes a model folder of a run, finished or not: the net, the matcher fitted on held-out people and calibrated
      on others, and model.json. Takes the same data options as the run.
    `)
    .argument("<run>", "folder of the run", existing)
    .requiredOption("--out <model>", "folder of the model")
    .option("--name <text>", "name of the model (default: that of its folder)")
    .option("--taps <list>", "FC-n to keep; the last one is compared", tapList, [...RELEASE_DEFAULTS.taps]);
  addReleasedOptions(command);
  addEngineOptions(addDataOptions(command));
  addExamples(
    command,
    "deepid release runs/synthetic --out models/synthetic --data synthetic",
    "deepid release runs/mine --out models/mine --images people/ --landmarks landmarks.txt --taps 3,4",
  );
  setAction<ReleaseOptions>(command, io, async ([runFolder], options, output) => {
    if (!hasCheckpoint(runFolder)) throw new InputError(`${runFolder}: no run here: it has no checkpoint`);
    const { out, name = basename(resolve(options.out)) } = options;
    checkWritable(out, "folder");
    await using open = await openFaces(options, io, output);
    const card = await writingTo(out, () =>
      releaseRun({
        ...options,
        runFolder,
        faces: open.faces,
        name,
        source: options.source ?? open.description,
        featureCache: featureCacheOf(options, io),
        onProgress: output.stage("extracting"),
        signal: io.interrupt,
      }),
    );
    const onProgress = output.stage("comparing");
    const compared = await compareWithReleased({ ...options, model: out, faces: open.faces, onProgress });
    output.result(
      { model: out, card, compared },
      `${out} holds the model ${card.name}: ${card.feature}, ${card.matching.components} components;\n` +
        describeCompared(compared),
    );
  });
}

/** `deepid inspect`: what is this file or folder? */
export function addInspect(program: Command, io: Io): void {
  const command = program
    .command("inspect")
    .summary("what is this file or folder?")
    .description(paragraph`
      Describes the folder of a model, a system of models or a run, an ONNX net, a file of features or any
      safetensors file, and checks that it is whole.
    `)
    .argument("<path>", "the file or folder", existing);
  addExamples(
    command,
    "deepid inspect models/whole-face",
    "deepid inspect models/regions",
    "deepid inspect runs/mine --json",
  );
  setAction(command, io, async ([path], _, output) => {
    const { kind, data, rows } = await inspectPath(path);
    output.result({ kind, path, ...data }, columns([["kind", kind], ...rows]));
  });
}
