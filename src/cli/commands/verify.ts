/** `deepid verify`: are two pictures of one person? */

import type { Command } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { columns, formatPercent } from "../../base/text/index.ts";
import type { Verdict } from "../../people/answers/index.ts";
import type { Io } from "../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  addModelOption,
  existing,
  setAction,
  share,
} from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";
import {
  addPhotoOptions,
  answered,
  inputsFor,
  type RecognizerChoice,
  withRecognizer,
} from "../support/photos.ts";

interface VerifyOptions extends RecognizerChoice, OutputOptions {
  readonly far: number;
  readonly figure?: string;
}

export function addVerify(program: Command, io: Io): void {
  const command = program
    .command("verify")
    .summary("one person or two?")
    .description(
      "Compares the faces of two photos, of two aligned crops of 88 x 104 pixels, or of photos whose landmarks are " +
        "given. The probability assumes even odds beforehand.",
    )
    .argument("<a>", "a picture", existing)
    .argument("<b>", "another", existing)
    .option("--far <share>", "target false accept rate; sets the threshold", share, 0.001)
    .option("--figure <file>", "draw both faces and their neurons' activations, an .svg file");
  addEngineOptions(addPhotoOptions(addModelOption(command)));
  addExamples(
    command,
    "deepid verify a.jpg b.jpg --model models/whole-face",
    "deepid verify party.jpg b.jpg --face largest --model models/whole-face --figure both.svg",
    "deepid verify Ann/1.jpg Ann/2.jpg --landmarks landmarks.txt --model models/whole-face --far 0.01 --json",
  );
  setAction<VerifyOptions>(command, io, async (paths, options, output) => {
    const { far: falseAcceptRate, figure: file } = options;
    if (file !== undefined) checkWritable(file, "file");
    const [a, b] = await inputsFor(paths, options);
    await withRecognizer(options, async (recognizer) => {
      const asked = { falseAcceptRate, figure: file !== undefined, signal: io.interrupt };
      const answer = answered(await recognizer.verify(a, b, asked), output, options);
      const { ok, figure, ...verdict } = answer;
      if (file !== undefined) await writingTo(file, () => writeFileAtomic(file, figure!));
      output.result({ ...verdict, model: recognizer.about.model }, describe(verdict));
    });
  });
}

function describe({
  samePerson,
  logLikelihoodRatio,
  threshold,
  probability,
  cosine,
  hamming,
}: Verdict): string {
  const { value, falseAcceptRate, falseRejectRate } = threshold;
  const at =
    falseAcceptRate === null
      ? "even odds"
      : `false accept rate ${formatPercent(falseAcceptRate)}, false reject rate ${formatPercent(falseRejectRate)}`;
  return columns([
    ["verdict", samePerson ? "accepted as one person" : "not accepted as one person"],
    ["log likelihood ratio", `${logLikelihoodRatio.toFixed(2)} (threshold ${value.toFixed(2)}, ${at})`],
    ["probability", probability === null ? "the model is not calibrated" : formatPercent(probability)],
    ["cosine", cosine.toFixed(3)],
    ["Hamming distance", `${hamming.distance} of ${hamming.bits} bits`],
  ]);
}
