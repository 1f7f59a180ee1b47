import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DataError, InputError, Interruption } from "../base/errors/index.ts";
import { writeFileAtomic, writingTo } from "../base/files/index.ts";
import { describeFailure } from "./failure.ts";

test("each kind of failure has its exit code", () => {
  expect(describeFailure(new InputError("wrong option"))).toEqual({ code: 2, message: "wrong option" });
  expect(describeFailure(new DataError("a.png: broken"))).toEqual({ code: 3, message: "a.png: broken" });
  expect(describeFailure(new Interruption("stopped"))).toEqual({ code: 130, message: "stopped" });
});

test("a bug says that it is one, and its stack only when asked", () => {
  const bug = new TypeError("x is not a function");
  expect(describeFailure(bug)).toEqual({
    code: 1,
    message: "bug: x is not a function (with DEBUG=1 the stack is shown)",
  });
  expect(describeFailure(bug, true).message).toContain("failure.test.ts");
  expect(describeFailure("text").message).toBe("bug: text was thrown");
});

/** An error as the operating system's refusals come out of Node. */
const refusal = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: in the words of libuv, write`), { code, path });

test.each([
  ["ENOSPC", "no space left on the disk"],
  ["EACCES", "permission denied"],
  ["EROFS", "the disk is read-only"],
  ["EFBIG", "the file grows larger than files may be here"],
])("%s is said in words, with the place that was written to", async (code, words) => {
  const failure = writingTo("out/result.json", () => Promise.reject(refusal(code)));
  await expect(failure).rejects.toThrow(new InputError(`out/result.json: cannot be written: ${words}`));
});

test("a refusal that nobody has placed names its own path, and is not called a bug", () => {
  expect(describeFailure(refusal("ENOENT", "lost.txt"))).toEqual({
    code: 2,
    message: "lost.txt: no such file or folder",
  });
  expect(describeFailure(refusal("EWEIRD")).message).toBe("EWEIRD: in the words of libuv, write");
});

test("what Node itself throws for wrong arguments stays a bug", () => {
  const wrong = Object.assign(new TypeError("must be a string"), { code: "ERR_INVALID_ARG_TYPE" });
  expect(describeFailure(wrong).code).toBe(1);
});

test("writing below a file is refused in words", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "deepid-")), "file");
  await writeFile(file, "");
  const place = join(file, "result.json");
  const failure = writingTo(place, () => writeFileAtomic(place, "{}"));
  await expect(failure).rejects.toThrow(/result\.json: cannot be written: /);
});

test("other failures pass through untouched", async () => {
  const bug = new Error("x");
  await expect(writingTo("out", () => Promise.reject(bug))).rejects.toBe(bug);
});
