import { readdir } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/pictures.ts";
import { TINY } from "../../../test/support/tinyTraining.ts";
import { InputError } from "../../base/errors/index.ts";
import { WHOLE_FACE } from "../../faces/face/index.ts";
import { parseTraining } from "./config.ts";
import { buildStepGraph } from "./step.ts";
import { stepConfig } from "./stepConfig.ts";

const folder = new URL("../../../configs/", import.meta.url);

describe("parseTraining", () => {
  test("gives a config back as it is", () => {
    expect(parseTraining(TINY, "test")).toEqual(TINY);
  });

  test("fills in what a config leaves out, and in entries, too; options stay left out", () => {
    const defaults = parseTraining({}, "nothing");
    expect(parseTraining(defaults, "test")).toEqual(defaults);
    const given = parseTraining({ steps: 7, net: { neurons: 64 }, augmentation: { blur: 0.1 } }, "test");
    expect(given).toEqual({
      ...defaults,
      steps: 7,
      net: { ...defaults.net, neurons: 64 },
      augmentation: { ...defaults.augmentation, blur: 0.1 },
    });
    expect(Object.keys(defaults.augmentation)).toEqual(["shift", "mirror", "light"]);
    expect(buildStepGraph(stepConfig(defaults, 100)).length).toBeGreaterThan(1000);
  });

  test.each([
    ["learningRate.peak", { ...TINY, learningRate: { peak: Number.NaN, warmup: 1 } }],
    ["steps", { ...TINY, steps: 0 }],
    ["dropout", { ...TINY, net: { ...TINY.net, dropout: 1 } }],
    ["taps", { ...TINY, net: { ...TINY.net, taps: [1, 5] } }],
    ["must all be different", { ...TINY, net: { ...TINY.net, taps: [4, 4] } }],
    ["must include 4", { ...TINY, net: { ...TINY.net, taps: [1, 2] } }],
    ["DeepID2 has no other", { ...TINY, net: { ...TINY.net, family: "deepid2" } }],
    ["must be below every tap", { ...TINY, frozen: 1 }],
    ["frozen must be 1 or more", { ...TINY, adopt: "frozen" }],
    ["must be more than pairs", { ...TINY, sample: TINY.pairs }],
    ["must be among the net's taps", { ...TINY, net: { ...TINY.net, taps: [4] }, heads: [1] }],
    ["says nothing beside heads", { ...TINY, net: { ...TINY.net, taps: [4] }, heads: [4], frozen: 1 }],
    ["must have the height, width and colours of the net", { ...TINY, region: WHOLE_FACE }],
    ["maps", { ...TINY, net: { ...TINY.net, maps: [1, 2, 3] } }],
    ["momentun", { ...TINY, momentun: 0.9 }],
    ["momentum", { ...TINY, momentum: null }],
  ])("says what is wrong: %s", async (part, wrong) => {
    const failure = await failureOf(Promise.resolve().then(() => parseTraining(wrong, "my.json")));
    expect(failure).toBeInstanceOf(InputError);
    expect(failure.message).toContain("my.json: not a training config");
    expect(failure.message).toContain(part);
  });
});

test("every run of the repository's configs is one, and its step can be built", async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const { default: config } = (await import(new URL(file, folder).href)) as { default: object };
    for (const run of "net" in config ? [config] : Object.values(config)) {
      const training = parseTraining(run, file);
      expect(training).toMatchObject(run); // with defaults for what it leaves out
      expect(parseTraining(training, file)).toEqual(training);
      const width = training.teacher ? 128 : 0; // of the teacher's features
      expect(buildStepGraph(stepConfig(training, 100, width)).length).toBeGreaterThan(1000);
    }
  }
});
