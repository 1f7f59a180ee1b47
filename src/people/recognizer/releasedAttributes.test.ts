import { expect, test } from "vitest";
import { readSafetensors } from "../../base/files/index.ts";
import { attributesFile } from "./attributes.ts";

/** Features reveal race, and `analyze` does not tell it: docs/photos.md. */
const RACES = ["White", "Black", "Asian", "Indian"];

test.each(["whole-face", "whole-face-taught"])("%s tells the 13 attributes, and no race", async (model) => {
  const { metadata } = await readSafetensors(attributesFile(`models/${model}`));
  const { names } = JSON.parse(metadata.about!) as { names: string[] };
  expect(names).toHaveLength(13);
  expect(names.filter((name) => RACES.includes(name))).toEqual([]);
});
