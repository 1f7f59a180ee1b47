import { expect, test } from "vitest";
import { facesOfBytes } from "../../../test/support/faces.ts";
import { systemOfTwo } from "../../../test/support/tinySystem.ts";
import { createRng } from "../../base/random/index.ts";
import { openSystem } from "../../nets/models/index.ts";
import { systemFeatures } from "../../nets/net/index.ts";
import { openModelSource } from "./featureSource.ts";
import { vectorSource } from "./vectorSource.ts";

const MODEL = "models/whole-face";
const rng = createRng(6);
const FACES = facesOfBytes(5, () => rng.integer(256));
const OPTIONS = { threads: 1 };

test("a vector is the person that Joint Bayesian expects on a face, however many are computed at a time", async () => {
  const system = await openSystem(MODEL, OPTIONS);
  try {
    const { matcher } = system.matcher;
    const { ratios } = matcher.model;
    const k = ratios.length;
    const coordinates = matcher.project(await systemFeatures(system, FACES)).values;
    const told: number[] = [];
    const onProgress = (done: number, total: number) => told.push(done / total);
    const set = await vectorSource(system, { model: "m" }, 2).extract(FACES, { onProgress });
    expect([set.rows, set.dimension, set.names]).toEqual([5, k, FACES.names]);
    set.values.forEach((value, i) => {
      const ratio = ratios[i % k];
      expect(value).toBeCloseTo((coordinates[i] * ratio) / (1 + ratio), 3);
    });
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  } finally {
    await system.release();
  }
});

test("a system has vectors, too, and a net's other layers are still for one net", async () => {
  const folder = await systemOfTwo(MODEL); // its matcher compares the mean of the same net twice
  const [one, two] = await Promise.all(
    [MODEL, folder].map((model) => openModelSource(model, { ...OPTIONS, feature: "vector" })),
  );
  try {
    expect(two.provenance).toMatchObject({ model: "two nets", feature: "vector", blockSize: "0" });
    const [own, both] = await Promise.all([one, two].map((source) => source.extract(FACES, {})));
    both.values.forEach((value, i) => {
      expect(value).toBeCloseTo(own.values[i], 3);
    });
  } finally {
    await Promise.all([one.release(), two.release()]);
  }
  await expect(openModelSource(folder, { ...OPTIONS, feature: "fc3" })).rejects.toThrow(
    /--feature is for one net/,
  );
});
