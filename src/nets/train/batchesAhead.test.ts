import { expect, test } from "vitest";
import { noiseFaces, TINY } from "../../../test/support/tinyTraining.ts";
import { createBatches } from "./batches.ts";
import { batchesAhead } from "./batchesAhead.ts";

test("batches made ahead by threads are those made here, from whichever step on", async () => {
  const faces = noiseFaces(TINY);
  const batchAt = createBatches(faces, TINY);
  for (const [first, threads] of [
    [0, 1],
    [7, 3],
  ]) {
    const batches = batchesAhead(faces, TINY, threads);
    try {
      for (let step = first; step < first + 8; step++) {
        expect(await batches.at(step)).toEqual(batchAt(step));
      }
    } finally {
      await batches.release();
    }
  }
});

test("faces that make no batches are refused before a thread starts", () => {
  const faces = noiseFaces(TINY);
  expect(() => batchesAhead({ ...faces, crops: faces.crops.subarray(1) }, TINY, 2)).toThrow("bytes");
});
