/** `deepid extract`: features of many pictures, in a file that other programs read too. */

import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { count, paragraph } from "../../../base/text/index.ts";
import { TEMPLATE_VERSION } from "../../../faces/face/index.ts";
import { type FeatureSource, openLbpSource, openModelSource } from "../../../lab/experiments/index.ts";
import type { Provenance } from "../../../matching/features/index.ts";
import { writeFeatures } from "../../../matching/files/index.ts";
import { facesOfPart, type PartChoice } from "../../../nets/train/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addPartOptions } from "../../support/learnOptions.ts";
import {
  addEngineOptions,
  addExamples,
  type EngineOptions,
  existing,
  knownModel,
  setAction,
} from "../../support/options.ts";

interface ExtractOptions extends DataOptions, PartChoice, EngineOptions {
  readonly model?: string;
  /** A components file, or true for raw descriptors. */
  readonly lbp?: string | true;
  readonly out: string;
  readonly feature?: string;
}

export function addExtract(program: Command, io: Io): void {
  const command = program
    .command("extract")
    .summary("features of pictures, into a file")
    .description(paragraph`
      Writes the features of all pictures as safetensors: \`features\` [pictures, 2 n], the activations of each
      aligned face and of its mirror image side by side, with names and people as metadata. With --lbp the
      features are high-dimensional LBP of the aligned face, along the components of a file from \`deepid
      fit-lbp\`.
    `)
    .option("--model <model>", "the model, or the system of several: by name, or its folder", knownModel)
    .option("--lbp [components]", "LBP instead of a model; without a file all its 99,120 numbers", existing)
    .requiredOption(
      "--out <file>",
      "where the features go: .safetensors, or .npy, .csv, .tsv for other programs",
    )
    .option("--feature <name>", "conv1 to conv4 or an FC-n of the net (default: the one the model compares)");
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
    const source = await openSource(options);
    try {
      await using open = await openFaces(options, io, output);
      const { faces, description } = await facesOfPart(open, options);
      const set = await source.extract(faces, {
        onProgress: output.stage("extracting"),
        signal: io.interrupt,
      });
      const provenance: Provenance = {
        ...source.provenance,
        faces: description,
        alignment: String(TEMPLATE_VERSION),
      };
      await writingTo(out, () => writeFeatures(out, set, provenance));
      const people = new Set(set.identities).size;
      output.result(
        { out, rows: set.rows, dimension: set.dimension, people, provenance },
        `${out} holds ${provenance.feature} of ${count(set.rows)} pictures of ${count(people)} people, ` +
          `${set.dimension} numbers each`,
      );
    } finally {
      await source.release();
    }
  });
}

async function openSource(options: ExtractOptions): Promise<FeatureSource> {
  const { model, lbp, feature } = options;
  if (model !== undefined && lbp === undefined) return openModelSource(model, options);
  if (model !== undefined || lbp === undefined) throw new InputError("extract: give either --model or --lbp");
  if (feature !== undefined) throw new InputError("extract: --feature is for a --model");
  return openLbpSource(lbp === true ? undefined : lbp, options);
}
