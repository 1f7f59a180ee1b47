/** `deepid identify`: who of the gallery is on a photo, or on many. */
import { type Command, Option } from "commander";
import { paragraph } from "../../base/text/index.ts";
import {
  FALSE_ALARM_RATES,
  RECOGNITION_COLUMNS,
  recognitionRows,
  recognitionsText,
} from "../../people/answers/index.ts";
import { identifyPhoto, isOnePhoto, type Places, placesForCopies } from "../../people/recognizer/index.ts";
import { addExamples } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { share, wholeNumber } from "../support/options.ts";
import {
  addPhotoQuestionOptions,
  PHOTOS_ARGUMENT,
  type PhotoQuestionOptions,
  setPhotoQuestion,
} from "../support/photoQuestions.ts";
import { addKnownOptions, type KnownOptions } from "../support/place.ts";

interface IdentifyOptions extends PhotoQuestionOptions, KnownOptions {
  readonly falseAlarms: number;
  readonly far?: number;
  readonly top: number;
  readonly picture?: string;
}

export function addIdentify(program: Command, io: Io): void {
  const command = program
    .command("identify")
    .summary("who in the gallery is in a photo, or in many?")
    .description(paragraph`
      Compares every face in a photo, or in all photos of a folder or archive, with the people of the gallery. A
      face is unknown when nobody scores above the threshold. --false-alarms sets the threshold, which rises with
      the number of people. Photos that cannot be read are skipped and listed at the end (exit code 3).
    `)
    .argument(...PHOTOS_ARGUMENT)
    .addOption(
      new Option("--false-alarms <share>", "share of strangers who may be taken for someone in the gallery")
        .argParser(share)
        .default(FALSE_ALARM_RATES.default),
    )
    .addOption(
      new Option("--far <share>", "instead: the false accept rate of one comparison")
        .argParser(share)
        .conflicts("falseAlarms"),
    )
    .option("--top <n>", "candidates shown", wholeNumber(1), 5);
  addKnownOptions(addPhotoQuestionOptions(command))
    .optionsGroup("Files:")
    .option(
      "--picture <place>",
      "draw boxes and names on a copy: a .jpg or .png file, or a folder for several photos",
    );
  addExamples(
    command,
    "deepid identify photo.jpg",
    "deepid identify party.jpg --picture named.jpg",
    "deepid identify holiday/ --csv who.csv --picture named",
    "deepid identify photo.jpg --false-alarms 0.01 --json",
  );
  setPhotoQuestion(command, io, {
    doing: "identifying",
    columns: RECOGNITION_COLUMNS,
    rows: ({ photo, answer }) => recognitionRows(photo, answer),
    text: recognitionsText,
    asked: (options: IdentifyOptions, photos) => {
      const { far: falseAcceptRate, top, where: filter, picture, face } = options;
      const falseAlarmRate = falseAcceptRate === undefined ? options.falseAlarms : undefined;
      const one = isOnePhoto(photos);
      const asked = { face, one, falseAlarmRate, falseAcceptRate, top, filter, signal: io.interrupt };
      let places: Places = new Map();
      return {
        ask: (recognizer, input) => identifyPhoto(recognizer, input, places, asked),
        onNames(names) {
          if (picture !== undefined) places = placesForCopies(picture, names, one);
        },
      };
    },
  });
}
