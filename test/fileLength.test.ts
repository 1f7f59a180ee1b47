/** No file grows beyond what one can hold in mind. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const MOST = 250;
/** Generated. */
const LONGER = ["src/math/graph/onnx_pb.ts"];

test(`files have ${MOST} lines at most`, () => {
  const listed = execFileSync("git", ["ls-files", "src", "studio/src", "scripts", "bench"], {
    encoding: "utf8",
  });
  const files = listed
    .split("\n")
    .filter((file) => /\.(?:ts|svelte)$/.test(file) && !/\.test\.ts$|Bytes\.ts$/.test(file));
  const longer = files.filter((file) => readFileSync(file, "utf8").trimEnd().split("\n").length > MOST);
  expect(files.length).toBeGreaterThan(500);
  expect(longer.sort()).toEqual(LONGER);
});
