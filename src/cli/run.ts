/** Runs one command line from its arguments to its exit code. */
import { Command, CommanderError } from "commander";
import { addAlign } from "./commands/align.ts";
import { addAnalyze } from "./commands/analyze.ts";
import { addBench } from "./commands/bench.ts";
import { addCombine } from "./commands/combine.ts";
import { addDemo } from "./commands/demo.ts";
import { addEvaluate } from "./commands/evaluate/index.ts";
import { addExtract } from "./commands/extract.ts";
import { addFitAttributes } from "./commands/fitAttributes.ts";
import { addFitLbp } from "./commands/fitLbp.ts";
import { addFitMatcher } from "./commands/fitMatcher.ts";
import { addGallery } from "./commands/gallery/index.ts";
import { addInspect } from "./commands/inspect.ts";
import { addKey } from "./commands/key.ts";
import { addKnown } from "./commands/known.ts";
import { addModel } from "./commands/model.ts";
import { addNeuron } from "./commands/neuron.ts";
import { addRelease } from "./commands/release.ts";
import { addRepresent } from "./commands/represent.ts";
import { addReproduce } from "./commands/reproduce.ts";
import { addSelectRegions } from "./commands/selectRegions.ts";
import { addServe } from "./commands/serve.ts";
import { addStore } from "./commands/store.ts";
import { addStudio } from "./commands/studio.ts";
import { addStudy } from "./commands/study.ts";
import { addTrain } from "./commands/train.ts";
import { addTrainRegions } from "./commands/trainRegions.ts";
import { addVerify } from "./commands/verify.ts";
import { describeFailure, EXIT } from "./failure.ts";
import type { Io } from "./io.ts";
import { addExamples } from "./options.ts";
import { version } from "./version.ts";

/** Runs `deepid` with `args`; returns the exit code. Everything is written through `io`, failures too. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    await createProgram(io).parseAsync(args, { from: "user" });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input; // has spoken already
    const { code, message } = describeFailure(error, Boolean(io.env.DEBUG));
    io.err(`${code === EXIT.interrupted ? "" : "error: "}${message}\n`);
    return code;
  }
}

function createProgram(io: Io): Command {
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
      "\nExit codes: 0 done, 1 a bug, 2 wrong use or a place that cannot be read or written, 3 a bad file, 130 interrupted.",
    );
  for (const add of [
    addDemo,
    addTrain,
    addTrainRegions,
    addCombine,
    addSelectRegions,
    addReproduce,
    addRelease,
    addExtract,
    addFitMatcher,
    addModel,
    addFitLbp,
    addEvaluate,
    addAlign,
    addVerify,
    addRepresent,
    addKnown,
    addAnalyze,
    addFitAttributes,
    addStudy,
    addNeuron,
    addInspect,
    addKey,
    addServe,
    addStudio,
    addBench,
    addGallery,
    addStore,
  ]) {
    add(program, io);
  }
  return addExamples(program, "deepid demo", "deepid verify --help");
}
