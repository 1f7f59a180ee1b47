/** `deepid study robustness`: verification of spoiled faces. Paper: Section 7, Figs 14 to 17. */
import { type Command, InvalidArgumentError } from "commander";
import {
  type AlignedFaces,
  facesOfRows,
  makePairs,
  picturesIn,
  readPairs,
  rowsOfPairs,
} from "../../data/index.ts";
import { InputError } from "../../errors/index.ts";
import type { PairList } from "../../protocols/index.ts";
import { createRng } from "../../random/index.ts";
import { foldsOf } from "../evaluation.ts";
import { addDataOptions, type DataOptions, openFaces } from "../faces.ts";
import { writingTo } from "../failure.ts";
import type { Io } from "../io.ts";
import {
  addEngineOptions,
  addExamples,
  checkWritable,
  existing,
  setAction,
  wholeNumber,
} from "../options.ts";
import type { OutputOptions } from "../output.ts";
import {
  CORRUPTION_NAMES,
  type CorruptionChoice,
  corruptionChoice,
  plannedCorruptions,
} from "../study/corruptions.ts";
import { finish } from "../study/finish.ts";
import { measureLevels, robustnessPart } from "../study/robustness.ts";
import { openSources, type SourceOptions } from "../study/robustSources.ts";

interface RobustnessOptions extends DataOptions, SourceOptions, OutputOptions {
  readonly pairs?: string;
  readonly folds?: number;
  readonly corruption?: CorruptionChoice[];
  readonly occluders?: string;
  readonly drawPerson?: string;
  readonly keepFeatures?: boolean;
  readonly seed: number;
  readonly out: string;
}

export function addStudyRobustness(study: Command, io: Io): void {
  const command = study
    .command("robustness")
    .summary("covered and spoiled faces (Figs 14 to 17)")
    .description(
      "Verifies pairs of which both faces are spoiled, by the taps of a net, by systems of several nets and by LBP, with " +
        "matchers learned on clean faces only. Each level is kept in the output folder; started again, the study goes on.",
    )
    .requiredOption("--model <folder>", "the model whose taps are compared", existing)
    .option("--system <folder>", "a system of several nets, or another model; may be repeated", gatherPath)
    .option("--lbp <components>", "LBP beside it, along the components of `deepid fit-lbp`", existing)
    .option(
      "--matcher <name=file>",
      "a matcher from `deepid fit-matcher` for fc1 to fc4 or lbp (default: the model's own, cosine for the rest)",
      gatherMatcher,
    );
  addDataOptions(command)
    .option("--pairs <file>", "pairs in the format of LFW's pairs.txt (default: drawn at random)", existing)
    .option("--folds <n>", "only the first folds of the pairs", wholeNumber(2))
    .optionsGroup("Corruption:")
    .option(
      "--corruption <name[:levels]>",
      `${CORRUPTION_NAMES.join(", ")}; may be repeated (default: the paper's partial and block)`,
      corruptionChoice,
    )
    .option("--occluders <folder>", "cut-out things and their occlusions.csv", existing)
    .option("--draw-person <name>", "whose mean activations are drawn (default: who has most pictures)")
    .option("--seed <n>", "of places, noise and pairs", wholeNumber(0), 1);
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
    const { out, seed, keepFeatures = false } = options;
    checkWritable(out, "folder");
    const corruptions = await plannedCorruptions(options.corruption, options.occluders);
    const pairs = options.pairs === undefined ? undefined : await readPairs(options.pairs);
    await using open = await openFaces(options, io, output);
    const studied = studiedFaces(open.faces, pairs, options);
    const sources = await openSources(options);
    try {
      const plan = { ...studied, sources, corruptions, seed, keepFeatures, folder: out };
      const levels = await writingTo(out, () => measureLevels(plan, { output, signal: io.interrupt }));
      const part = await robustnessPart(plan, levels);
      const features = sources.flatMap(({ systems }) => systems.map(({ name }) => name)).join(", ");
      const source = {
        features: `${sources[0].name} (${features}), ${open.description}`,
        pictures: plan.faces.count,
        people: new Set(plan.faces.identities).size,
      };
      await finish([part], source, { out, output });
    } finally {
      await Promise.all(sources.map((source) => source.release()));
    }
  });
}

const gatherPath = (path: string, before: string[] | undefined) => [...(before ?? []), existing(path)];

function gatherMatcher(text: string, before: SourceOptions["matcher"]) {
  const [, name, path] = /^(fc[1-4]|lbp)=(.+)$/i.exec(text) ?? [];
  if (path === undefined) throw new InvalidArgumentError("fc3=file or lbp=file is needed.");
  return [...(before ?? []), { name, path: existing(path) }];
}

/** Where no file gives pairs: folds, and pairs of one person drawn for each person. */
const DRAWN = { folds: 10, perPerson: 5 };

/** The pictures of the pairs and of the person drawn, and the pairs as their rows. */
export function studiedFaces(
  all: AlignedFaces,
  pairs: PairList | undefined,
  { folds, drawPerson, seed }: { folds?: number; drawPerson?: string; seed: number },
) {
  const person = drawPerson ?? mostPictured(all.identities);
  const wanted = pairs ?? drawPairs(all, seed);
  const kept = { folds: wanted.folds.slice(0, folds) };
  const pictures = picturesIn(kept);
  const rows = [...all.names.keys()].filter(
    (row) => pictures.has(all.names[row]) || all.identities[row] === person,
  );
  const faces = facesOfRows(all, rows);
  return { faces, folds: foldsOf(rowsOfPairs(kept, faces.names)).folds, person };
}

function drawPairs(faces: AlignedFaces, seed: number): PairList {
  const pictures = [...countOf(faces.identities).values()].filter((n) => n >= 2);
  const folds = Math.min(DRAWN.folds, Math.floor(pictures.length / 2));
  if (!(folds >= 2)) throw new InputError("study: drawing pairs needs 4 people of 2 pictures or more");
  const fewest = pictures.reduce((least, n) => Math.min(least, (n * (n - 1)) / 2), DRAWN.perPerson);
  const perKind = Math.floor(pictures.length / folds) * fewest;
  return makePairs(faces, { count: 2 * folds * perKind, folds, rng: createRng(seed).fork("study pairs") });
}

function mostPictured(identities: readonly string[]): string {
  return [...countOf(identities)].reduce((p, q) => (q[1] > p[1] ? q : p))[0];
}

function countOf(identities: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const identity of identities) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  return counts;
}
