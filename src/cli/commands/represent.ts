/** `deepid represent`: the numbers and the binary code of a face. */

import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../base/files/index.ts";
import { columns, count } from "../../base/text/index.ts";
import type { Io } from "../support/io.ts";
import { addEngineOptions, addExamples, addModelOption, existing, setAction } from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";
import {
  addPhotoOptions,
  answered,
  inputsFor,
  type RecognizerChoice,
  withRecognizer,
} from "../support/photos.ts";

interface RepresentOptions extends RecognizerChoice, OutputOptions {
  readonly crop?: string;
}

export function addRepresent(program: Command, io: Io): void {
  const command = program
    .command("represent")
    .summary("the features and the binary code of a face")
    .description(
      "Prints the binary code of a face in hexadecimal, 64 bytes for a net of 512 neurons; with --json also its " +
        "features, the numbers that Joint Bayesian compares. For many pictures there is `deepid extract`.",
    )
    .argument("<picture>", "a picture", existing)
    .option("--crop <file>", "write the aligned face, a .png file");
  addEngineOptions(addPhotoOptions(addModelOption(command)));
  addExamples(
    command,
    "deepid represent photo.jpg --model models/whole-face",
    "deepid represent photo.jpg --model models/whole-face --json --crop face.png",
  );
  setAction<RepresentOptions>(command, io, async (paths, options, output) => {
    const { crop: file } = options;
    if (file !== undefined) checkWritable(file, "file");
    const [input] = await inputsFor(paths, options);
    await withRecognizer(options, async (recognizer) => {
      const asked = { crop: file !== undefined, signal: io.interrupt };
      const { ok, crop, ...result } = answered(await recognizer.represent(input, asked), output, options);
      if (file !== undefined) await writingTo(file, () => writeFile(file, Buffer.from(crop!, "base64")));
      const { model, codeBits, fingerprint } = recognizer.about;
      const active = result.features.filter((value) => value > 0).length;
      output.result(
        { ...result, codeBits, model, fingerprint },
        columns([
          ["code", result.code],
          ["features", `${count(result.features.length)} numbers, ${count(active)} above 0`],
          ["model", model],
        ]),
      );
    });
  });
}
