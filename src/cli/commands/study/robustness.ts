/** Studies of spoiled faces, and every study on one page. Paper: Sections 5 to 7. */
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { type OpenFaces, readPairs } from "../../../faces/data/index.ts";
import {
  allStudies,
  parseSpoiled,
  plannedCorruptions,
  robustnessStudy,
  type SourceOptions,
  type SpoiledFeatures,
  type SpoiledFile,
  type StudyPart,
  type StudySource,
  spoiledStudy,
} from "../../../lab/experiments/index.ts";
import { releasedModel } from "../../../lab/results/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addDataOptions, type DataOptions, featureCacheOf } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, existing, gathered } from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import {
  addCorruptionOptions,
  addPairOptions,
  addSourceOptions,
  addWholeStudyOptions,
  type CorruptionOptions,
  drawPersonOption,
  finish,
  openSubjects,
  type PairOptions,
} from "../../support/studyOptions.ts";

/** Studies that look at pictures: of which model, which pictures, spoiled how, and where the results go. */
interface PictureStudyOptions extends DataOptions, SourceOptions, PairOptions, CorruptionOptions {
  readonly attributes?: string;
  readonly out: string;
}

/** Adds their options, and makes `study` the action. What is short to read is read before the long work. */
function setPictureStudy<O extends PictureStudyOptions>(
  command: Command,
  io: Io,
  study: (
    faces: OpenFaces,
    options: O & PreparedStudy,
    output: Output,
  ) => Promise<{ readonly parts: readonly StudyPart[]; readonly source: StudySource & object }>,
): void {
  addSourceOptions(command);
  addDataOptions(command);
  addPairOptions(command);
  addCorruptionOptions(command);
  addEngineOptions(command)
    .optionsGroup("Output:")
    .requiredOption("--out <folder>", "where the page, its figures and what is measured go");
  setAction<O>(command, io, async (_, options, output) => {
    const { out } = options;
    checkWritable(out, "folder");
    const corruptions = await plannedCorruptions(options.corruption, options.occluders);
    const pairs = options.pairs === undefined ? undefined : await readPairs(options.pairs);
    await using faces = await openSubjects(options, io, output);
    const { parts, source } = await study(faces, { ...options, corruptions, pairs }, output);
    await finish(parts, source, { out, output, io, model: await releasedModel(options.model) });
  });
}

type PreparedStudy = {
  readonly corruptions: Awaited<ReturnType<typeof plannedCorruptions>>;
  readonly pairs?: Awaited<ReturnType<typeof readPairs>>;
};

interface RobustnessOptions extends PictureStudyOptions {
  readonly keepFeatures?: boolean;
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
    `)
    .option("--keep-features", "keep the features of every level too, not of clean faces alone");
  addExamples(
    command,
    "deepid study robustness --model models/whole-face --data lfw --images lfw.tgz --landmarks landmarks.txt --pairs pairs.txt --out runs/robustness",
    "deepid study robustness --model models/whole-face --data synthetic --people 60 --corruption block:30,60 --out runs/blocks",
  );
  setPictureStudy<RobustnessOptions>(command, io, async (faces, options, output) => {
    const { part, source } = await robustnessStudy(faces, options, output);
    return { parts: [part], source };
  });
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
    .addOption(drawPersonOption())
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

interface StudyAllOptions extends PictureStudyOptions {
  readonly leastPictures: number;
  readonly together: boolean;
  readonly compareDimensions?: number[];
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
  addWholeStudyOptions(command);
  addExamples(
    command,
    "deepid study all --model models/whole-face --data synthetic --people 60 --pictures 12 --least-pictures 12 --out runs/studies",
    "deepid study all --model models/whole-face --data lfw --images lfw.tgz --landmarks landmarks.txt --pairs pairs.txt --attributes attributes.tsv --out runs/lfw-studies",
  );
  setPictureStudy<StudyAllOptions>(command, io, (faces, options, output) => {
    const how = { ...options, featureCache: featureCacheOf(options, io) };
    return writingTo(options.out, () => allStudies(faces, how, output));
  });
}
