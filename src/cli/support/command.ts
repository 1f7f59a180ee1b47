/** What every command has: an action that may speak in JSON, or little; and examples. */
import type { Command } from "commander";
import { DataError } from "../../base/errors/index.ts";
import type { Io } from "./io.ts";
import { createOutput, type Output, type OutputOptions } from "./output.ts";

/** What an action gets: its arguments, its options, and where to speak. */
export type Action<O> = (args: string[], options: O & OutputOptions, output: Output) => Promise<void>;

/** Makes `work` the action of `command`, with --json and --quiet. */
export function setAction<O extends object>(command: Command, io: Io, work: Action<O>): Command {
  return command
    .optionsGroup("Output:")
    .option("--json", "print the result as JSON, and nothing else")
    .option("--quiet", "print the result, and no progress")
    .action(async (...given: unknown[]) => {
      const options = command.opts<O & OutputOptions>();
      const args = given.slice(0, command.registeredArguments.length) as string[];
      const output = createOutput(io, options);
      try {
        await work(args, options, output);
        output.close();
        if (output.left.length > 0) throw passedOver(output.left);
      } finally {
        output.close();
      }
    });
}

/** Said last, after the result: what was not part of it. */
function passedOver(left: Output["left"]): DataError {
  const shown = left.slice(0, MOST_SHOWN).map(({ reason }) => `\n  ${reason}`);
  const more =
    left.length > shown.length ? `\n  and ${left.length - shown.length} more (--json lists all)` : "";
  return new DataError(
    `${left.length === 1 ? "one was" : `${left.length} were`} skipped:${shown.join("")}${more}`,
  );
}

/** Lines of that list. */
const MOST_SHOWN = 100;

/** Examples at the end of a command's help. */
export const addExamples = (command: Command, ...examples: readonly string[]): Command =>
  command.addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}\n`);
