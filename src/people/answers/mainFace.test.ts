import { describe, expect, test } from "vitest";
import { mainFace } from "./index.ts";

const picture = { width: 400, height: 300 };
const face = (x: number, y: number, side: number, score = 0.9) => ({
  box: { x: x - side / 2, y: y - side / 2, width: side, height: side },
  score,
});

describe("the face that a person's picture is of is", () => {
  test.each([
    ["the only one, wherever it is", [face(30, 30, 20)], 0],
    ["the largest, also at the side", [face(60, 80, 100), face(200, 150, 60)], 0],
    ["the one in the middle of several as large", [face(50, 60, 100), face(205, 150, 90)], 1],
    [
      "not clear where two as large are as far from the middle",
      [face(100, 150, 90), face(300, 150, 85)],
      undefined,
    ],
    ["the likely one, though an emblem is larger", [face(90, 90, 120, 0.2), face(260, 150, 70, 0.9)], 1],
  ])("%s", (_, faces, expected) => {
    expect(mainFace(faces, picture)).toBe(expected);
  });
});
