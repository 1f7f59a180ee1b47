/** Answers as rows of a table, for CSV. */
import type { Cell } from "../../base/text/index.ts";
import type { VerifyResult } from "./answers.ts";
import type { Recognitions } from "./galleryAnswers.ts";

/** The columns of `recognitionRows`. */
export const RECOGNITION_COLUMNS = [
  ...["photo", "face", "x", "y", "width", "height"],
  ...["person", "verdict", "unfit", "score", "probability", "hamming_distance"],
] as const;

/** A row for each face of a photo; one that says "no-face" for a photo without any. */
export function recognitionRows(photo: string, { faces }: Recognitions): readonly (readonly Cell[])[] {
  if (faces.length === 0)
    return [[photo, ...Array<Cell>(RECOGNITION_COLUMNS.indexOf("unfit") - 1), "no-face"]];
  return faces.map(({ face: { box }, person, unfit, verdict, candidates: [best] }, index) => [
    ...[photo, index, box?.x, box?.y, box?.width, box?.height],
    ...[person?.name, verdict, unfit, best?.score, best?.probabilityAtEvenOdds, best?.hammingDistance],
  ]);
}

/** Of one photo compared with others: a row for each of these. */
export const VERDICT_COLUMNS = [
  "photo",
  "verdict",
  "score",
  "probability",
  "cosine",
  "hamming_distance",
] as const;

export const verdictRow = (photo: string, answer: VerifyResult): readonly Cell[] => [
  ...[photo, answer.verdict, answer.score, answer.probabilityAtEvenOdds],
  ...[answer.cosine, answer.hammingDistance],
];
