import { expect, test } from "vitest";
import { type Analysis, analysesText } from "./index.ts";

const analysis: Analysis = {
  face: {
    source: "aligned",
    picture: { width: 88, height: 104 },
    landmarks: null,
    box: null,
    score: null,
    number: null,
    faces: 0,
    eyeDistance: 30,
    sharpness: 1,
    cutOff: 0,
  },
  attributes: [
    { name: "Blond Hair", present: true, probability: 0.537, accuracy: 0.95 },
    { name: "Hat", present: false, probability: 0.2, accuracy: 0.9 },
  ],
  measuredOn: { source: "lfw: lfw.tgz", people: 2874, pictures: 6000 },
};
const answers = [{ photo: "a.jpg", answer: analysis }];

test("attributes are told with how sure they are, of many photos too, and with how often such answers are right", () => {
  expect(analysesText({ one: false, answers })).toBe("a.jpg  Blond Hair (54 % sure)");
  const one = analysesText({ one: true, answers });
  expect(one).toMatch(/Blond Hair +yes +54 % sure \(right 95 % of the time\)/);
  expect(one).toMatch(/Hat +no +80 % sure \(right 90 % of the time\)/);
  expect(one).toMatch(/counted on 2,874 people who taught none of them \(lfw: lfw.tgz\)$/);
});
