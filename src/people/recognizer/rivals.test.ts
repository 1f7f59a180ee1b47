import { expect, test } from "vitest";
import type { Candidate, Verdict } from "../answers/index.ts";
import { unlessAlike } from "./rivals.ts";

const candidate = (id: number, name: string, score: number): Candidate => ({
  person: { id, name },
  score,
  probabilityAtEvenOdds: null,
  hammingDistance: 100,
  faceId: id,
  faces: 1,
});
const explain = (verdict: Verdict) => `${verdict}, it says`;
const ask = (verdict: Verdict, ...scores: number[]) => {
  const candidates = scores.map((score, i) => candidate(i + 1, ["Ann", "Ben", "Cy"][i], score));
  const person = verdict === "different" ? null : candidates[0].person;
  return unlessAlike({ person, verdict, explanation: "as it was" }, candidates, explain);
};
const ANN = { id: 1, name: "Ann" };

test("a name stays where the second best is less than half as likely, or nobody else is known", () => {
  expect(ask("probably the same", 3, 2.3)).toEqual({
    person: ANN,
    verdict: "probably the same",
    explanation: "as it was",
  });
  expect(ask("same", 5)).toMatchObject({ person: ANN, verdict: "same" });
});

test("of two people who are about as likely none is named, and both are in the explanation", () => {
  expect(ask("probably the same", 3, 2.4, 2.3)).toEqual({
    person: null,
    verdict: "different",
    explanation: "This is nobody known here for sure: Ann and Ben are about as likely.",
  });
});

test("a name that is sure by its score stays and is no longer sure", () => {
  expect(ask("same", 8, 7.9)).toEqual({
    person: ANN,
    verdict: "probably the same",
    explanation: "probably the same, it says",
  });
});

test("a stranger stays one", () => {
  expect(ask("different", 1, 0.9)).toEqual({ person: null, verdict: "different", explanation: "as it was" });
});
