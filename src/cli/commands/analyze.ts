/** `deepid analyze`: what the neurons predict of a face beside who it is. */

import type { Command } from "commander";
import { paragraph } from "../../base/text/index.ts";
import { analysesText } from "../../people/answers/index.ts";
import type { Io } from "../support/io.ts";
import { askPhotos, lines, listed, listOf, PHOTOS_ARGUMENT } from "../support/manyPhotos.ts";
import { addEngineOptions, addExamples, addModelOption, setAction } from "../support/options.ts";
import { addPhotoOptions, type RecognizerChoice, withRecognizer } from "../support/photos.ts";
import { addTableOptions, checkTables, type TableOptions, writeTables } from "../support/tables.ts";

interface AnalyzeOptions extends RecognizerChoice, TableOptions {
  readonly neurons?: boolean;
}

export function addAnalyze(program: Command, io: Io): void {
  const command = program
    .command("analyze")
    .summary("attributes of a face, as its neurons tell them")
    .description(paragraph`
      Reads attributes from the features: whether each is there, how probable that is, and how often such an
      answer was right on people it was not fitted on. The model needs attributes first: \`deepid
      fit-attributes\`.
    `)
    .argument(...PHOTOS_ARGUMENT)
    .option("--neurons", "say, too, what the one neuron says that tells an attribute best");
  addTableOptions(command);
  addEngineOptions(addPhotoOptions(addModelOption(command)));
  addExamples(
    command,
    "deepid analyze photo.jpg --model models/mine",
    "deepid analyze photo.jpg --neurons --json",
    "deepid analyze holiday/ --face largest --csv attributes.csv",
  );
  setAction<AnalyzeOptions>(command, io, async (args, options, output) => {
    checkTables(options);
    await withRecognizer(options, async (recognizer) => {
      const asked = { neurons: options.neurons, signal: io.interrupt };
      const how = { ...options, what: "analyzing", output };
      const found = await askPhotos(listOf(args), (input) => recognizer.analyze(input, asked), how);
      const rows = found.answers.flatMap(({ photo, answer: { attributes } }) =>
        attributes.map(({ name, present, probability, accuracy }) => [
          photo,
          name,
          present ? "yes" : "no",
          probability,
          accuracy,
        ]),
      );
      await writeTables(options, lines(found.answers), COLUMNS, rows);
      output.result(listed(found), analysesText(found));
    });
  });
}

const COLUMNS = ["photo", "attribute", "present", "probability", "accuracy"];
