/** `deepid study all`: every study of a model, on one page. Paper: Sections 5 to 7. */

import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { readPairs } from "../../../faces/data/index.ts";
import {
  allStudies,
  COMPARED_SIZES,
  plannedCorruptions,
  type SourceOptions,
} from "../../../lab/experiments/index.ts";
import { releasedModel } from "../../../lab/results/index.ts";
import { addDataOptions, type DataOptions, featureCacheOf } from "../../support/faces.ts";
import { finish } from "../../support/finishStudy.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  countList,
  existing,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import {
  addCorruptionOptions,
  addPairOptions,
  addSourceOptions,
  type CorruptionOptions,
  type PairOptions,
} from "../../support/studyOptions.ts";
import { openSubjects } from "../../support/subjects.ts";

interface StudyAllOptions extends DataOptions, SourceOptions, PairOptions, CorruptionOptions, OutputOptions {
  readonly attributes?: string;
  readonly leastPictures: number;
  readonly together: boolean;
  readonly compareDimensions?: number[];
  readonly out: string;
}

export function addStudyAll(study: Command, io: Io): void {
  const command = study
    .command("all")
    .summary("every study, on one page (Figs 1 and 6 to 17)")
    .description(
      "Sparsity, selectivity, histograms and robustness of a model on one set of faces, ending in one page: what the paper " +
        "claims, its numbers, ours, and whether the claim holds. Synthetic people bring their attributes.",
    );
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
    checkWritable(out, "folder");
    const corruptions = await plannedCorruptions(options.corruption, options.occluders);
    const pairs = options.pairs === undefined ? undefined : await readPairs(options.pairs);
    await using subjects = await openSubjects(options, io, output);
    const { parts, source } = await writingTo(out, () =>
      allStudies(
        subjects,
        { ...options, pairs, corruptions, featureCache: featureCacheOf(options, io) },
        output,
      ),
    );
    await finish(parts, source, { out, output, io, model: await releasedModel(options.model) });
  });
}
