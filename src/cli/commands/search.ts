/** `deepid search`: the gallery's faces that are most like the one of a photo, or of each of many. */
import type { Command } from "commander";
import { paragraph } from "../../base/text/index.ts";
import { hitsText } from "../../people/answers/index.ts";
import { addExamples } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { wholeNumber } from "../support/options.ts";
import {
  addPhotoQuestionOptions,
  PHOTOS_ARGUMENT,
  type PhotoQuestionOptions,
  setPhotoQuestion,
} from "../support/photoQuestions.ts";
import { addKnownOptions, type KnownOptions } from "../support/place.ts";

interface SearchOptions extends PhotoQuestionOptions, KnownOptions {
  readonly top: number;
}

export function addSearch(program: Command, io: Io): void {
  const command = program
    .command("search")
    .summary("find the most similar faces in the gallery")
    .description(paragraph`
      Lists the faces of the gallery that are most similar to the one given: the nearest codes by Hamming distance,
      ordered by score. Whether one of them is that person is for \`deepid identify\` to say.
    `)
    .argument(...PHOTOS_ARGUMENT)
    .option("--top <n>", "faces shown", wholeNumber(1), 10);
  addKnownOptions(addPhotoQuestionOptions(command));
  addExamples(
    command,
    "deepid search photo.jpg --top 3",
    "deepid search photo.jpg --where 'year>=2023' --where camera=gate,door",
    "deepid search holiday/ --face largest --csv alike.csv",
  );
  setPhotoQuestion(command, io, {
    doing: "searching",
    columns: ["photo", "person", "face", "hamming_distance", "score"],
    rows: ({ photo, answer: { hits } }) =>
      hits.map(({ person, faceId, hammingDistance, score }) => [
        photo,
        person.name,
        faceId,
        hammingDistance,
        score,
      ]),
    text: hitsText,
    asked: ({ top, where: filter }: SearchOptions) => ({
      ask: (recognizer, input) => recognizer.search(input, { top, filter, signal: io.interrupt }),
    }),
  });
}
