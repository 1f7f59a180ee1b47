/** What all benchmarks say beside their numbers: on which machine, and how busy it was. */
import { cpus, loadavg } from "node:os";
import type { Command } from "commander";
import type { Io } from "../../support/io.ts";
import type { Output, OutputOptions } from "../../support/output.ts";
import { writeResult } from "../../support/results.ts";

export interface BenchOptions extends OutputOptions {
  readonly out?: string;
}

export const addOutOption = (command: Command): Command =>
  command.option("--out <file>", "write the result as JSON, too");

/** A load average above 1 or so says that the machine was not quiet. */
export const machine = () => ({
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  node: process.version,
  loadAverage: loadavg()[0],
});

interface Given {
  readonly out?: string;
  readonly output: Output;
  readonly io: Io;
  /** What was timed on. */
  readonly data: string;
}

/** Prints a result, and writes it where that was asked for. */
export async function give(result: object, text: string, { out, output, io, data }: Given): Promise<void> {
  await writeResult(out, { kind: "speed", data }, result, io);
  output.result(result, text);
}
