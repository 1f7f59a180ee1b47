import { expect, test } from "vitest";
import { decodeBlaze } from "./blazeFace.ts";

const GUESSES = 16 * 16 * 2 + 8 * 8 * 6;

/** The net's numbers where it sees nothing but these faces: guess, score, and 4 numbers of the box. */
function numbers(faces: readonly (readonly [guess: number, score: number, box: readonly number[]])[]) {
  const scores = new Float32Array(GUESSES);
  const places = new Float32Array(GUESSES * 16);
  for (const [guess, score, box] of faces) {
    scores[guess] = score;
    places.set([...box, -6, -4, 6, -4, 0, 1, 0, 6, -9, 0, 9, 0], guess * 16);
  }
  return decodeBlaze(scores, places, { width: 256, height: 256 }, 0.3);
}

test("numbers are offsets from the middle of a cell, of 16 pixels and then of 32", () => {
  const [fine] = numbers([[2 * (16 * 3 + 5) + 1, 0.9, [2, -1, 20, 30]]]); // row 3, column 5
  expect(fine.score).toBeCloseTo(0.9, 6);
  expect(fine.box).toEqual({ x: 88 + 2 - 10, y: 56 - 1 - 15, width: 20, height: 30 });
  expect(fine.keypoints[0]).toEqual({ x: 82, y: 52 });
  expect(fine.keypoints[5]).toEqual({ x: 97, y: 56 });
  const [coarse] = numbers([[512 + 6 * (8 * 2 + 1) + 5, 0.5, [0, 0, 64, 64]]]); // row 2, column 1
  expect(coarse.box).toEqual({ x: 48 - 32, y: 80 - 32, width: 64, height: 64 });
});

test("cells of a wider picture lie row by row, too", () => {
  const [width, height] = [544, 416];
  const fine = ((2 * width) / 16) * (height / 16);
  const guesses = fine + ((6 * width) / 32) * (height / 32);
  const scores = new Float32Array(guesses);
  const places = new Float32Array(guesses * 16);
  for (const guess of [2 * (34 * 3 + 33), guesses - 1]) {
    scores[guess] = 0.9;
    places.set([0, 0, 20, 20], guess * 16);
  }
  const found = decodeBlaze(scores, places, { width, height }, 0.3);
  expect(found.map(({ box }) => [box.x + 10, box.y + 10])).toEqual([
    [16 * 33.5, 16 * 3.5],
    [width - 16, height - 16],
  ]);
});

test("guesses over one another are one face, at the mean that their scores weigh, with the best score", () => {
  const guess = 2 * (16 * 3 + 5);
  const faces = numbers([
    [guess, 0.8, [0, 0, 40, 40]],
    [guess + 1, 0.4, [6, 0, 40, 40]],
    [0, 0.9, [0, 0, 20, 20]], // far away
    [1, 0.29, [0, 0, 20, 20]], // too weak to count
  ]);
  expect(faces.map(({ score }) => score.toFixed(1))).toEqual(["0.9", "0.8"]);
  expect(faces[1].box.x).toBeCloseTo(88 - 20 + 2, 4);
  expect(faces[1].keypoints[2].x).toBeCloseTo(88, 4);
});

test("boxes without any area end the search, too", () => {
  expect(numbers([[7, 0.9, [0, 0, 0, 0]]]).length).toBe(1);
});
