/** `deepid neuron`: everything about one neuron, on one page. */

import { type Command, InvalidArgumentError } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { columns, formatPercent } from "../../../base/text/index.ts";
import {
  type LookOptions,
  lookOfNeuron,
  type NeuronLook,
  neuronPage,
  type TaskOptions,
  tasksOf,
} from "../../../lab/experiments/index.ts";
import { neuronDossier } from "../../../lab/studies/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  type EngineOptions,
  existing,
  knownModel,
  setAction,
} from "../../support/options.ts";
import type { Output, OutputOptions } from "../../support/output.ts";
import { addTaskOptions } from "../../support/studyOptions.ts";

interface NeuronOptions extends TaskOptions, DataOptions, EngineOptions, OutputOptions {
  readonly features: string;
  readonly model?: string;
  readonly out?: string;
}

/** Entries printed; the page has more. */
const PRINTED = 8;

export function addNeuron(program: Command, io: Io): void {
  const command = program
    .command("neuron")
    .summary("everything about one neuron")
    .description(
      "When neuron n fires, which people and attributes excite or inhibit it, and how well it alone tells them. With the " +
        "pictures also those that excite it most, and with the model where in the face it looks. The page is for your own " +
        "eyes: it holds pictures of the people in the data.",
    )
    .argument("<n>", "the neuron, from 0: a column of the features", neuronNumber)
    .requiredOption("--features <file>", "features from `deepid extract`, or of any system", existing)
    .option("--out <file>", "write a page here (.html)")
    .option("--model <model>", "the model the features come from, for where it looks", knownModel);
  addEngineOptions(addDataOptions(addTaskOptions(command)));
  addExamples(
    command,
    "deepid neuron 17 --features lfw.safetensors --attributes attributes.tsv",
    "deepid neuron 17 --features lfw.safetensors --model models/whole-face --data lfw --images lfw.tgz --landmarks landmarks.txt --out neuron-17.html",
  );
  setAction<NeuronOptions>(command, io, async ([text], options, output) => {
    const neuron = Number(text);
    const { out } = options;
    if (out !== undefined) checkWritable(out, "file");
    if (options.model !== undefined && options.images === undefined && options.data !== "synthetic") {
      throw new InputError("neuron: --model looks at pictures, which --images or --data synthetic gives");
    }
    const { set, provenance } = await readFeatures(options.features);
    const tasks = await tasksOf(set, options);
    const dossier = await neuronDossier(set, neuron, { tasks });
    const feature = provenance.feature ?? "features";
    const top = dossier.top.map((row) => set.names[row]);
    if (out !== undefined) {
      const seen = await lookAt({ top, neuron, feature }, { options, io, output });
      const features = [provenance.model, feature, provenance.faces].filter(Boolean).join(", ");
      await writingTo(out, () => writeFileAtomic(out, neuronPage({ dossier, features, ...seen })));
    }
    const rows = dossier.entries
      .slice(0, PRINTED)
      .map(({ name, excited, accuracy }): [string, string] => [
        `  ${name}`,
        `${excited ? "excited" : "inhibited"}, alone right ${formatPercent(accuracy)}`,
      ]);
    output.result(
      { ...dossier, top },
      [
        `neuron ${neuron} fires for ${formatPercent(dossier.fires)} of ${set.rows} pictures`,
        ...(rows.length > 0 ? [columns(rows)] : []),
        ...(out === undefined ? [] : [`a page: ${out}`]),
      ].join("\n"),
    );
  });
}

function neuronNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("A whole number from 0 is needed.");
}

/** The pictures that excite the neuron most, and where it looks in them, as far as options give pictures and a model. */
async function lookAt(
  shown: LookOptions,
  { options, io, output }: { options: NeuronOptions; io: Io; output: Output },
): Promise<NeuronLook> {
  if (options.images === undefined && options.data !== "synthetic") return { images: [] };
  await using open = await openFaces(options, io, output);
  return lookOfNeuron(open.faces, { ...options, ...shown }, output);
}
