import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { folderOf } from "../../../test/support/pictures.ts";
import { DataError } from "../../base/errors/index.ts";
import { input, mul, toOnnx } from "../../math/graph/index.ts";
import { warp } from "../image/index.ts";
import { overlap } from "../locate/overlap.ts";
import { decodeYunet, STRIDES } from "../locate/yunetOutputs.ts";
import { createPopulation } from "../synthetic/index.ts";
import { openYunetLocator } from "./index.ts";

/** Outputs for a picture of 64 x 32 in which every cell is empty. */
const emptyOutputs = () =>
  Object.fromEntries(
    STRIDES.flatMap((stride) => {
      const cells = (64 / stride) * (32 / stride);
      return (["cls", "obj", "bbox", "kps"] as const).map((kind) => {
        const width = { cls: 1, obj: 1, bbox: 4, kps: 10 }[kind];
        return [`${kind}_${stride}`, { shape: [1, cells, width], data: new Float32Array(cells * width) }];
      });
    }),
  );

/** Puts a face into the cell at `column` and `row` of the grid of stride 8: 16 x 24 around the cell's corner. */
function putFace(outputs: ReturnType<typeof emptyOutputs>, column: number, row: number, score: number): void {
  const cell = row * 8 + column;
  outputs.cls_8.data[cell] = score;
  outputs.obj_8.data[cell] = score;
  outputs.bbox_8.data.set([0, 0, Math.log(2), Math.log(3)], 4 * cell);
  outputs.kps_8.data.set([-0.5, -0.5, 0.5, -0.5, 0, 0, -0.5, 0.5, 0.5, 0.5], 10 * cell);
}

test("a cell's numbers are offsets from its corner in strides, and logarithms of sides", () => {
  const outputs = emptyOutputs();
  putFace(outputs, 3, 2, 0.9);
  const [face, ...others] = decodeYunet(outputs, { width: 64, height: 32 }, 0.6);
  expect(others).toEqual([]);
  expect(face.score).toBeCloseTo(0.9, 6);
  expect(face.box.x).toBeCloseTo(24 - 8, 4);
  expect(face.box.y).toBeCloseTo(16 - 12, 4);
  expect([face.box.width, face.box.height].map(Math.round)).toEqual([16, 24]);
  expect(face.landmarks[0]).toEqual({ x: 20, y: 12 });
  expect(face.landmarks[4]).toEqual({ x: 28, y: 20 });
});

test("of faces that lie over one another the best one is kept, and weak ones are left out", () => {
  const outputs = emptyOutputs();
  putFace(outputs, 1, 1, 0.8);
  putFace(outputs, 2, 1, 0.9); // 8 of 16 pixels aside: a third of their union
  putFace(outputs, 6, 1, 0.7);
  putFace(outputs, 4, 3, 0.5);
  const faces = decodeYunet(outputs, { width: 64, height: 32 }, 0.6);
  expect(faces.map(({ score }) => score.toFixed(1))).toEqual(["0.9", "0.7"]);
});

test("overlap is the shared area over the area of both", () => {
  const box = { x: 0, y: 0, width: 2, height: 2 };
  expect(overlap(box, box)).toBe(1);
  expect(overlap(box, { ...box, x: 1 })).toBeCloseTo(1 / 3, 12);
  expect(overlap(box, { ...box, x: 2 })).toBe(0);
});

test("an ONNX file that is no YuNet is refused", async () => {
  const x = input("x", [2]);
  const folder = await folderOf({ "net.onnx": toOnnx({ y: mul(x, x) }) });
  const refused = openYunetLocator(`${folder}/net.onnx`);
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow(/net\.onnx: not a YuNet detector/);
});

const file = fileURLToPath(new URL("../../../../shared/models/yunet_n_dynamic.onnx", import.meta.url));
const present = existsSync(file);

describe.skipIf(!present)(`a YuNet file${present ? "" : " (skipped: none beside this repository)"}`, () => {
  test("finds a drawn face and a turned one, with the points upright refinement gives", async () => {
    const locator = await openYunetLocator(file, { threads: 1 });
    const [{ image, landmarks }] = createPopulation({ people: 1, picturesPerPerson: 1, seed: 9 });
    const eyes = Math.hypot(landmarks[0].x - landmarks[1].x, landmarks[0].y - landmarks[1].y);
    for (const degrees of [0, 35]) {
      const [a, b] = [2 * Math.cos((degrees * Math.PI) / 180), 2 * Math.sin((degrees * Math.PI) / 180)];
      const turn = { a, b, shiftX: 160, shiftY: 20 };
      const faces = await locator.locate(warp(image, turn, { width: 420, height: 420 }));
      expect(faces.length).toBe(1);
      for (const [i, { x, y }] of landmarks.entries()) {
        const there = { x: a * x - b * y + 160, y: b * x + a * y + 20 };
        const found = faces[0].landmarks[i];
        expect(Math.hypot(found.x - there.x, found.y - there.y)).toBeLessThan((2 * eyes) / 4);
      }
    }
    await locator.release();
  });
});
