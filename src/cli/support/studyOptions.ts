/** Options that studies share: systems, pairs, corruptions. */
import { type Command, InvalidArgumentError } from "commander";
import { existing, wholeNumber } from "./options.ts";
import { CORRUPTION_NAMES, type CorruptionChoice, corruptionChoice } from "../../lab/experiments/study/corruptions.ts";
import type { SourceOptions } from "../../lab/experiments/study/robustSources.ts";

export const addSourceOptions = (command: Command): Command =>
  command
    .requiredOption("--model <folder>", "the model whose taps are compared", existing)
    .option("--system <folder>", "a system of several nets, or another model; may be repeated", gatherPath)
    .option("--lbp <components>", "LBP beside it, along the components of `deepid fit-lbp`", existing)
    .option(
      "--matcher <name=file>",
      "a matcher from `deepid fit-matcher` for fc1 to fc4 or lbp (default: the model's own, cosine for the rest)",
      gatherMatcher,
    );

const gatherPath = (path: string, before: string[] | undefined) => [...(before ?? []), existing(path)];

export function gatherMatcher(text: string, before: SourceOptions["matcher"]) {
  const [, name, path] = /^(fc[1-4]|lbp)=(.+)$/i.exec(text) ?? [];
  if (path === undefined) throw new InvalidArgumentError("fc3=file or lbp=file is needed.");
  return [...(before ?? []), { name, path: existing(path) }];
}

export interface PairOptions {
  readonly pairs?: string;
  readonly folds?: number;
}

export const addPairOptions = (command: Command): Command =>
  command
    .option("--pairs <file>", "pairs in the format of LFW's pairs.txt (default: drawn at random)", existing)
    .option("--folds <n>", "only the first folds of the pairs", wholeNumber(2));

export interface CorruptionOptions {
  readonly corruption?: CorruptionChoice[];
  readonly occluders?: string;
  readonly drawPerson?: string;
  readonly seed: number;
  readonly asMeasured?: boolean;
}

export const addCorruptionOptions = (command: Command): Command =>
  command
    .optionsGroup("Corruption:")
    .option(
      "--corruption <name[:levels]>",
      `${CORRUPTION_NAMES.join(", ")}; may be repeated (default: the paper's partial and block)`,
      corruptionChoice,
    )
    .option("--occluders <folder>", "cut-out things and their occlusions.csv", existing)
    .option("--draw-person <name>", "whose mean activations are drawn (default: who has most pictures)")
    .option("--seed <n>", "of places, noise, halves and pairs", wholeNumber(0), 1)
    .option("--as-measured", "measure no further level of robustness: show those that are kept");
