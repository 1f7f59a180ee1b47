/** `deepid demo`: everything once, on people who do not exist, ending in one page. */
import type { Command } from "commander";
import { writingTo } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { DEMO_DEFAULTS, type DemoOptions, runDemo, writeDemo } from "../../../lab/experiments/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { wholeNumber } from "../../support/options.ts";

interface DemoCommandOptions extends DemoOptions {
  readonly out: string;
}

export function addDemo(program: Command, io: Io): void {
  const command = program
    .command("demo")
    .summary("see it work, on people who do not exist")
    .description(paragraph`
      Draws synthetic people, trains a narrow DeepID2+ on some of them, verifies others, and writes one HTML
      page. An earlier demo in the same folder is replaced.
    `)
    .option("--out <folder>", "where everything goes", "runs/demo")
    .option("--people <n>", "people to draw, 100 or more", wholeNumber(1), DEMO_DEFAULTS.people)
    .option("--pictures <n>", "pictures of each, 4 or more", wholeNumber(1), DEMO_DEFAULTS.pictures)
    .option("--steps <n>", "training steps", wholeNumber(1), DEMO_DEFAULTS.steps)
    .option("--seed <n>", "which people, which weights", wholeNumber(0), DEMO_DEFAULTS.seed);
  addExamples(command, "deepid demo", "deepid demo --people 600 --steps 3000 --out runs/longer");
  setAction<DemoCommandOptions>(command, io, async (_, { out, people, pictures, steps, seed }, output) => {
    const result = await writingTo(out, () =>
      runDemo(out, { people, pictures, steps, seed, now: io.now }, output),
    );
    const { data, text } = await writeDemo(out, result);
    output.result(data, text);
  });
}
