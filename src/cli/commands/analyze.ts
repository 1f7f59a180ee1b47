/** `deepid analyze`: what the neurons predict of a face beside who it is. */

import type { Command } from "commander";
import { columns, count, formatPercent } from "../../base/text/index.ts";
import type { AttributeReading } from "../../people/answers/index.ts";
import type { Io } from "../support/io.ts";
import { addEngineOptions, addExamples, addModelOption, existing, setAction } from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";
import {
  addPhotoOptions,
  answered,
  inputsFor,
  type RecognizerChoice,
  withRecognizer,
} from "../support/photos.ts";

interface AnalyzeOptions extends RecognizerChoice, OutputOptions {
  readonly neurons?: boolean;
}

export function addAnalyze(program: Command, io: Io): void {
  const command = program
    .command("analyze")
    .summary("attributes of a face, as its neurons tell them")
    .description(
      "Reads attributes from the features: whether each is there, how probable that is, and how often such an answer was " +
        "right on people it was not fitted on. The model needs attributes first: `deepid fit-attributes`.",
    )
    .argument("<picture>", "a picture", existing)
    .option("--neurons", "say, too, what the one neuron says that tells an attribute best");
  addEngineOptions(addPhotoOptions(addModelOption(command)));
  addExamples(
    command,
    "deepid analyze photo.jpg --model models/mine",
    "deepid analyze photo.jpg --neurons --json",
  );
  setAction<AnalyzeOptions>(command, io, async (paths, options, output) => {
    const [input] = await inputsFor(paths, options);
    await withRecognizer(options, async (recognizer) => {
      const { ok, ...result } = answered(
        await recognizer.analyze(input, { neurons: options.neurons, signal: io.interrupt }),
        output,
        options,
      );
      const { source, people } = result.measuredOn;
      const rows = result.attributes.map((one) => [one.name, describe(one)] as const);
      output.result(result, `${columns(rows)}\naccuracies on ${count(people)} people of ${source}`);
    });
  });
}

/** "yes, 97 % sure (right 91 % of the time)": how sure is the probability of what is answered. */
function describe({ present, probability, accuracy, neuron }: AttributeReading): string {
  const yes = (there: boolean) => (there ? "yes" : "no");
  const percent = (share: number) => formatPercent(share, { digits: 0 });
  const sure = percent(Math.min(0.99, present ? probability : 1 - probability)); // nothing is entirely sure
  const all = `${yes(present).padEnd(3)} ${sure.padStart(5)} sure (right ${percent(accuracy)} of the time)`;
  if (!neuron) return all;
  const one = `neuron ${neuron.index}: ${yes(neuron.present)} (right ${percent(neuron.accuracy)} of the time)`;
  return `${all}; ${one}`;
}
