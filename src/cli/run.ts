/** Runs one command line from its arguments to its exit code. */
import { Command, CommanderError } from "commander";
import { printing } from "../base/text/index.ts";
import { commandsFor } from "./commands.ts";
import { describeFailure, EXIT } from "./failure.ts";
import { addExamples } from "./support/command.ts";
import type { Io } from "./support/io.ts";
import { version } from "./support/io.ts";
import { commandOf } from "./support/results.ts";

/** Runs `deepid` with `args`; returns the exit code. Everything is written through `io`, failures too. */
export async function run(args: readonly string[], given: Io): Promise<number> {
  const io: Io = { ...given, out: printing(given.out, args), err: printing(given.err, args) };
  try {
    await (await createProgram(args, io)).parseAsync(args, { from: "user" });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input; // has spoken already
    const { code, message } = describeFailure(error, Boolean(io.env.DEBUG));
    io.err(`${code === EXIT.interrupted ? "" : "error: "}${message}\n`);
    return code;
  }
}

async function createProgram(args: readonly string[], io: Io): Promise<Command> {
  const program = new Command("deepid")
    .description(
      "DeepID2+ face recognition: train nets, extract features, verify faces, and measure how well it works.",
    )
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 a bug, 2 wrong use or a place that cannot be read or written, 3 a bad file, or some of many skipped, 130 interrupted.",
    );
  const told = { ...io, command: commandOf(args) };
  for (const add of await commandsFor(args)) add(program, told);
  return addExamples(program, "deepid demo", "deepid verify --help");
}
