/** `deepid register`, `identify`, `search` and `remove`: a gallery of known people. */

import { type Command, Option } from "commander";
import { DataError, InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { columns, count, formatPercent, formatProbability } from "../../base/text/index.ts";
import { FALSE_ALARM_RATES, type Recognition, type SearchResult } from "../../people/answers/index.ts";
import type { Fields, Filter } from "../../people/gallery/index.ts";
import { addCondition, addField } from "../support/fields.ts";
import type { Io } from "../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  addModelOption,
  existing,
  setAction,
  share,
  wholeNumber,
} from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";
import {
  addPhotoOptions,
  answered,
  inputsFor,
  type RecognizerChoice,
  withRecognizer,
} from "../support/photos.ts";
import { addStoreOption, galleryAt, type StoreOptions, withStore } from "../support/place.ts";
import { describeReceipt } from "./gallery/receipts.ts";

interface KnownOptions extends RecognizerChoice, OutputOptions, StoreOptions {}

const addWhereOption = (command: Command): Command =>
  command.option(
    "--where <condition>",
    "only faces whose fields meet it: year=2024, camera=gate,door, day>=2024-05; may be repeated",
    addCondition,
    [],
  );

const addKnownOptions = (command: Command): Command =>
  addEngineOptions(addPhotoOptions(addStoreOption(addModelOption(command))));

export function addKnown(program: Command, io: Io): void {
  addRegister(program, io);
  addIdentify(program, io);
  addSearch(program, io);
  addRemove(program, io);
}

interface RegisterOptions extends KnownOptions {
  readonly person: string;
  readonly field: Fields;
  readonly thumbnail?: boolean;
}

function addRegister(program: Command, io: Io): void {
  const command = program
    .command("register")
    .summary("add faces to a person of the gallery")
    .description(
      "Adds the face of each picture to a person, who is made if new: all of them, or none if one is refused. Codes and " +
        "coordinates are kept, and no picture unless --thumbnail asks for the aligned face.",
    )
    .argument("<pictures...>", "pictures of one person")
    .requiredOption("--person <name>", "who it is")
    .option("--field <name=value>", "a free field of these faces, for filters; may be repeated", addField, {})
    .option("--thumbnail", "keep the aligned face as a picture");
  addKnownOptions(command);
  addExamples(
    command,
    "deepid register ann1.jpg ann2.jpg --person Ann",
    "deepid register ann3.jpg --person Ann --field year=2024",
  );
  setAction<RegisterOptions>(command, io, async (given, options, output) => {
    const { person, field: fields, thumbnail } = options;
    const inputs = await inputsFor((given as unknown as readonly string[][])[0], options);
    await withRecognizer(
      options,
      async (recognizer) => {
        const asked = { fields, thumbnail, signal: io.interrupt };
        const { ok, added, ...whose } = answered(
          await recognizer.registerAll(inputs, person, asked),
          output,
          options,
        );
        const named = added.map((one, i) => ({ picture: inputs[i].name, ...one }));
        output.result(
          { ...whose, added: named },
          `${person}: ${added.length === 1 ? "one face" : `${count(added.length)} faces`} added, ${count(whose.faces)} now`,
        );
      },
      galleryAt(options, { io, output }, { create: true }),
    );
  });
}

interface IdentifyOptions extends KnownOptions {
  readonly falseAlarms: number;
  readonly far?: number;
  readonly where: Filter;
  readonly top: number;
}

function addIdentify(program: Command, io: Io): void {
  const command = program
    .command("identify")
    .summary("who of the gallery is it, or nobody?")
    .description(
      "Compares the face with the people of the gallery. It is nobody known here when nobody clears the threshold, which " +
        "--false-alarms sets: the more people, the higher.",
    )
    .argument("<picture>", "a picture", existing)
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
  addKnownOptions(addWhereOption(command));
  addExamples(command, "deepid identify photo.jpg", "deepid identify photo.jpg --false-alarms 0.01 --json");
  setAction<IdentifyOptions>(command, io, async (paths, options, output) => {
    const { far: falseAcceptRate, top, where: filter } = options;
    const falseAlarmRate = falseAcceptRate === undefined ? options.falseAlarms : undefined;
    const [input] = await inputsFor(paths, options);
    await withRecognizer(
      options,
      async (recognizer) => {
        const asked = { falseAlarmRate, falseAcceptRate, top, filter, signal: io.interrupt };
        const { ok, ...result } = answered(await recognizer.identify(input, asked), output, options);
        output.result(result, describeIdentity(result));
      },
      galleryAt(options, { io, output }),
    );
  });
}

function describeIdentity(answer: Recognition): string {
  const { person, explanation, threshold, candidates, people, falseAlarmRate } = answer;
  const accepted =
    falseAlarmRate === null
      ? ""
      : `, at which ${formatPercent(falseAlarmRate)} of strangers would be taken for somebody`;
  return [
    `${person?.name ?? "unknown"}\n${explanation}\n`,
    columns(
      candidates.map(({ person: { name }, score, probabilityAtEvenOdds: probability, hammingDistance }) => [
        name,
        `score ${score.toFixed(2)}, probability at even odds ${formatProbability(probability)}, ` +
          `Hamming distance ${hammingDistance}`,
      ]),
    ),
    `threshold ${threshold.score.toFixed(2)}, ${count(people)} people${accepted}`,
  ].join("\n");
}

interface SearchOptions extends KnownOptions {
  readonly where: Filter;
  readonly top: number;
}

function addSearch(program: Command, io: Io): void {
  const command = program
    .command("search")
    .summary("the gallery's faces that are most like it")
    .description(
      "Lists the faces of the gallery most like the one given: the nearest codes by Hamming distance, ordered by " +
        "score. It says nothing about whether one of them is that person; `deepid identify` does.",
    )
    .argument("<picture>", "a picture", existing)
    .option("--top <n>", "faces shown", wholeNumber(1), 10);
  addKnownOptions(addWhereOption(command));
  addExamples(
    command,
    "deepid search photo.jpg --top 3",
    "deepid search photo.jpg --where 'year>=2023' --where camera=gate,door",
  );
  setAction<SearchOptions>(command, io, async (paths, options, output) => {
    const [input] = await inputsFor(paths, options);
    await withRecognizer(
      options,
      async (recognizer) => {
        const asked = { top: options.top, filter: options.where, signal: io.interrupt };
        const { ok, ...result } = answered(await recognizer.search(input, asked), output, options);
        output.result(result, describeHits(result));
      },
      galleryAt(options, { io, output }),
    );
  });
}

const describeHits = ({ hits, faces }: SearchResult): string =>
  [
    columns(
      hits.map(({ person, faceId, hammingDistance, score }) => [
        `${person.name} (face ${faceId})`,
        `Hamming distance ${hammingDistance}${score === null ? "" : `, score ${score.toFixed(2)}`}`,
      ]),
    ),
    `of ${count(faces)} faces`,
  ].join("\n");

interface RemoveOptions extends OutputOptions, StoreOptions {
  readonly faceId?: number;
  readonly receipt?: string;
}

function addRemove(program: Command, io: Io): void {
  const command = program
    .command("remove")
    .summary("erase a person, or one face, from the gallery")
    .description(
      "Erases codes, vectors, thumbnails and fields of a person, or of one face, checks that they are gone, and prints " +
        "a receipt: what was erased, and how that was checked. No model is needed.",
    )
    .argument("[person]", "who it is, by name")
    .option("--face-id <n>", "one face instead, by its number", wholeNumber(1))
    .option("--receipt <file>", "write the receipt as JSON, too");
  addStoreOption(command);
  addExamples(
    command,
    'deepid remove "Ann Lee" --receipt ann.json',
    "deepid remove --face-id 17 --store people.db",
  );
  setAction<RemoveOptions>(command, io, async ([person], options, output) => {
    const { faceId, receipt: file } = options;
    if ((person === undefined) === (faceId === undefined)) {
      throw new InputError("remove: give the name of a person, or --face-id and no name");
    }
    if (file !== undefined) checkWritable(file, "file");
    const receipt = await withStore(options, io, async (store) => ({
      place: store.place,
      model: store.settings.model,
      ...(faceId === undefined ? await store.removePerson(person) : await store.removeFace(faceId)),
    }));
    const kept = `receipt ${receipt.receipt} is kept: deepid gallery receipt ${receipt.receipt}`;
    io.err(`erased; ${kept}\n`); // said before anything can fail: it is done
    output.result(receipt, describeReceipt(receipt));
    if (file === undefined) return;
    const write = () => writeFileAtomic(file, `${JSON.stringify(receipt, null, 2)}\n`);
    await writingTo(file, write).catch((cause: Error) => {
      throw new DataError(`${cause.message}. Everything was erased all the same; ${kept}`, { cause });
    });
  });
}
