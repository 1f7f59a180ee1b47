/** `deepid combine`: the models of several regions as one system with one matcher. */

import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { stageOf } from "../../../base/progress/index.ts";
import { columns, count, formatPercent } from "../../../base/text/index.ts";
import type { SystemCard } from "../../../nets/net/index.ts";
import { COMBINE_DEFAULTS, combineModels } from "../../../nets/train/index.ts";
import { addDataOptions, type DataOptions, featureCacheOf, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addMatcherOptions, type LearnMatcherOptions } from "../../support/matcherOptions.ts";
import {
  addEngineOptions,
  addExamples,
  countList,
  type EngineOptions,
  setAction,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

interface CombineOptions extends DataOptions, EngineOptions, LearnMatcherOptions, OutputOptions {
  readonly out: string;
  readonly name?: string;
  readonly prefixes: number[];
}

export function addCombine(program: Command, io: Io): void {
  const command = program
    .command("combine")
    .summary("make one system of several models")
    .description(
      "Puts the features of several models side by side and learns one matcher for all of them, from the people kept " +
        "from their nets. Takes the same data options as their training. Features are kept in the cache, so a " +
        "stopped run resumes.",
    )
    .argument("<models...>", "model folders, in the order of their features")
    .requiredOption("--out <system>", "folder of the system; models from elsewhere are copied into it")
    .option("--name <text>", "name of the system (default: that of its folder)")
    .option("--prefixes <list>", "also make matchers of only the first so many nets", countList, [
      ...COMBINE_DEFAULTS.prefixes,
    ]);
  addMatcherOptions(command, COMBINE_DEFAULTS.components);
  addEngineOptions(addDataOptions(command));
  addExamples(
    command,
    "deepid combine models/regions/whole-face models/regions/nose --out models/two --data celeba " +
      "--images img_align_celeba.zip --identities identity_CelebA.txt",
    "deepid combine models/regions/* --out models/all --images people/ --landmarks landmarks.txt",
  );
  setAction<CombineOptions>(command, io, async (args, options, output) => {
    const models = args.flat(); // one variadic argument
    const { out, name = basename(resolve(out)) } = options;
    checkWritable(out, "folder");
    await using open = await openFaces(options, io, output);
    const card = await writingTo(out, () =>
      combineModels({
        ...options,
        models,
        faces: open.faces,
        name,
        featureCache: featureCacheOf(options, io),
        onMatcher: (code, nets) => output.note(`learning a matcher of ${netsOf({ code, nets })}`),
        ...stageOf(output, "extracting"),
      }),
    );
    output.result({ system: out, card }, summaryOf(out, models.length, card));
  });
}

const netsOf = ({ code, nets }: { readonly code: string; readonly nets: number }) =>
  `${nets} ${nets === 1 ? "net" : "nets"}${code === "binary" ? ", bits" : ""}`;

/** Each matcher's accuracy on validation people, a line each, and what was written. */
function summaryOf(out: string, nets: number, card: SystemCard): string {
  const { accuracy } = card.validation as { accuracy: number };
  const all = { code: "real", nets, accuracy, ...card.matching };
  const rows = [...(card.variants ?? []), all].map(
    (row) => [netsOf(row), `${formatPercent(row.accuracy)}, ${row.components} components`] as const,
  );
  return [
    columns(rows),
    `${out} holds the system ${card.name}: ${count(nets)} nets, ${card.matching.components} components, ` +
      `${formatPercent(accuracy)} of validation pairs correct`,
  ].join("\n");
}
