/** `deepid represent`: the numbers and the binary code of a face. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable, writingTo } from "../../base/files/index.ts";
import { paragraph } from "../../base/text/index.ts";
import { representationsText } from "../../people/answers/index.ts";
import { isOnePhoto } from "../../people/recognizer/index.ts";
import { addExamples } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import {
  addPhotoQuestionOptions,
  PHOTOS_ARGUMENT,
  type PhotoQuestionOptions,
  setPhotoQuestion,
} from "../support/photoQuestions.ts";

interface RepresentOptions extends PhotoQuestionOptions {
  readonly crop?: string;
}

export function addRepresent(program: Command, io: Io): void {
  const command = program
    .command("represent")
    .summary("the features and the binary code of a face")
    .description(paragraph`
      Prints the binary code of a face in hexadecimal, 64 bytes for a net of 512 neurons; with --json also its
      features, the numbers that Joint Bayesian compares. Features of many pictures for other programs: \`deepid
      extract\`.
    `)
    .argument(...PHOTOS_ARGUMENT)
    .option("--crop <file>", "write the aligned face of one picture, a .png file");
  addPhotoQuestionOptions(command);
  addExamples(
    command,
    "deepid represent photo.jpg --model models/whole-face",
    "deepid represent photo.jpg --model models/whole-face --json --crop face.png",
    "deepid represent holiday/ --face largest --csv codes.csv",
  );
  setPhotoQuestion(command, io, {
    doing: "representing",
    columns: ["photo", "code"],
    rows: ({ photo, answer }) => [[photo, answer.code]],
    text: representationsText,
    asked: ({ crop: file }: RepresentOptions, photos) => {
      if (file !== undefined) checkWritable(file, "file");
      if (file !== undefined && !isOnePhoto(photos)) {
        throw new InputError("--crop is for one picture; deepid align cuts out the faces of many");
      }
      return {
        async ask(recognizer, input) {
          const { model, codeBits, fingerprint } = recognizer.about;
          const asked = { crop: file !== undefined, signal: io.interrupt };
          const answer = await recognizer.represent(input, asked);
          if (!answer.ok) return answer;
          const { crop, ...result } = answer;
          if (file !== undefined) await writingTo(file, () => writeFile(file, Buffer.from(crop!, "base64")));
          return { ...result, codeBits, model, fingerprint };
        },
      };
    },
  });
}
