import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/pictures.ts";
import {
  checkpointIn,
  newRunFolder,
  rewriteCheckpoint,
  TINY,
  trainTiny,
} from "../../../test/support/tinyTraining.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { writeSafetensors } from "../../base/files/index.ts";
import { checkCheckpointRoom, hasCheckpoint, loadCheckpoint } from "./checkpoint.ts";
import { stepConfig } from "./stepConfig.ts";

let sound: Buffer;

beforeAll(async () => {
  const folder = await newRunFolder();
  await trainTiny(folder);
  sound = await readFile(checkpointIn(folder));
});

/** The failure to go on from a checkpoint that was changed. */
async function failureAfter(change: (folder: string) => Promise<unknown>): Promise<Error> {
  const folder = await newRunFolder();
  await writeFile(checkpointIn(folder), sound);
  await change(folder);
  const failure = await failureOf(trainTiny(folder));
  expect(failure).toBeInstanceOf(DataError);
  expect(failure.message).toContain(checkpointIn(folder));
  return failure;
}

test("a checkpoint holds where the run stands", async () => {
  const folder = await newRunFolder();
  expect(hasCheckpoint(folder)).toBe(false);
  await writeFile(checkpointIn(folder), sound);
  expect(hasCheckpoint(folder)).toBe(true);
  const { training, step, facesKey, recent, margins, state } = await loadCheckpoint(folder);
  expect({ training, step, facesKey }).toEqual({ training: TINY, step: 6, facesKey: "noise" });
  expect([recent.length, recent[0].distances.length, margins.length]).toEqual([4, TINY.margin.pairs, 4]);
  expect(state.weights["id1.bias"].length).toBe(4);
  expect(Object.keys(state.weights).some((name) => name.endsWith("velocity"))).toBe(false);
});

describe("a broken checkpoint is a DataError that names the file:", () => {
  test.each([0, 0.0001, 0.01, 0.3, 0.7, 0.9999])("cut off after %f of it", async (share) => {
    const part = sound.subarray(0, Math.floor(sound.length * share));
    await failureAfter((folder) => writeFile(checkpointIn(folder), part));
  });

  test.each(["fc1.weight", "fc1.weight.velocity", "margins", "recent2.same", "id1.bias"])(
    "without %s",
    async (name) => {
      const failure = await failureAfter((folder) =>
        rewriteCheckpoint(folder, (tensors) => {
          delete tensors[name];
        }),
      );
      expect(failure.message).toContain(name);
    },
  );

  test("with a tensor of another size", async () => {
    const failure = await failureAfter((folder) =>
      rewriteCheckpoint(folder, (tensors) => {
        tensors["conv1.bias"] = { dtype: "F32", shape: [3], data: new Float32Array(3) };
      }),
    );
    expect(failure.message).toContain("conv1.bias needs 2 values, got 3");
  });

  test("with a config that is none", async () => {
    const failure = await failureAfter((folder) =>
      rewriteCheckpoint(folder, (_, run) => {
        run.training = { ...TINY, pairs: -1 };
      }),
    );
    expect(failure.message).toContain("pairs");
  });

  test("a file of something else", async () => {
    const one = { dtype: "F32", shape: [1], data: Float32Array.of(1) } as const;
    const failure = await failureAfter((folder) => writeSafetensors(checkpointIn(folder), { one }));
    expect(failure.message).toContain('it has no "run" entry');
    await failureAfter((folder) => writeSafetensors(checkpointIn(folder), { one }, { run: "not JSON" }));
    await failureAfter((folder) => writeFile(checkpointIn(folder), "not a file of tensors"));
  });
});

test("a run is refused, before it begins, where the disk has no room for its checkpoint", async () => {
  const folder = await newRunFolder();
  checkCheckpointRoom(folder, TINY);
  checkCheckpointRoom(folder, { ...TINY, teacher: { weight: 1 } });
  expect(() => checkCheckpointRoom(folder, TINY, stepConfig(TINY, 1e12))).toThrow(InputError);
  expect(() => checkCheckpointRoom(folder, TINY, stepConfig(TINY, 1e12))).toThrow(
    /cannot be written: a run's checkpoint needs .* GB on the disk, and .* are left$/,
  );
});
