/** Studies of spoiled faces, and every study on one page. Paper: Sections 5 to 7. */

import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { readPairs } from "../../../faces/data/index.ts";
import {
  allStudies,
  COMPARED_SIZES,
  parseSpoiled,
  plannedCorruptions,
  robustnessStudy,
  type SourceOptions,
  type SpoiledFeatures,
  type SpoiledFile,
  spoiledStudy,
} from "../../../lab/experiments/index.ts";
import { releasedModel } from "../../../lab/results/index.ts";
import { addDataOptions, type DataOptions, featureCacheOf } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  countList,
  existing,
  gathered,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import {
  addCorruptionOptions,
  addPairOptions,
  addSourceOptions,
  type CorruptionOptions,
  finish,
  openSubjects,
  type PairOptions,
} from "../../support/studyOptions.ts";

interface RobustnessOptions extends DataOptions, SourceOptions, PairOptions, CorruptionOptions {
  readonly keepFeatures?: boolean;
  readonly out: string;
}

/** `deepid study robustness`: verification of spoiled faces. Paper: Section 7, Figs 14 to 17. */
export function addStudyRobustness(study: Command, io: Io): void {
  const command = study
    .command("robustness")
    .summary("covered and spoiled faces (Figs 14 to 17)")
    .description(paragraph`
      Verifies pairs of which both faces are spoiled, by the taps of a net, by systems of several nets and by
      LBP, with matchers learned on clean faces only. Each level is kept in the output folder; started again,
      the study resumes.
    `);
  addSourceOptions(command);
  addDataOptions(command);
  addPairOptions(command);
  addCorruptionOptions(command);
  addEngineOptions(command)
    .optionsGroup("Output:")
    .requiredOption("--out <folder>", "where levels, figures and the page go")
    .option("--keep-features", "keep the features of every level too, not of clean faces alone");
  addExamples(
    command,
    "deepid study robustness --model models/whole-face --data lfw --images lfw.tgz --landmarks landmarks.txt --pairs pairs.txt --out runs/robustness",
    "deepid study robustness --model models/whole-face --data synthetic --people 60 --corruption block:30,60 --out runs/blocks",
  );
  setAction<RobustnessOptions>(command, io, async (_, options, output) => {
    const { out } = options;
    const { subjects, ...asked } = await prepared(options, io, output);
    await using faces = subjects;
    const { part, source } = await robustnessStudy(faces, { ...options, ...asked }, output);
    await finish([part], source, { out, output, io, model: await releasedModel(options.model) });
  });
}

/** What both read before the long work: corruptions, pairs, and the faces. */
async function prepared(
  options: DataOptions &
    PairOptions &
    CorruptionOptions & { readonly out: string; readonly attributes?: string },
  io: Io,
  output: Output,
) {
  checkWritable(options.out, "folder");
  const corruptions = await plannedCorruptions(options.corruption, options.occluders);
  const pairs = options.pairs === undefined ? undefined : await readPairs(options.pairs);
  return { corruptions, pairs, subjects: await openSubjects(options, io, output) };
}

interface SpoiledOptions extends SpoiledFeatures {
  readonly out?: string;
}

/** `deepid study spoiled`: robustness of any system, by the features it gives for clean and for spoiled pictures. */
export function addStudySpoiled(study: Command, io: Io): void {
  const command = study
    .command("spoiled")
    .summary("robustness of any system, by its features")
    .description(paragraph`
      Verifies pairs by features that another system gave for the same pictures, clean and spoiled in any way.
      Rows are found by name.
    `)
    .argument("<clean>", "features of the clean pictures: .safetensors, .npy, .csv, .tsv", existing)
    .requiredOption(
      "--features <name:level=file>",
      "features of the pictures spoiled so: partial:40=forty.csv; may be repeated",
      gathered(spoiledFile),
    )
    .requiredOption("--pairs <file>", "pairs in the format of LFW's pairs.txt", existing)
    .option(
      "--matcher <file>",
      "a matcher from `deepid fit-matcher`, learned on clean pictures (default: cosine)",
      existing,
    )
    .option("--draw-person <name>", "whose mean activations are drawn (default: who has most pictures)")
    .option("--out <folder>", "write studies.json, figures and a page here");
  addExamples(
    command,
    "deepid study spoiled clean.csv --features partial:20=p20.csv --features partial:40=p40.csv --features block:50=b50.csv --pairs pairs.txt --out runs/spoiled",
  );
  setAction<SpoiledOptions>(command, io, async ([path], options, output) => {
    const { out } = options;
    if (out !== undefined) checkWritable(out, "folder");
    const { part, source } = await spoiledStudy(path, options);
    await finish([part], source, { out, output, io });
  });
}

function spoiledFile(text: string): SpoiledFile {
  const file = parseSpoiled(text);
  existing(file.path);
  return file;
}

interface StudyAllOptions extends DataOptions, SourceOptions, PairOptions, CorruptionOptions {
  readonly attributes?: string;
  readonly leastPictures: number;
  readonly together: boolean;
  readonly compareDimensions?: number[];
  readonly out: string;
}

/** `deepid study all`: every study of a model, on one page. Paper: Sections 5 to 7. */
export function addStudyAll(study: Command, io: Io): void {
  const command = study
    .command("all")
    .summary("every study, on one page (Figs 1 and 6 to 17)")
    .description(paragraph`
      Sparsity, selectivity, histograms and robustness of a model on one set of faces, ending in one page: what
      the paper claims, its numbers, ours, and whether the claim holds. Synthetic people bring their attributes.
    `);
  addSourceOptions(command);
  addDataOptions(command);
  addPairOptions(command)
    .option("--attributes <file>", "attributes of the pictures: LFW's, or a table of 0 and 1", existing)
    .option("--least-pictures <n>", "fewest pictures of a person", wholeNumber(2), 20)
    .option("--compare-dimensions <list>", "sizes of LBP to compare with", countList, [...COMPARED_SIZES])
    .option("--no-together", "leave out all features together, which takes most of the time");
  addCorruptionOptions(command);
  addEngineOptions(command)
    .optionsGroup("Output:")
    .requiredOption("--out <folder>", "where the page, its figures and what is measured go");
  addExamples(
    command,
    "deepid study all --model models/whole-face --data synthetic --people 60 --pictures 12 --least-pictures 12 --out runs/studies",
    "deepid study all --model models/whole-face --data lfw --images lfw.tgz --landmarks landmarks.txt --pairs pairs.txt --attributes attributes.tsv --out runs/lfw-studies",
  );
  setAction<StudyAllOptions>(command, io, async (_, options, output) => {
    const { out } = options;
    const { subjects, ...asked } = await prepared(options, io, output);
    await using faces = subjects;
    const how = { ...options, ...asked, featureCache: featureCacheOf(options, io) };
    const { parts, source } = await writingTo(out, () => allStudies(faces, how, output));
    await finish(parts, source, { out, output, io, model: await releasedModel(options.model) });
  });
}
