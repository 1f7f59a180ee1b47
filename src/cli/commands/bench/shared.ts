/** What all benchmarks say beside their numbers: on which machine, and how busy it was. */
import { cpus, loadavg } from "node:os";
import type { Command } from "commander";
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import type { Output, OutputOptions } from "../../support/output.ts";

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

/** Prints a result, and writes it where that was asked for. */
export async function give(
  result: object,
  text: string,
  { out, output }: { readonly out?: string; readonly output: Output },
): Promise<void> {
  if (out) await writingTo(out, () => writeFileAtomic(out, `${JSON.stringify(result, null, 2)}\n`));
  output.result(result, text);
}
