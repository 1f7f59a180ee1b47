/** `deepid extract`: features of many pictures, in a file that other programs read too. */
import type { Command } from "commander";
import { checkWritable } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { extractPart, type FeatureChoice, openFeatureSource } from "../../../lab/experiments/index.ts";
import type { PartChoice } from "../../../nets/train/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addPartOptions } from "../../support/learnOptions.ts";
import { addEngineOptions, type EngineOptions, existing, knownModel } from "../../support/options.ts";

interface ExtractOptions extends DataOptions, PartChoice, EngineOptions, FeatureChoice {
  readonly out: string;
}

export function addExtract(program: Command, io: Io): void {
  const command = program
    .command("extract")
    .summary("features of pictures, into a file")
    .description(paragraph`
      Writes the features of all pictures as safetensors: \`features\` [pictures, 2 n], the activations of each
      aligned face and of its mirror image side by side, with names and people as metadata. With --feature
      vector it is one row [k] for both: the face as the matcher sees it, whose Euclidean distance comes close to
      its score. With --lbp the features are high-dimensional LBP, along the components of \`deepid fit-lbp\`.
    `)
    .option("--model <model>", "the model, or the system of several: by name, or its folder", knownModel)
    .option("--lbp [components]", "LBP instead of a model; without a file all its 99,120 numbers", existing)
    .requiredOption(
      "--out <file>",
      "where the features go: .safetensors, or .npy, .csv, .tsv for other programs",
    )
    .option("--feature <name>", "conv1 to conv4, an FC-n, or vector (default: what the model compares)");
  addEngineOptions(addPartOptions(addDataOptions(command)));
  addExamples(
    command,
    "deepid extract --model models/whole-face --images people/ --landmarks landmarks.txt --out people.safetensors",
    "deepid extract --model models/whole-face --images lfw.tgz --data lfw --landmarks landmarks.txt --out lfw.safetensors",
    "deepid extract --lbp lbp.safetensors --images lfw.tgz --data lfw --landmarks landmarks.txt --out lfw-lbp.safetensors",
  );
  setAction<ExtractOptions>(command, io, async (_, options, output) => {
    const { out } = options;
    checkWritable(out, "file");
    const source = await openFeatureSource(options);
    try {
      await using open = await openFaces(options, io, output);
      const { text, ...extracted } = await extractPart(source, open, options, output);
      output.result({ out, ...extracted }, text);
    } finally {
      await source.release();
    }
  });
}
