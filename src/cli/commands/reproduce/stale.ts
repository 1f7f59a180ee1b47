/** `deepid reproduce stale`: which results no longer speak of the released models, and what renews each. */
import type { Command } from "commander";
import { columns } from "../../../base/text/index.ts";
import { readResults, releasedModel, staleResults } from "../../../lab/results/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, existing, setAction } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

interface StaleOptions extends OutputOptions {
  readonly model: readonly string[];
}

const RELEASED = ["models/whole-face", "models/regions"];

export function addStale(reproduce: Command, io: Io): void {
  const command = reproduce
    .command("stale")
    .summary("which results are of an earlier model, and what renews them")
    .description(
      "Compares the model that each file of a results folder names with the models as they are now. For every stale file " +
        "it prints why, and the command that measures it again.",
    )
    .argument("[results]", "folder of results", existing, "results")
    .option("--model <folders...>", "the released models", RELEASED);
  addExamples(command, "deepid reproduce stale", "deepid reproduce stale results --model models/mine");
  setAction<StaleOptions>(command, io, async ([folder], { model }, output) => {
    const results = await readResults(folder);
    const stale = staleResults(results, await Promise.all(model.map(releasedModel)));
    const lines = stale.flatMap(({ file, why, said, command: renew }) => [
      `${file}: ${why}${said ? "" : " (the file does not say so)"}`,
      `  ${renew}`,
    ]);
    const fresh = results.length - stale.length;
    output.result(
      stale,
      [...lines, columns([["results", `${results.length}, ${fresh} current, ${stale.length} stale`]])].join(
        "\n",
      ),
    );
  });
}
