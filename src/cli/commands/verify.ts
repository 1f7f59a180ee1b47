/** `deepid verify`: are two pictures of one person? Or which of many show the person of the first? */
import { type Command, Option } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { paragraph } from "../../base/text/index.ts";
import { POINT_RATES, type PointName } from "../../matching/match/index.ts";
import {
  type Answer,
  type FaceInput,
  VERDICT_COLUMNS,
  type VerifyResult,
  verdictRow,
  verdictsText,
  verdictText,
} from "../../people/answers/index.ts";
import { isOnePhoto, verifyAgainst } from "../../people/recognizer/index.ts";
import { addExamples } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { existing, share } from "../support/options.ts";
import {
  addPhotoQuestionOptions,
  type PhotoQuestionOptions,
  setPhotoQuestion,
} from "../support/photoQuestions.ts";
import { addFaceB, inputsFor } from "../support/photos.ts";

interface VerifyOptions extends PhotoQuestionOptions {
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
      accept at most 1 in 300 pairs of strangers; strict accepts 1 in 1,000. A pair above both is \`same\`,
      above one \`probably the same\`.
    `)
    .argument("<a>", "a picture", existing)
    .argument("<b...>", "another; several, folders and archives are compared with the first, one by one")
    .addOption(
      new Option("--point <name>", "which threshold").choices(Object.keys(POINT_RATES)).default("balanced"),
    )
    .addOption(
      new Option("--far <share>", "in place of --point: the false accept rate aimed at")
        .argParser(share)
        .conflicts("point"),
    )
    .option("--figure <file>", "draw both faces and their neurons' activations, an .svg file");
  addFaceB(addPhotoQuestionOptions(command));
  addExamples(
    command,
    "deepid verify a.jpg b.jpg",
    "deepid verify a.jpg b.jpg --point strict",
    "deepid verify passport.jpg holiday/ --csv verdicts.csv",
    "deepid verify party.jpg b.jpg --face 2 --face-b main --model models/whole-face --figure both.svg",
    "deepid verify Ann/1.jpg Ann/2.jpg --landmarks landmarks.txt --model models/whole-face --far 0.01 --json",
  );
  setPhotoQuestion<VerifyOptions, VerifyResult & { readonly model: string }>(command, io, {
    doing: "comparing",
    columns: VERDICT_COLUMNS,
    rows: ({ photo, answer }) => [verdictRow(photo, answer)],
    text: ({ one, answers }, given) => (one ? verdictText(answers[0].answer, given) : verdictsText(answers)),
    asked: (options, [first, ...photos]) => {
      const { far: falseAcceptRate, figure: file, face, faceB = face } = options;
      const point = falseAcceptRate === undefined ? options.point : undefined;
      if (file !== undefined) checkWritable(file, "file");
      const one = isOnePhoto(photos);
      if (file !== undefined && !one) throw new InputError("--figure draws two photos; give no more");
      const asked = { point, falseAcceptRate, figure: file !== undefined, signal: io.interrupt };
      let compare: (b: FaceInput) => Promise<Answer<VerifyResult>>;
      return {
        photos,
        async begin(recognizer) {
          const [a] = await inputsFor([first], options);
          compare = one ? (b) => recognizer.verify(a, b, asked) : await verifyAgainst(recognizer, a, asked);
        },
        async ask({ about: { model } }, b) {
          const answer = await compare({ ...b, face: faceB });
          if (!answer.ok) return answer;
          const { figure, ...verdict } = answer;
          if (file !== undefined) await writingTo(file, () => writeFileAtomic(file, figure!));
          return { ...verdict, model };
        },
      };
    },
  });
}
