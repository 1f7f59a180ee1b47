/** `deepid reproduce`: tables and studies, one command, one page. Paper: all of it. */
import { join } from "node:path";
import type { Command } from "commander";
import { writingTo } from "../../support/failure.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  checkWritable,
  countList,
  existing,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import { type ReproduceChoices, reproduceAll } from "../../../lab/experiments/reproduce/all.ts";
import { demoMaterial } from "../../../lab/experiments/reproduce/demoMaterial.ts";
import { lfwMaterial, type MaterialOptions } from "../../../lab/experiments/reproduce/material.ts";
import { reproductionData, writeReproduction } from "../../../lab/experiments/reproduce/page.ts";
import { gatherPeer } from "../../../lab/experiments/reproduce/peers.ts";
import { COMPARED_SIZES } from "../../../lab/experiments/study/all.ts";
import { addCorruptionOptions, gatherMatcher } from "../../support/studyOptions.ts";
import { columns, duration } from "../../../base/text/wording.ts";
import { addIdentificationSizes } from "../evaluate/identification.ts";

interface ReproduceOptions extends MaterialOptions, ReproduceChoices, OutputOptions {
  readonly demo?: boolean;
}

export function addReproduceAll(reproduce: Command, io: Io): void {
  const command = reproduce
    .command("all", { isDefault: true })
    .summary("tables and studies on one page")
    .description(
      "Measures everything the paper reports, tables and neurons, and writes one page: each claim, the paper's numbers, " +
        "ours, the verdict; figures as SVG with their data as JSON beside it. What is measured is kept in --out and in the " +
        "cache: a stopped run goes on where it was. With --demo a narrow net is trained on synthetic people first.",
    );
  addMaterialOptions(command);
  addCorruptionOptions(addIdentificationSizes(command));
  addEngineOptions(command)
    .optionsGroup("Output:")
    .option("--out <folder>", "where everything goes", "runs/reproduction");
  addExamples(
    command,
    "deepid reproduce --demo",
    "deepid reproduce --system models/regions --images lfw.tgz --landmarks landmarks_5pt.txt --pairs pairs.txt --attributes attributes.tsv",
    "deepid reproduce ... --model runs/four-taps --lbp lbp.safetensors --matcher lbp=lbp-matcher.safetensors --matcher fc1=fc1.safetensors",
  );
  setAction<ReproduceOptions>(command, io, async (_, options, output) => {
    const { out } = options;
    checkWritable(out, "folder");
    const started = io.now();
    const context = { io, output };
    await using material = options.demo
      ? await demoMaterial(options, context)
      : await lfwMaterial(options, context);
    const measured = await writingTo(out, () => reproduceAll(material, options, context));
    const reproduction = { ...measured, seconds: Math.round((io.now() - started) / 1000) };
    await writingTo(out, () => writeReproduction(out, reproduction));
    const { parts } = reproduction;
    output.result(
      { page: join(out, "index.html"), ...reproductionData(reproduction) },
      [
        ...parts.map(({ finding }) => finding.verdict),
        columns([
          ["page", join(out, "index.html")],
          ["took", duration(reproduction.seconds)],
        ]),
      ].join("\n"),
    );
  });
}

/** What is measured, and with what. */
const addMaterialOptions = (command: Command): Command =>
  command
    .option("--demo", "on people who do not exist: needs nothing else")
    .option("--system <folder>", "the system of the tables, from `deepid combine`, or one model", existing)
    .option("--model <folder>", "the net whose neurons are studied (default: the system's first)", existing)
    .option("--baseline <folder>", "a system of DeepID2 nets on the same regions, for Figure 3", existing)
    .option("--lbp <components>", "LBP beside it, along the components of `deepid fit-lbp`", existing)
    .option(
      "--matcher <name=file>",
      "a matcher from `deepid fit-matcher` for fc1 to fc4 or lbp (default: the model's own, cosine for the rest)",
      gatherMatcher,
    )
    .option("--peer <name=features[,matcher]>", "another system in the tables; may be repeated", gatherPeer)
    .option(
      "--dropout <file>",
      "what scripts/dropout.ts has written (in the repository: results/dropout.json)",
      existing,
    )
    .optionsGroup("Faces:")
    .option("--images <path>", "LFW's pictures: folder, zip, tar or tgz", existing)
    .option("--landmarks <file>", "a line for each picture: name, x y of five points", existing)
    .option("--pairs <file>", "LFW's pairs.txt", existing)
    .option("--attributes <file>", "attributes of the pictures: LFW's, or a table of 0 and 1", existing)
    .option("--seeds <n>", "draws of Table 3's lists, 0: leave it out", wholeNumber(0), 10)
    .option("--cache <folder>", "where faces and features are kept (default: ~/.cache/deepid2plus)")
    .option("--folds <n>", "robustness on the first folds of the pairs only", wholeNumber(2))
    .option("--least-pictures <n>", "fewest pictures of a person that is asked about", wholeNumber(2), 20)
    .option("--compare-dimensions <list>", "sizes of LBP to compare with", countList, [...COMPARED_SIZES])
    .option("--no-together", "leave out all features together, which takes most of the time");
