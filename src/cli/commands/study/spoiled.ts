/** `deepid study spoiled`: robustness of any system, by the features it gives for clean and for spoiled pictures. */
import { basename } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { checkWritable } from "../../../base/files/index.ts";
import {
  measureSpoiled,
  mostPictured,
  robustnessPart,
  type SpoiledFeatures,
  type SpoiledFile,
} from "../../../lab/experiments/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { finish } from "../../support/finishStudy.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, existing, setAction } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

interface SpoiledOptions extends SpoiledFeatures, OutputOptions {
  readonly drawPerson?: string;
  readonly out?: string;
}

export function addStudySpoiled(study: Command, io: Io): void {
  const command = study
    .command("spoiled")
    .summary("robustness of any system, by its features")
    .description(
      "Verifies pairs by features that another system gave for the same pictures, clean and spoiled in any way. Rows are " +
        "found by name.",
    )
    .argument("<clean>", "features of the clean pictures: .safetensors, .npy, .csv, .tsv", existing)
    .requiredOption(
      "--features <name:level=file>",
      "features of the pictures spoiled so: partial:40=forty.csv; may be repeated",
      gatherSpoiled,
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
    const { set: clean } = await readFeatures(path);
    const person = options.drawPerson ?? mostPictured(clean.identities);
    const levels = await measureSpoiled(clean, person, options);
    const names = [...new Set(options.features.map(({ corruption }) => corruption))];
    const part = robustnessPart(levels, {
      corruptions: names.map((name) => ({ name, label: `${name} (level as the files say)` })),
      person,
      pictures: clean.rows,
    });
    const people = new Set(clean.identities).size;
    await finish([part], { features: basename(path), pictures: clean.rows, people }, { out, output, io });
  });
}

function gatherSpoiled(text: string, before: readonly SpoiledFile[] | undefined): SpoiledFile[] {
  const [, corruption, level, path] = /^([^:=]+):([^=]+)=(.+)$/.exec(text) ?? [];
  if (!(path !== undefined && Number(level) > 0)) {
    throw new InvalidArgumentError(
      "A name, a level above 0 and a file are needed, like partial:40=forty.csv.",
    );
  }
  return [...(before ?? []), { corruption, level: Number(level), path: existing(path) }];
}
