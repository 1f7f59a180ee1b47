/** `deepid neuron`: everything about one neuron, on one page. */
import { type Command, InvalidArgumentError } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import {
  type LookOptions,
  lookOfNeuron,
  type NeuronLook,
  neuronText,
  studyNeuron,
  type TaskOptions,
  writeNeuronPage,
} from "../../../lab/experiments/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, type EngineOptions, existing, knownModel } from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { addTaskOptions } from "../../support/studyOptions.ts";

interface NeuronOptions extends TaskOptions, DataOptions, EngineOptions {
  readonly features: string;
  readonly model?: string;
  readonly out?: string;
}

export function addNeuron(program: Command, io: Io): void {
  const command = program
    .command("neuron")
    .summary("everything about one neuron")
    .description(paragraph`
      When neuron n fires, which people and attributes excite or inhibit it, and how well it alone tells them.
      With the pictures also those that excite it most, and with the model where in the face it looks. The page
      is for your own eyes: it holds pictures of the people in the data.
    `)
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
    const study = await studyNeuron(options.features, neuron, options);
    if (out !== undefined) await writeNeuronPage(out, study, await lookAt(study, { options, io, output }));
    const page = out === undefined ? "" : `\na page: ${out}`;
    output.result({ ...study.dossier, top: study.top }, `${neuronText(study)}${page}`);
  });
}

function neuronNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("A whole number from 0 is needed.");
}

/** The pictures that excite the neuron most, and where it looks in them, as far as options give pictures and a model. */
async function lookAt(
  { top, feature, neuron }: Omit<LookOptions, "model">,
  { options, io, output }: { options: NeuronOptions; io: Io; output: Output },
): Promise<NeuronLook> {
  if (options.images === undefined && options.data !== "synthetic") return { images: [] };
  await using open = await openFaces(options, io, output);
  return lookOfNeuron(open.faces, { ...options, top, feature, neuron }, output);
}
