/** `deepid register`, `identify`, `search` and `remove`: a gallery of known people. */
import type { Command } from "commander";
import { DataError, InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { count, paragraph } from "../../base/text/index.ts";
import { type Fields, parseField, receiptText } from "../../people/gallery/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { addEngineOptions, addModelOption, gathered, wholeNumber } from "../support/options.ts";
import { answered } from "../support/output.ts";
import { addPhotoOptions, inputsFor, type RecognizerChoice, withRecognizer } from "../support/photos.ts";
import { addStoreOption, galleryAt, type StoreOptions, withStore } from "../support/place.ts";
import { addIdentify } from "./identify.ts";
import { addSearch } from "./search.ts";

export function addKnown(program: Command, io: Io): void {
  addRegister(program, io);
  addIdentify(program, io);
  addSearch(program, io);
  addRemove(program, io);
}

interface RegisterOptions extends RecognizerChoice, StoreOptions {
  readonly person: string;
  readonly field: readonly Fields[];
  readonly thumbnail?: boolean;
}

function addRegister(program: Command, io: Io): void {
  const command = program
    .command("register")
    .summary("enroll faces of a person in the gallery")
    .description(paragraph`
      Enrolls the face of each picture under a person, who is created if new: all of them, or none if one is
      refused. Codes and vectors are stored, but no picture unless --thumbnail asks for the aligned face.
    `)
    .argument("<pictures...>", "pictures of one person")
    .requiredOption("--person <name>", "who it is")
    .option(
      "--field <name=value>",
      "a field of these faces, to filter by; may be repeated",
      gathered(parseField),
      [],
    )
    .option("--thumbnail", "also store the aligned face");
  addEngineOptions(addPhotoOptions(addStoreOption(addModelOption(command))));
  addExamples(
    command,
    "deepid register ann1.jpg ann2.jpg --person Ann",
    "deepid register ann3.jpg --person Ann --field year=2024",
  );
  setAction<RegisterOptions>(command, io, async (given, options, output) => {
    const { person, thumbnail } = options;
    const fields = Object.assign({}, ...options.field) as Fields;
    const inputs = await inputsFor(given.flat(), options);
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

interface RemoveOptions extends StoreOptions {
  readonly faceId?: number;
  readonly receipt?: string;
}

function addRemove(program: Command, io: Io): void {
  const command = program
    .command("remove")
    .summary("erase a person, or one face, from the gallery")
    .description(paragraph`
      Erases codes, vectors, thumbnails and fields of a person, or of one face, checks that they are gone, and
      prints a receipt: what was erased, and how that was checked. No model is needed.
    `)
    .argument("[person]", "who it is, by name")
    .option("--face-id <n>", "one face instead, by its number", wholeNumber(1))
    .option("--receipt <file>", "also write the receipt as JSON");
  addStoreOption(command);
  addExamples(
    command,
    'deepid remove "Ann Lee" --receipt ann.json',
    "deepid remove --face-id 17 --store people.sqlite",
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
    output.result(receipt, receiptText(receipt));
    if (file === undefined) return;
    const write = () => writeFileAtomic(file, `${JSON.stringify(receipt, null, 2)}\n`);
    await writingTo(file, write).catch((cause: Error) => {
      throw new DataError(`${cause.message}. Everything was erased all the same; ${kept}`, { cause });
    });
  });
}
