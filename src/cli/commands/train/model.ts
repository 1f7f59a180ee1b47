/** `deepid model import`: any ONNX face embedder as a model folder. */
import { basename } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { checkWritable, FILE_LIMITS, readForeign, writingTo } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { landmarksIn } from "../../../faces/face/index.ts";
import { type ImportOptions, importedText, importOnnx } from "../../../nets/models/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { existing, listOf, parsed } from "../../support/options.ts";

interface ImportCommandOptions extends Omit<ImportOptions, "name"> {
  readonly out: string;
  readonly name?: string;
}

export function addModel(program: Command, io: Io): void {
  const model = program
    .command("model")
    .summary("nets of others")
    .description("Makes model folders of ONNX nets that were trained elsewhere.");
  addImport(model, io);
  addExamples(model, "deepid model import embedder.onnx --out models/embedder");
}

function addImport(model: Command, io: Io): void {
  const command = model
    .command("import")
    .summary("make a model folder of any ONNX face embedder")
    .description(paragraph`
      Makes a model folder of an ONNX net that turns an aligned face into a vector. What the file does not say
      is guessed, and a trial run on drawn faces checks it. Faces are compared by cosine until \`deepid
      fit-matcher --model\` has learned Joint Bayesian from features of your people; everything else works on it
      as on our own.
    `);
  addImportOptions(command);
  addExamples(
    command,
    "deepid model import w600k_r50.onnx --out models/r50 --licence 'non-commercial research only'",
    "deepid model import facenet.onnx --out models/facenet --size 160x160 --order rgb --mean 127.5 --scale 128",
  );
  setAction<ImportCommandOptions>(command, io, async ([file], options, output) => {
    const { out, name = basename(file, ".onnx") } = options;
    checkWritable(out, "folder");
    const onnx = await readForeign(file, FILE_LIMITS.net);
    const imported = await writingTo(out, () => importOnnx(out, { onnx, file }, { ...options, name }));
    output.result({ out, ...imported }, importedText(out, imported));
  });
}

function addImportOptions(command: Command): void {
  command
    .argument("<file>", "the ONNX file", existing)
    .requiredOption("--out <folder>", "where the model goes")
    .option("--name <name>", "what it is called (default: the file's name)")
    .option("--size <height>x<width>", "sides of its input, where the file leaves them open", sides)
    .addOption(new Option("--order <channels>", "order of colours (default: rgb)").choices(["rgb", "bgr"]))
    .option(
      "--mean <numbers>",
      "taken from the bytes 0 to 255: one number, or one a channel",
      numbers,
      [127.5],
    )
    .option("--scale <numbers>", "then divided by: one number, or one a channel", numbers, [127.5])
    .addOption(
      new Option("--template <name>", "how its faces are aligned (default: by its size)").choices([
        "arcface",
        "whole-face",
      ]),
    )
    .option(
      "--points <numbers>",
      "or where its five landmarks lie in its input: x,y,x,y,...",
      parsed(landmarksIn),
    )
    .option("--output <name>", "the vector (default: the last output)")
    .option("--licence <text>", "its terms, for the card", "not stated: ask where the net comes from");
}

function sides(text: string): { height: number; width: number } {
  const [height, width] = text.split("x").map(Number);
  const fits = (side: number) => Number.isInteger(side) && side >= 8 && side <= 1024;
  if (/^\d+x\d+$/.test(text) && fits(height) && fits(width)) return { height, width };
  throw new InvalidArgumentError("Two whole numbers from 8 to 1024 are needed, like 112x112.");
}

const numbers = listOf(
  (value, _, { length }) => Number.isFinite(value) && (length === 1 || length === 3),
  'One number or three are needed, like "127.5" or "104,117,123".',
);
