/** `deepid analyze`: what the neurons predict of a face beside who it is. */

import type { Command } from "commander";
import { columns, count, formatPercent } from "../../base/text/index.ts";
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

interface AnalyzeOptions extends RecognizerChoice, OutputOptions {}

export function addAnalyze(program: Command, io: Io): void {
  const command = program
    .command("analyze")
    .summary("attributes of a face, as its neurons tell them")
    .description(
      "Reads attributes from the features, by all neurons and by the best single one, each with the accuracy measured " +
        "on people it was not fitted on. The model needs attributes first: `deepid fit-attributes`.",
    )
    .argument("<picture>", "a picture", existing);
  addEngineOptions(addPhotoOptions(addModelOption(command)));
  addExamples(
    command,
    "deepid analyze photo.jpg --model models/mine",
    "deepid analyze photo.jpg --model models/mine --json",
  );
  setAction<AnalyzeOptions>(command, io, async (paths, options, output) => {
    const [input] = await inputsFor(paths, options);
    await withRecognizer(options, async (recognizer) => {
      const { ok, ...result } = answered(
        await recognizer.analyze(input, { signal: io.interrupt }),
        output,
        options,
      );
      const { source, people } = result.measuredOn;
      const yes = (present: boolean) => (present ? "yes" : "no");
      const rows = result.attributes.map(({ name, present, probability, accuracy, neuron }) => {
        const all = `${yes(present)} (${formatPercent(probability)}; right ${formatPercent(accuracy)} of the time)`;
        const one = `neuron ${neuron.index}: ${yes(neuron.present)} (${formatPercent(neuron.accuracy)})`;
        return [name, `${all.padEnd(42)} ${one}`] as const;
      });
      output.result(result, `${columns(rows)}\naccuracies on ${count(people)} people of ${source}`);
    });
  });
}
