/** `deepid align`: which faces are in a photo, and the aligned crops. */
import type { Command } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable } from "../../base/files/index.ts";
import { paragraph } from "../../base/text/index.ts";
import { alignedText, alignPhotos, openLocator, placePhotos } from "../../people/recognizer/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { existing } from "../support/options.ts";
import { addDetectorOption } from "../support/photos.ts";

interface AlignOptions {
  readonly out: string;
  readonly people?: boolean;
  readonly detector?: string;
}

export function addAlign(program: Command, io: Io): void {
  const command = program
    .command("align")
    .summary("find the faces of photos and cut them out, aligned")
    .description(paragraph`
      Finds the faces of photos. For each photo it writes a picture of what was found (boxes, points, crops) and
      every face as an aligned crop of 88 x 104 pixels. With --people it makes a folder of people for \`deepid
      train\`, \`extract\` and \`evaluate\`: the largest face of person/photo.jpg becomes person/photo.png.
    `)
    .argument("<photos...>", "pictures")
    .requiredOption("--out <folder>", "where crops and pictures go")
    .option("--people", "one crop a photo, in a folder named as the photo's own");
  addDetectorOption(command.optionsGroup("Faces:"));
  addExamples(
    command,
    "deepid align photo.jpg --out found",
    "deepid align party.jpg --out found --detector yunet.onnx --json",
    "deepid align people/*/*.jpg --people --out aligned",
  );
  setAction<AlignOptions>(command, io, async (given, options, output) => {
    const photos = given.flat().map(existingPhoto);
    const { out, people = false } = options;
    checkWritable(out, "folder");
    const tasks = placePhotos(photos, out, people);
    const locator = await openLocator(options.detector);
    if (!locator) throw new InputError("align: the default detector is not installed; give --detector");
    try {
      const { stage, signal, passedOver: onPassedOver } = output;
      const outcomes = await alignPhotos(locator, tasks, { people, stage, signal, onPassedOver });
      output.result(outcomes, alignedText(outcomes));
    } finally {
      await locator.release();
    }
  });
}

function existingPhoto(path: string): string {
  try {
    return existing(path);
  } catch {
    throw new InputError(`${path}: no such file`);
  }
}
