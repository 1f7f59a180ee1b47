/** `deepid select-regions`: which of many regions' models make the best system. */

import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { columns, formatPercent } from "../../../base/text/index.ts";
import { REGIONS } from "../../../faces/face/index.ts";
import { selectParts } from "../../../nets/train/index.ts";
import { addDataOptions, type DataOptions, featureCacheOf, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  type EngineOptions,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

interface SelectRegionsOptions extends DataOptions, EngineOptions, OutputOptions {
  readonly most: number;
}

export function addSelectRegions(program: Command, io: Io): void {
  const command = program
    .command("select-regions")
    .summary("choose the regions that make the best system")
    .description(
      "Forward-backward greedy selection among the models of many regions, by the sum of their log likelihood ratios " +
        `on the validation people, as DeepID2 chose its 25. The ${REGIONS.length} regions of train-regions are the default ` +
        "that needs no selection.",
    )
    .argument("<models...>", "model folders to choose from")
    .option("--most <n>", "models wanted at most", wholeNumber(1), REGIONS.length);
  addEngineOptions(addDataOptions(command));
  addExamples(
    command,
    "deepid select-regions models/candidates/* --most 25 --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt",
  );
  setAction<SelectRegionsOptions>(command, io, async (args, options, output) => {
    const models = args.flat(); // one variadic argument
    const { most, provider, threads } = options;
    await using open = await openFaces(options, io, output);
    const chosen = await selectParts({
      models,
      faces: open.faces,
      most,
      provider,
      threads,
      featureCache: featureCacheOf(options, io),
      onProgress: output.stage("extracting"),
      signal: io.interrupt,
    });
    const name = (model: string) => basename(resolve(model));
    output.result(
      chosen,
      [
        columns(
          chosen.steps.map(({ change, model, score }) => [`${change} ${name(model)}`, formatPercent(score)]),
        ),
        `chosen: ${chosen.selection.map(name).join(", ")}`,
      ].join("\n"),
    );
  });
}
