/** `deepid analyze`: what the neurons predict of a face beside who it is. */

import type { Command } from "commander";
import { columns, count, formatPercent, paragraph } from "../../base/text/index.ts";
import type { Analysis, AttributeReading } from "../../people/answers/index.ts";
import type { Io } from "../support/io.ts";
import {
  askPhotos,
  lines,
  listed,
  listOf,
  PHOTOS_ARGUMENT,
  type PhotoAnswers,
} from "../support/manyPhotos.ts";
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
      output.result(listed(found), describeAll(found));
    });
  });
}

const COLUMNS = ["photo", "attribute", "present", "probability", "accuracy"];

function describeAll({ one, answers }: PhotoAnswers<Analysis>): string {
  if (answers.length === 0) return "";
  const { attributes, measuredOn } = answers[0].answer;
  const rows = one
    ? attributes.map((reading) => [reading.name, describe(reading)] as const)
    : answers.map(({ photo, answer }) => [photo, presentIn(answer)] as const);
  return `${columns(rows)}\naccuracies on ${count(measuredOn.people)} people of ${measuredOn.source}`;
}

/** Those that are there, each with how often such an answer is right. */
const presentIn = ({ attributes }: Analysis): string =>
  attributes
    .filter(({ present }) => present)
    .map(({ name, accuracy }) => `${name} (${formatPercent(accuracy, { digits: 0 })})`)
    .join(", ");

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
