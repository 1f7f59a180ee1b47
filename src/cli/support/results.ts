/** Results of commands on their way to files. */
import { basename } from "node:path";
import type { Command } from "commander";
import { writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { measuredModel, type ResultKind, resultText } from "../../lab/results/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import type { Io } from "./io.ts";
import type { Output } from "./output.ts";

/** What a result is, for the head of its file. */
export interface ResultOf {
  readonly kind: ResultKind;
  /** What was measured; left out where no model took part. */
  readonly system?: FaceSystem;
  /** What it was measured on. */
  readonly data: string;
}

/** By which command, and today. */
export const madeNow = ({ command = "deepid" }: Io) => ({
  command,
  date: new Date().toISOString().slice(0, 10),
});

/** Writes a result, which says where it comes from, where a path is given. */
export async function writeResult(
  path: string | undefined,
  { kind, system, data }: ResultOf,
  body: object,
  io: Io,
): Promise<void> {
  if (path === undefined) return;
  const model = system ? measuredModel(system) : null;
  const text = resultText({ kind, model, data, ...madeNow(io) }, body);
  await writingTo(path, () => writeFileAtomic(path, text));
}

/** The command line as results may show it: of paths the names alone, as they lie elsewhere on other machines. */
export const commandOf = (args: readonly string[]): string =>
  ["deepid", ...args.map((arg) => (/^(?:\/|\.{1,2}\/)/.test(arg) ? basename(arg) : arg))].join(" ");

/** Options of every benchmark. */
export interface BenchOptions {
  readonly out?: string;
}

export const addOutOption = (command: Command): Command =>
  command.option("--out <file>", "write the result as JSON, too");

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
