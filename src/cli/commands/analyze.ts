/** `deepid analyze`: what the neurons predict of a face beside who it is. */
import type { Command } from "commander";
import { paragraph } from "../../base/text/index.ts";
import { analysesText } from "../../people/answers/index.ts";
import { addExamples } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import {
  addPhotoQuestionOptions,
  PHOTOS_ARGUMENT,
  type PhotoQuestionOptions,
  setPhotoQuestion,
} from "../support/photoQuestions.ts";

interface AnalyzeOptions extends PhotoQuestionOptions {
  readonly neurons?: boolean;
}

export function addAnalyze(program: Command, io: Io): void {
  const command = program
    .command("analyze")
    .summary("predict attributes of a face from its neurons")
    .description(paragraph`
      Predicts attributes from the features: whether each is present, how probable that is, and how often such an
      answer was right on people it was not fitted on. The model must have attributes: \`deepid
      fit-attributes\`.
    `)
    .argument(...PHOTOS_ARGUMENT)
    .option("--neurons", "also give the prediction of the best single neuron");
  addPhotoQuestionOptions(command);
  addExamples(
    command,
    "deepid analyze photo.jpg --model models/mine",
    "deepid analyze photo.jpg --neurons --json",
    "deepid analyze holiday/ --face largest --csv attributes.csv",
  );
  setPhotoQuestion(command, io, {
    doing: "analyzing",
    columns: ["photo", "attribute", "present", "probability", "accuracy"],
    rows: ({ photo, answer: { attributes } }) =>
      attributes.map(({ name, present, probability, accuracy }) => [
        photo,
        name,
        present ? "yes" : "no",
        probability,
        accuracy,
      ]),
    text: analysesText,
    asked: ({ neurons }: AnalyzeOptions) => ({
      ask: (recognizer, input) => recognizer.analyze(input, { neurons, signal: io.interrupt }),
    }),
  });
}
