/** `deepid identify`: who of the gallery is on a photo, or on many. */
import { type Command, Option } from "commander";
import { paragraph } from "../../base/text/index.ts";
import {
  FALSE_ALARM_RATES,
  type FaceInput,
  type Recognitions,
  recognitionsText,
} from "../../people/answers/index.ts";
import {
  type Answered,
  identifyPhoto,
  isOnePhoto,
  type Places,
  placesForCopies,
} from "../../people/recognizer/index.ts";
import type { Io } from "../support/io.ts";
import { askPhotos, lines, listed, listOf, PHOTOS_ARGUMENT } from "../support/manyPhotos.ts";
import {
  addEngineOptions,
  addExamples,
  addModelOption,
  setAction,
  share,
  wholeNumber,
} from "../support/options.ts";
import { addPhotoOptions, type RecognizerChoice, withRecognizer } from "../support/photos.ts";
import {
  addStoreOption,
  addWhereOption,
  galleryAt,
  type MemoryChoice,
  memoryOption,
  type StoreOptions,
  type WhereOptions,
} from "../support/place.ts";
import { addTableOptions, checkTables, type TableOptions, writeTables } from "../support/tables.ts";

interface IdentifyOptions extends RecognizerChoice, StoreOptions, MemoryChoice, WhereOptions, TableOptions {
  readonly falseAlarms: number;
  readonly far?: number;
  readonly top: number;
  readonly picture?: string;
}

export function addIdentify(program: Command, io: Io): void {
  const command = program
    .command("identify")
    .summary("who of the gallery is on a photo, or on many?")
    .description(paragraph`
      Compares every face of a photo, or of all photos of a folder or archive, with the people of the gallery. A
      face is nobody known here when nobody clears the threshold, which --false-alarms sets: the more people,
      the higher. Photos that cannot be read are passed over and listed at the end (exit code 3).
    `)
    .argument(...PHOTOS_ARGUMENT)
    .addOption(
      new Option("--false-alarms <share>", "strangers who may be taken for somebody of the whole gallery")
        .argParser(share)
        .default(FALSE_ALARM_RATES.default),
    )
    .addOption(
      new Option("--far <share>", "in its place: the false accept rate of one comparison")
        .argParser(share)
        .conflicts("falseAlarms"),
    )
    .option("--top <n>", "candidates shown", wholeNumber(1), 5);
  addTableOptions(addWhereOption(command)).option(
    "--picture <place>",
    "draw boxes and names on a copy: a .jpg or .png file, of several photos a folder",
  );
  addEngineOptions(addPhotoOptions(addStoreOption(addModelOption(command)).addOption(memoryOption())));
  addExamples(
    command,
    "deepid identify photo.jpg",
    "deepid identify party.jpg --picture named.jpg",
    "deepid identify holiday/ --csv who.csv --picture named",
    "deepid identify photo.jpg --false-alarms 0.01 --json",
  );
  setAction<IdentifyOptions>(command, io, async (args, options, output) => {
    const photos = listOf(args);
    const { far: falseAcceptRate, top, where: filter, picture, face } = options;
    const falseAlarmRate = falseAcceptRate === undefined ? options.falseAlarms : undefined;
    const one = isOnePhoto(photos);
    checkTables(options);
    let places: Places = new Map();
    const onNames = (names: readonly string[]) => {
      if (picture !== undefined) places = placesForCopies(picture, names, one);
    };
    const asked = { face, one, falseAlarmRate, falseAcceptRate, top, filter, signal: io.interrupt };
    await withRecognizer(
      options,
      async (recognizer) => {
        const ask = (input: FaceInput) => identifyPhoto(recognizer, input, places, asked);
        const found = await askPhotos(photos, ask, { ...options, what: "identifying", output, onNames });
        await writeTables(options, lines(found.answers), COLUMNS, found.answers.flatMap(rowsOf));
        output.result(listed(found), recognitionsText(found));
      },
      galleryAt(options, { io, output }),
    );
  });
}

const COLUMNS = [
  "photo",
  ...["face", "x", "y", "width", "height"],
  ...["person", "verdict", "score", "probability", "hamming_distance"],
];

function rowsOf({ photo, answer: { faces } }: Answered<Recognitions>) {
  return faces.map(({ face: { box }, person, unfit, verdict, candidates: [best] }, index) => [
    ...[photo, index, box?.x, box?.y, box?.width, box?.height],
    ...[person?.name, verdict ?? unfit, best?.score, best?.probabilityAtEvenOdds, best?.hammingDistance],
  ]);
}
