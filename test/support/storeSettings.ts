import type { StoreSettings } from "../../src/people/gallery/index.ts";

/** The settings that every store of the suite is made with. */
export const SUITE_SETTINGS: StoreSettings = {
  model: "model a",
  codeBytes: 64,
  dimension: 3,
  keyCheck: "",
};

/** The bytes of a vector of two numbers. */
export function vectorOf(value: number): Buffer {
  const vector = Buffer.alloc(8);
  vector.writeFloatLE(value, 0);
  vector.writeFloatLE(-value, 4);
  return vector;
}
