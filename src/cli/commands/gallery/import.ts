/** `deepid gallery import`: a folder of people into a gallery. */
import type { Command } from "commander";
import { DataError, InputError } from "../../../base/errors/index.ts";
import { count, counted, paragraph } from "../../../base/text/index.ts";
import { contentText } from "../../../people/gallery/index.ts";
import { openRecognizer, type PicturesOptions, type Recognizer } from "../../../people/recognizer/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addSourceOptions, type DataOptions, openFaces, withSource } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, addModelOption, type EngineOptions, existing } from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { addStoreOption, galleryAt, type StoreOptions } from "../../support/place.ts";

interface ImportOptions extends DataOptions, EngineOptions, StoreOptions {
  readonly model: string;
  readonly codesOnly?: boolean;
  readonly thumbnail?: boolean;
}

export function addImport(gallery: Command, io: Io): void {
  const command = gallery
    .command("import")
    .summary("a folder of people")
    .description(paragraph`
      Enrolls every picture of a folder of people (person/photo.jpg) under its person; faces are detected and
      aligned. Pictures whose names (person/photo) are in the gallery are left as they are, so an interrupted import
      resumes, and repeating it adds nothing twice. What cannot be read, shows no face, or not clearly which, is passed
      over and listed at the end (exit code 3).
    `)
    .argument("[people]", "the folder, zip, tar or tgz; the same as --images", existing)
    .option("--codes-only", "a new gallery of binary codes alone: no likelihood ratios")
    .option("--thumbnail", "also store the aligned faces");
  addEngineOptions(addSourceOptions(addStoreOption(addModelOption(command))));
  addExamples(
    command,
    "deepid gallery import people/",
    "deepid gallery import lfw.tgz --data lfw --landmarks landmarks.txt --store lfw.db",
    "deepid gallery import --data synthetic --people 20 --store demo.db",
  );
  setAction<ImportOptions>(command, io, async ([people], options, output) => {
    if (people !== undefined && options.images !== undefined) {
      throw new InputError("import: give the folder once, as an argument or as --images");
    }
    const { codesOnly, model, provider, threads } = options;
    await using recognizer = await openRecognizer({
      model,
      provider,
      threads,
      locator: null, // what finds the faces of a folder is opened with it
      gallery: galleryAt(options, { io, output }, { create: true, codesOnly }),
    });
    const { passedOver, ...done } = await register(
      recognizer,
      { ...options, images: people ?? options.images },
      { io, output },
    );
    passedOver.forEach(output.passedOver);
    if (done.added + done.known === 0) {
      throw new DataError(
        `none of the pictures can be imported:\n  ${output.left.map(({ reason }) => reason).join("\n  ")}`,
      );
    }
    output.result(
      done,
      `${done.place}: ${counted(done.added, "picture")} added, ${count(done.known)} there already; ${contentText(done)} in all`,
    );
  });
}

async function register(
  recognizer: Recognizer,
  options: ImportOptions,
  { io, output }: { readonly io: Io; readonly output: Output },
) {
  const how: PicturesOptions = {
    thumbnail: options.thumbnail,
    onProgress: output.stage("importing"),
    signal: io.interrupt,
  };
  if (options.data !== "synthetic") {
    return withSource(options, (source) => recognizer.registerPictures(source, how));
  }
  await using open = await openFaces(options, io, output);
  return recognizer.registerPictures(open.faces, how);
}
