/** `deepid reproduce`: tables and studies, one command, one page. Paper: all of it. */
import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { readPairs } from "../../../faces/data/index.ts";
import {
  demoMaterial,
  type LfwMaterial,
  lfwMaterial,
  type ReproduceChoices,
  reproduceAll,
  reproductionData,
  reproductionText,
  writeReproduction,
} from "../../../lab/experiments/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { featureCacheOf } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, existing, knownModel, wholeNumber } from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { madeNow } from "../../support/results.ts";
import {
  addBesideOptions,
  addCorruptionOptions,
  addIdentificationSizes,
  addWholeStudyOptions,
  lbpOption,
  matcherOption,
  openSubjects,
} from "../../support/studyOptions.ts";

interface ReproduceOptions extends ReproduceChoices {
  readonly system?: string;
  readonly model?: string;
  readonly lbp?: string;
  readonly matcher?: LfwMaterial["matcher"];
  readonly images?: string;
  readonly landmarks?: string;
  readonly pairs?: string;
  readonly attributes?: string;
  readonly cache?: string;
  readonly demo?: boolean;
}

export function addReproduceAll(reproduce: Command, io: Io): void {
  const command = reproduce
    .command("all", { isDefault: true })
    .summary("tables and studies on one page")
    .description(paragraph`
      Measures everything the paper reports, tables and neurons, and writes one page: each claim, the paper's
      numbers, ours, the verdict; figures as SVG with their data as JSON beside it. What is measured is kept in
      --out and in the cache: a stopped run resumes. With --demo a narrow net is trained on synthetic people
      first.
    `);
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
    await using open = options.demo ? undefined : await openLfwSubjects(options, io, output);
    const material = open
      ? await lfwMaterial({ ...options, ...open })
      : await demoMaterial({ out, provider: options.provider, threads: options.threads }, output);
    const choices = { ...options, featureCache: featureCacheOf(options, io) };
    const measured = await writingTo(out, () => reproduceAll(material, choices, output));
    io.interrupt.throwIfAborted();
    const reproduction = { ...measured, seconds: Math.round((io.now() - started) / 1000) };
    await writingTo(out, () => writeReproduction(out, reproduction, madeNow(io)));
    const page = join(out, "index.html");
    output.result({ page, ...reproductionData(reproduction) }, reproductionText(reproduction, page));
  });
}

/** LFW, or any set in its layout, and what the tables are measured with. */
async function openLfwSubjects(options: ReproduceOptions, io: Io, output: Output) {
  const { system, images } = options;
  if (system === undefined || images === undefined || options.pairs === undefined) {
    throw new InputError("reproduce: needs --system, --images and --pairs, or --demo alone");
  }
  const pairs = await readPairs(options.pairs);
  const subjects = await openSubjects({ ...options, data: "lfw" }, io, output);
  return { system, pairs, subjects, [Symbol.asyncDispose]: () => subjects[Symbol.asyncDispose]() };
}

/** What is measured, and with what. */
const addMaterialOptions = (command: Command): Command =>
  addWholeStudyOptions(
    addBesideOptions(command)
      .option("--demo", "on people who do not exist: needs nothing else")
      .option("--system <folder>", "the system of the tables, from `deepid combine`, or one model", existing)
      .option(
        "--model <model>",
        "the net whose neurons are studied (default: the system's first)",
        knownModel,
      )
      .addOption(lbpOption())
      .addOption(matcherOption())
      .option(
        "--dropout <file>",
        "what scripts/dropout.ts has written (in the repository: results/dropout.json)",
        existing,
      )
      .optionsGroup("Faces:")
      .option("--images <path>", "LFW's pictures: folder, zip, tar or tgz", existing)
      .option("--pairs <file>", "LFW's pairs.txt", existing)
      .option("--folds <n>", "robustness on the first folds of the pairs only", wholeNumber(2)),
  );
