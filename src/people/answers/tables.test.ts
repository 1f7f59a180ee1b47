import { expect, test } from "vitest";
import { RECOGNITION_COLUMNS, type Recognitions, recognitionRows } from "./index.ts";

const picture = { width: 640, height: 480 };
const threshold = {
  point: null,
  score: 1,
  probabilityAtEvenOdds: null,
  falseAcceptRate: null,
  falseRejectRate: null,
};
const face = {
  source: "located",
  picture,
  landmarks: null,
  box: { x: 1, y: 2, width: 30, height: 40 },
  score: 0.9,
  number: 0,
  faces: 1,
  eyeDistance: 8,
  sharpness: 1,
  cutOff: 0,
} as const;
const answer: Recognitions = { picture, threshold, people: 3, falseAlarmRate: null, faces: [] };

/** The row of a photo by the names of its columns, without what is empty. */
const tableOf = (given: Recognitions) =>
  recognitionRows("a.jpg", given).map((row) =>
    Object.fromEntries(
      RECOGNITION_COLUMNS.map((name, i) => [name, row[i]] as const).filter(([, cell]) => cell != null),
    ),
  );

test("a photo has a row for each face, with why one is not judged in a column of its own; without faces it has one, too", () => {
  expect(tableOf(answer)).toEqual([{ photo: "a.jpg", unfit: "no-face" }]);
  const small = { face, person: null, verdict: null, explanation: "", candidates: [] };
  expect(tableOf({ ...answer, faces: [{ ...small, unfit: "face-too-small" }] })).toEqual([
    { photo: "a.jpg", face: 0, x: 1, y: 2, width: 30, height: 40, unfit: "face-too-small" },
  ]);
});
