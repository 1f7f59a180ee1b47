import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { quietIo } from "../../../test/support/cli.ts";
import { createOutput } from "./output.ts";

/** An Io without a terminal whose clock is set by hand. */
function logging() {
  const clock = { seconds: 0 };
  return { ...quietIo(() => clock.seconds * 1000), clock };
}

test("a task that is quick says nothing", () => {
  const { io, seen, clock } = logging();
  const step = createOutput(io, {}).stage("aligning");
  for (const done of [1, 2, 3]) {
    clock.seconds += 0.6;
    step(done, 3);
  }
  expect(seen.err).toBe("");
});

test("in a log, a long task gives a line every ten seconds, with the time that is left", () => {
  const { io, seen, clock } = logging();
  const step = createOutput(io, {}).stage("aligning");
  for (let done = 10; done <= 300; done += 10) {
    clock.seconds += 1; // 10 a second: 30 seconds in all
    step(done, 300);
  }
  expect(seen.err).toBe(
    "aligning: 6 %, 20 of 300, 28 s left\n" +
      "aligning: 40 %, 120 of 300, 18 s left\n" +
      "aligning: 73 %, 220 of 300, 8 s left\n",
  );
});

test("the time left of a resumed task counts only what was done since", () => {
  const { io, seen, clock } = logging();
  const progress = createOutput(io, {}).progress("training");
  clock.seconds = 20;
  progress.update(1010, 2000);
  clock.seconds = 40;
  progress.update(1030, 2000); // 1 a second
  expect(seen.err.split("\n")[1]).toBe("training: 51 %, 1,030 of 2,000, 16 min 10 s left");
});

test("the time left of a task that begins again with other things counts from there", () => {
  const { io, seen, clock } = logging();
  const step = createOutput(io, {}).stage("extracting");
  for (const [first, total] of [
    [0, 300],
    [300, 60],
  ]) {
    for (let done = 10; done <= total; done += 10) {
      clock.seconds = (first + done) / 10; // 10 a second throughout
      step(done, total);
    }
  }
  expect(seen.err.split("\n").slice(-2)).toEqual(["extracting: 33 %, 20 of 60, 4 s left", ""]);
});

test.each([undefined, new PassThrough()])("a milestone is written at once, with its detail", (terminal) => {
  const { io, seen } = logging();
  const progress = createOutput({ ...io, terminal }, {}).progress("training");
  progress.update(5, 10, { detail: "held-out 81.0 %", milestone: true });
  expect(seen.err).toBe("training: 50 %, 5 of 10, held-out 81.0 %\n");
});

test.each([{ json: true }, { quiet: true }])("with %o nothing but the result is said", (options) => {
  const { io, seen, clock } = logging();
  const output = createOutput(io, options);
  output.note("training on 5 pictures");
  const step = output.stage("aligning");
  clock.seconds = 60;
  step(1, 2);
  output.result({ accuracy: 0.5 }, "half");
  expect(seen.err).toBe("");
  expect(seen.out).toBe("json" in options ? '{\n  "accuracy": 0.5\n}\n' : "half\n");
});

test.each([
  [{ json: true }, true],
  [{ json: true, quiet: true }, false],
])("on a terminal with %o a bar is drawn beside the JSON: %s", (options, shown) => {
  const { io, seen, clock } = logging();
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const output = createOutput({ ...io, terminal }, options);
  const step = output.stage("aligning");
  clock.seconds = 60;
  step(1, 2);
  output.result({ accuracy: 0.5 }, "half");
  expect(String(terminal.read()).includes("aligning: 50 %")).toBe(shown);
  expect(seen.err).toBe("");
  expect(seen.out).toBe('{\n  "accuracy": 0.5\n}\n');
});

test.each([
  [70, "███████░░░░░░░░░░░░░ aligning: 33 %, 100 of 300, 20 s left"],
  [50, "aligning: 33 %, 100 of 300, 20 s left"],
  [30, "aligning: 33 %, 100 of 300, 2"],
])("on a terminal of %d columns a bar is drawn that fits", (columns, line) => {
  const { io, seen, clock } = logging();
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns });
  const output = createOutput({ ...io, terminal }, {});
  const step = output.stage("aligning");
  step(0, 300);
  clock.seconds = 10;
  step(100, 300);
  output.note("done");
  expect(stripVTControlCharacters(String(terminal.read())).trim()).toBe(line);
  expect(seen.err).toBe("done\n");
});
