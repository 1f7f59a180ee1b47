/** `deepid extract`: features of many pictures, in a file that other programs read too. */
import type { Command } from "commander";
import { writeFeatures } from "../../features/index.ts";
import { extractFeatures, openModel } from "../../net/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../faces.ts";
import { writingTo } from "../failure.ts";
import type { Io } from "../io.ts";
import {
  addEngineOptions,
  addExamples,
  checkWritable,
  type EngineOptions,
  existing,
  setAction,
} from "../options.ts";
import type { OutputOptions } from "../output.ts";
import { count } from "../wording.ts";

interface ExtractOptions extends DataOptions, EngineOptions, OutputOptions {
  readonly model: string;
  readonly out: string;
  readonly feature?: string;
}

export function addExtract(program: Command, io: Io): void {
  const command = program
    .command("extract")
    .summary("features of pictures, into a file")
    .description(
      "Writes the features of all pictures as safetensors: `features` [pictures, 2 n], the activations of each " +
        "aligned face and of its mirror image side by side, with names and people as metadata.",
    )
    .requiredOption("--model <folder>", "the model", existing)
    .requiredOption("--out <file>", "where the features go, a .safetensors file")
    .option("--feature <name>", "conv1 to conv4 or an FC-n of the net (default: the one the model compares)");
  addEngineOptions(addDataOptions(command));
  addExamples(
    command,
    "deepid extract --model models/whole-face --images people/ --landmarks landmarks.txt --out people.safetensors",
    "deepid extract --model models/whole-face --images lfw.tgz --data lfw --landmarks landmarks.txt --out lfw.safetensors",
  );
  setAction<ExtractOptions>(command, io, async (_, options, output) => {
    const { out } = options;
    checkWritable(out, "file");
    const model = await openModel(options.model, options);
    try {
      const { card, net } = model;
      const name = options.feature ?? card.feature;
      await using open = await openFaces(options, io, output);
      const set = await extractFeatures({ net, region: card.region, name }, open.faces, {
        onProgress: output.onProgress("extracting"),
        signal: io.interrupt,
      });
      const provenance = {
        model: card.name,
        net: `sha256 ${card.files["net.onnx"]}`,
        feature: name,
        blocks: "original | mirror",
        faces: open.description,
        alignment: String(card.template),
      };
      await writingTo(out, () => writeFeatures(out, set, provenance));
      const people = new Set(set.identities).size;
      output.result(
        { out, rows: set.rows, dimension: set.dimension, people, provenance },
        `${out} holds ${name} of ${count(set.rows)} pictures of ${count(people)} people, ${set.dimension} numbers each`,
      );
    } finally {
      await model.release();
    }
  });
}
