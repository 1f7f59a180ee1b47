/** `deepid demo`: everything once, on people who do not exist, ending in one page. */

import { join } from "node:path";
import type { Command } from "commander";
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { columns, count, formatPercent } from "../../../base/text/index.ts";
import { DEMO_DEFAULTS, type DemoOptions, demoReport, runDemo } from "../../../lab/experiments/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, setAction, wholeNumber } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

interface DemoCommandOptions extends DemoOptions, OutputOptions {
  readonly out: string;
}

export function addDemo(program: Command, io: Io): void {
  const command = program
    .command("demo")
    .summary("see it work, on people who do not exist")
    .description(
      "Draws synthetic people, trains a narrow DeepID2+ on some of them, verifies others, and writes one HTML page. " +
        "An earlier demo in the same folder is replaced.",
    )
    .option("--out <folder>", "where everything goes", "runs/demo")
    .option("--people <n>", "people to draw", wholeNumber(1), DEMO_DEFAULTS.people)
    .option("--pictures <n>", "pictures of each", wholeNumber(1), DEMO_DEFAULTS.pictures)
    .option("--steps <n>", "training steps", wholeNumber(1), DEMO_DEFAULTS.steps)
    .option("--seed <n>", "which people, which weights", wholeNumber(0), DEMO_DEFAULTS.seed);
  addExamples(command, "deepid demo", "deepid demo --people 600 --steps 3000 --out runs/longer");
  setAction<DemoCommandOptions>(command, io, async (_, { out, people, pictures, steps, seed }, output) => {
    const result = await writingTo(out, () =>
      runDemo(out, { people, pictures, steps, seed, now: io.now }, output),
    );
    const [report, model] = [join(out, "report.html"), join(out, "model")];
    const again = `deepid evaluate verification --model ${model} --images ${join(out, "faces")} --pairs ${join(out, "pairs.txt")}`;
    const html = await demoReport(result, nextSteps(model, again));
    const { scores, seconds, plan } = result;
    const data = { accuracy: scores[0].accuracy, report, model, people: plan.test, scores, seconds };
    await writingTo(out, async () => {
      await writeFileAtomic(report, html);
      await writeFileAtomic(
        join(out, "demo.json"),
        `${JSON.stringify({ ...data, ...result.options }, null, 2)}\n`,
      );
    });
    const [best, ...others] = scores.map(
      ({ metric, accuracy }) => `${metric} ${formatPercent(accuracy.mean)}`,
    );
    output.result(
      data,
      columns([
        [
          "accuracy",
          `${formatPercent(scores[0].accuracy.mean)} of ${count(scores[0].pairs)} pairs of ${plan.test} unseen people (${[best, ...others].join(", ")}; guessing 50 %)`,
        ],
        ["report", report],
        ["model", model],
        ["test it again", again],
      ]),
    );
  });
}

const nextSteps = (model: string, again: string) => [
  ["measure the model again, by the command for any set in LFW's layout", again],
  ["see what the model is", `deepid inspect ${model}`],
  ["train for longer, on more people", "deepid demo --people 600 --steps 3000 --out runs/longer"],
  ["train on your own people, one folder each", "deepid train --help"],
];
