/** No file grows beyond what one can hold in mind. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const MOST = 250;
/** Generated. */
const LONGER = ["src/math/graph/onnx_pb.ts"];

/** The command line parses, calls and prints; what it calls belongs to the wings below. */
const MOST_OF_CLI = 5000;

const linesOf = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n").length;

test(`the command line has ${MOST_OF_CLI} lines at most`, () => {
  const listed = execFileSync("git", ["ls-files", "src/cli"], { encoding: "utf8" });
  const files = listed.split("\n").filter((file) => /\.ts$/.test(file) && !/\.test\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(40);
  expect(files.reduce((sum, file) => sum + linesOf(file), 0)).toBeLessThanOrEqual(MOST_OF_CLI);
});

test(`files have ${MOST} lines at most`, () => {
  const listed = execFileSync("git", ["ls-files", "src", "studio/src", "scripts", "bench"], {
    encoding: "utf8",
  });
  const files = listed
    .split("\n")
    .filter((file) => /\.(?:ts|svelte)$/.test(file) && !/\.test\.ts$|Bytes\.ts$/.test(file));
  const longer = files.filter((file) => linesOf(file) > MOST);
  expect(files.length).toBeGreaterThan(500);
  expect(longer.sort()).toEqual(LONGER);
});
