import { expect, test } from "vitest";
import { checkJson, JSON_LIMITS } from "./json.ts";

const check = (text: string) => checkJson(Buffer.from(text));

test("what a request needs passes, whatever its texts hold", () => {
  const picture = "A".repeat(5_000_000);
  check(JSON.stringify({ a: picture, b: picture, aligned: true, falseAcceptRate: 0.001 }));
  check(JSON.stringify({ name: '[[[[[[[[[[[["\\\\"}}}],,,::', other: "\\" }));
  check(`{"a": "${"[".repeat(100_000)}"}`);
  check(`{"a": "${"\\/".repeat(1_000_000)}"}`); // as PHP writes base64
});

test("megabytes of anything but text are refused at once", () => {
  const started = performance.now();
  const much = 27_000_000;
  for (const bomb of [
    "[".repeat(much),
    "{},".repeat(much / 3),
    '"",'.repeat(much / 3),
    `"${'\\"'.repeat(much / 2)}`,
    " ".repeat(much),
    "1".repeat(much),
    '{"a":'.repeat(much / 5),
    "]".repeat(much),
  ]) {
    expect(() => check(bomb), bomb.slice(0, 9)).toThrow(/^The JSON has more than/);
  }
  expect(performance.now() - started).toBeLessThan(5_000); // most of it makes the bombs
});

test("the limits are where they are said to be", () => {
  const { depth, marks } = JSON_LIMITS;
  check("[".repeat(depth));
  expect(() => check("[".repeat(depth + 1))).toThrow(`${depth} levels`);
  check("[".repeat(1) + ",".repeat(marks - 1));
  expect(() => check(",".repeat(marks + 1))).toThrow(`${marks} parts`);
  check('"no end');
  check('"no end \\"');
});
