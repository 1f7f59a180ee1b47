#!/usr/bin/env node
import { Interruption } from "../base/errors/index.ts";
import { systemReason } from "../base/files/index.ts";
/** The program `deepid`: the command line on this process. */
import { EXIT } from "./failure.ts";
import { run } from "./run.ts";
import type { Io } from "./support/io.ts";

// ONNX Runtime's telemetry: src/math/engine switches it off wherever it loads; here it is off before any thread starts.
process.env.ORT_DISABLE_TELEMETRY = "1";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted); // asked twice
    process.stderr.write("\nstopping; once more to stop at once\n");
    interrupt.abort(new Interruption("stopped"));
  });
}
// A reader that has seen enough, as `deepid ... | head`, is no failure of ours; a full disk is one of the user's.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  process.stderr.write(
    `error: standard output: cannot be written: ${systemReason(error) ?? error.message}\n`,
  );
  process.exit(EXIT.input);
});
process.stderr.on("error", () => {}); // nobody reads how far it is: the work goes on

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY ? process.stderr : undefined,
  env: process.env,
  now: () => performance.now(),
  interrupt: interrupt.signal,
};
process.exitCode = await run(process.argv.slice(2), io);
