/** `deepid verify`: are two pictures of one person? */
import { type Command, Option } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { paragraph } from "../../base/text/index.ts";
import { POINT_RATES, type PointName } from "../../matching/match/index.ts";
import { verdictText } from "../../people/answers/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { addEngineOptions, addModelOption, existing, share } from "../support/options.ts";
import { answered } from "../support/output.ts";
import { addPairOptions, inputsFor, type RecognizerChoice, withRecognizer } from "../support/photos.ts";

interface VerifyOptions extends RecognizerChoice {
  readonly point?: PointName;
  readonly far?: number;
  readonly figure?: string;
}

export function addVerify(program: Command, io: Io): void {
  const command = program
    .command("verify")
    .summary("are two photos of the same person?")
    .description(paragraph`
      Compares the faces of two photos, of two aligned crops of 88 x 104 pixels, or of photos whose landmarks
      are given. A pair is accepted if it scores above a threshold: balanced has the fewest errors of all that
      accept at most 1 in 100 pairs of strangers; strict accepts 1 in 1,000. A pair above both is \`same\`,
      above one \`probably the same\`.
    `)
    .argument("<a>", "a picture", existing)
    .argument("<b>", "another", existing)
    .addOption(
      new Option("--point <name>", "which threshold").choices(Object.keys(POINT_RATES)).default("balanced"),
    )
    .addOption(
      new Option("--far <share>", "in place of --point: the false accept rate aimed at")
        .argParser(share)
        .conflicts("point"),
    )
    .option("--figure <file>", "draw both faces and their neurons' activations, an .svg file");
  addEngineOptions(addPairOptions(addModelOption(command)));
  addExamples(
    command,
    "deepid verify a.jpg b.jpg",
    "deepid verify a.jpg b.jpg --point strict",
    "deepid verify party.jpg b.jpg --face 2 --face-b main --model models/whole-face --figure both.svg",
    "deepid verify Ann/1.jpg Ann/2.jpg --landmarks landmarks.txt --model models/whole-face --far 0.01 --json",
  );
  setAction<VerifyOptions>(command, io, async (paths, options, output) => {
    const { far: falseAcceptRate, figure: file } = options;
    const point = falseAcceptRate === undefined ? options.point : undefined;
    if (file !== undefined) checkWritable(file, "file");
    const [[a], [, b]] = await Promise.all(
      [options.face, options.faceB ?? options.face].map((face) => inputsFor(paths, { ...options, face })),
    );
    await withRecognizer(options, async (recognizer) => {
      const asked = { point, falseAcceptRate, figure: file !== undefined, signal: io.interrupt };
      const answer = answered(await recognizer.verify(a, b, asked), output, options);
      const { ok, figure, ...verdict } = answer;
      if (file !== undefined) await writingTo(file, () => writeFileAtomic(file, figure!));
      output.result({ ...verdict, model: recognizer.about.model }, verdictText(verdict, paths));
    });
  });
}
