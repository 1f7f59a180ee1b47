/** `deepid search`: the gallery's faces that are most like the one of a photo, or of each of many. */

import type { Command } from "commander";
import { paragraph } from "../../base/text/index.ts";
import { hitsText } from "../../people/answers/index.ts";
import type { Io } from "../support/io.ts";
import { askPhotos, lines, listed, listOf, PHOTOS_ARGUMENT } from "../support/manyPhotos.ts";
import { addEngineOptions, addExamples, addModelOption, setAction, wholeNumber } from "../support/options.ts";
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

interface SearchOptions extends RecognizerChoice, StoreOptions, MemoryChoice, WhereOptions, TableOptions {
  readonly top: number;
}

export function addSearch(program: Command, io: Io): void {
  const command = program
    .command("search")
    .summary("the gallery's faces that are most like it")
    .description(paragraph`
      Lists the faces of the gallery most like the one given: the nearest codes by Hamming distance, ordered by
      score. It says nothing about whether one of them is that person; \`deepid identify\` does.
    `)
    .argument(...PHOTOS_ARGUMENT)
    .option("--top <n>", "faces shown", wholeNumber(1), 10);
  addTableOptions(addWhereOption(command));
  addEngineOptions(addPhotoOptions(addStoreOption(addModelOption(command)).addOption(memoryOption())));
  addExamples(
    command,
    "deepid search photo.jpg --top 3",
    "deepid search photo.jpg --where 'year>=2023' --where camera=gate,door",
    "deepid search holiday/ --face largest --csv alike.csv",
  );
  setAction<SearchOptions>(command, io, async (args, options, output) => {
    checkTables(options);
    const asked = { top: options.top, filter: options.where, signal: io.interrupt };
    await withRecognizer(
      options,
      async (recognizer) => {
        const how = { ...options, what: "searching", output };
        const found = await askPhotos(listOf(args), (input) => recognizer.search(input, asked), how);
        const rows = found.answers.flatMap(({ photo, answer: { hits } }) =>
          hits.map(({ person, faceId, hammingDistance, score }) => [
            photo,
            person.name,
            faceId,
            hammingDistance,
            score,
          ]),
        );
        await writeTables(options, lines(found.answers), COLUMNS, rows);
        output.result(listed(found), hitsText(found));
      },
      galleryAt(options, { io, output }),
    );
  });
}

const COLUMNS = ["photo", "person", "face", "hamming_distance", "score"];
