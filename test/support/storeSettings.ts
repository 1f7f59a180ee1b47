import type { StoreSettings } from "../../src/people/gallery/index.ts";

/** The settings that every store of the suite is made with. */
export const SUITE_SETTINGS: StoreSettings = {
  model: "model a",
  codeBytes: 64,
  dimension: 3,
  keyCheck: "",
};
