import { expect, test } from "vitest";
import { assertFewToGroup, MOST_TO_GROUP } from "./mostToGroup.ts";

test("as many faces as can be grouped at once pass, one more does not", () => {
  assertFewToGroup("people.sqlite", MOST_TO_GROUP);
  expect(() => assertFewToGroup("people.sqlite", MOST_TO_GROUP + 1)).toThrow(
    "people.sqlite: at most 100,000 faces are grouped at once, got 100,001",
  );
});
