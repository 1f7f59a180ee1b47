/** `deepid evaluate codes`: are the features still good as bits? Paper: Section 5, Table 4. */

import { basename } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable } from "../../../base/files/index.ts";
import { columns, count, duration, formatPercent } from "../../../base/text/index.ts";
import { pairsAmong, picturesIn, readPairs, rowsOfPairs } from "../../../faces/data/index.ts";
import { barFigure } from "../../../lab/report/index.ts";
import {
  bitsAsNumbers,
  columnMedians,
  type FeatureSet,
  selectColumns,
} from "../../../matching/features/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { jointBayesian } from "../../../matching/match/index.ts";
import {
  assertNoOverlap,
  type BitThreshold,
  binaryCodes,
  foldsOf,
  type LabelledPair,
  scoreFolds,
  type Verification,
  verification,
} from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { FaceSystem } from "../../../nets/net/index.ts";
import { type ChooseMatcherOptions, chooseMatcher, RELEASE_DEFAULTS } from "../../../nets/train/index.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  countList,
  existing,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { writeResult } from "../../support/results.ts";
import { writeFigure } from "./results.ts";
import { addSubjectOptions, checkSubject, featuresOf, openSubject, type SubjectOptions } from "./subject.ts";

const WHAT = "evaluate codes";

interface CodesOptions extends SubjectOptions {
  readonly pairs: string;
  readonly matching: string;
  readonly validation: string;
  readonly threshold: BitThreshold | "both";
  readonly components: number[];
  readonly seed: number;
  readonly figure?: string;
  readonly out?: string;
}

export function addCodes(evaluate: Command, io: Io): void {
  const command = evaluate
    .command("codes")
    .summary("features as bits: Joint Bayesian and Hamming distance")
    .description(
      "Verifies pairs by features as they are and by their bits (Table 4). Joint Bayesian is learned in either case from " +
        "--matching people and its size chosen on --validation people, by the same procedure. Of a system of several " +
        "nets the first alone is scored, too.",
    )
    .requiredOption("--pairs <file>", "the pairs, in the format of LFW's pairs.txt", existing)
    .requiredOption("--matching <file>", "features of the people to learn from", existing)
    .requiredOption("--validation <file>", "features of the people to choose the size on", existing)
    .addOption(
      new Option("--threshold <where>", "where a bit begins: above 0, or above the neuron's median")
        .choices(["zero", "median", "both"])
        .default("both"),
    )
    .option("--components <list>", "numbers of principal components to choose from", countList, [
      ...RELEASE_DEFAULTS.components,
    ])
    .option("--seed <n>", "of the pairs that sizes are chosen on", wholeNumber(0), 1);
  addEngineOptions(addSubjectOptions(command))
    .optionsGroup("Output:")
    .option("--out <file>", "write the result as JSON too")
    .option("--figure <file>", "draw the accuracies as SVG");
  addExamples(
    command,
    "deepid extract --model models/whole-face --data celeba ... --split configs/whole-face.ts --part matching --out matching.safetensors",
    "deepid evaluate codes --features lfw.safetensors --pairs pairs.txt --matching matching.safetensors --validation validation.safetensors",
  );
  setAction<CodesOptions>(command, io, (_, options, output) => evaluateCodes(options, { io, output }));
}

/** Learns from bits and from features, scores both, and writes what was asked for. */
async function evaluateCodes(
  options: CodesOptions,
  { io, output }: { io: Io; output: Output },
): Promise<void> {
  const started = io.now();
  for (const path of [options.figure, options.out]) if (path !== undefined) checkWritable(path, "file");
  checkSubject(WHAT, options);
  const pairs = await readPairs(options.pairs);
  const [matching, validation] = [
    await readFeatures(options.matching),
    await readFeatures(options.validation),
  ];
  assertNoOverlap(matching.set.identities, validation.set.identities);
  await using subject = await openSubject(options);
  const wants = {
    only: picturesIn(pairs),
    check: (names: readonly string[]) => void rowsOfPairs(pairs, names),
  };
  const test = await featuresOf(subject, options, wants, { io, output });
  for (const { set } of [matching, validation]) {
    checkDimension(set, test, options);
    assertNoOverlap(set.identities, test.identities);
  }
  const { folds } = foldsOf(
    rowsOfPairs(output.left.length === 0 ? pairs : pairsAmong(pairs, test.names), test.names),
  );
  await using engine = createMultiply(options);
  const blockSize = Number(matching.provenance.blockSize ?? test.dimension);
  const learning = {
    components: options.components,
    seed: options.seed,
    multiply: engine.multiply,
    blockSize,
  };
  const parts = partsOf(subject.system, test.dimension);
  const systems: ScoredCodes[] = [];
  for (const [i, part] of parts.entries()) {
    output.progress("learning").update(i, parts.length);
    const of = (set: FeatureSet) => selectColumns(set, 0, part.columns);
    const sets = { test: of(test), matching: of(matching.set), validation: of(validation.set) };
    systems.push({
      name: part.name,
      nets: part.nets,
      ...(await scoreCodes(sets, folds, learning, options)),
    });
  }
  const data = {
    systems,
    matching: sizesOf(matching.set),
    validation: sizesOf(validation.set),
    seconds: Math.round((io.now() - started) / 1000),
    model: subject.model,
    source: { pairs: basename(options.pairs), faces: subject.faces },
  };
  await writeFigure(options.figure, () => figureOf(systems));
  await writeResult(
    options.out,
    { kind: "codes", system: subject.system, data: basename(options.pairs) },
    data,
    io,
  );
  output.result(data, describe(systems, data.seconds));
}

function checkDimension({ dimension }: FeatureSet, test: FeatureSet, { matching }: CodesOptions): void {
  if (dimension === test.dimension) return;
  throw new InputError(
    `${matching}: needs features of dimension ${test.dimension} like the test's, got ${dimension}`,
  );
}

/** What is scored: of several nets the first alone and all together. */
function partsOf(system: FaceSystem | undefined, dimension: number) {
  const all = { name: system?.name ?? "features", nets: system?.parts.length ?? 1, columns: dimension };
  if (all.nets === 1) return [all];
  const [{ net, card }] = system!.parts;
  return [{ name: card.name, nets: 1, columns: 2 * net.activations.get(card.feature)! }, all];
}

type Accuracy = Pick<Verification, "accuracy" | "auc" | "equalErrorRate" | "folds">;

interface ScoredCodes {
  readonly name: string;
  readonly nets: number;
  readonly real: Accuracy & { readonly components: number };
  readonly binary: readonly {
    readonly threshold: BitThreshold;
    readonly bits: number;
    readonly bytes: number;
    readonly firing: number;
    readonly components: number;
    readonly jointBayesian: Accuracy;
    readonly hamming: Accuracy;
  }[];
}

async function scoreCodes(
  { test, matching, validation }: Record<"test" | "matching" | "validation", FeatureSet>,
  folds: readonly (readonly LabelledPair[])[],
  learning: ChooseMatcherOptions,
  { threshold }: CodesOptions,
): Promise<Omit<ScoredCodes, "name" | "nets">> {
  const { matcher, components } = await chooseMatcher(matching, validation, learning);
  const real = verification(scoreFolds(jointBayesian(matcher), test, folds), "joint-bayesian");
  const binary: ScoredCodes["binary"][number][] = [];
  for (const where of threshold === "both" ? (["zero", "median"] as const) : [threshold]) {
    const bitsOfValidation = bitsAsNumbers(
      validation,
      where === "median" ? columnMedians(matching) : undefined,
    );
    const learn = async (bits: FeatureSet) =>
      (await chooseMatcher(bits, bitsOfValidation, { ...learning, blockSize: 0 })).matcher;
    const result = await binaryCodes(test, folds, { training: matching, threshold: where, learn });
    binary.push({ ...result, jointBayesian: short(result.jointBayesian), hamming: short(result.hamming) });
  }
  return { real: { ...short(real), components }, binary };
}

const short = ({ accuracy, auc, equalErrorRate, folds }: Verification): Accuracy => ({
  accuracy,
  auc,
  equalErrorRate,
  folds,
});

const sizesOf = ({ rows, identities }: FeatureSet) => ({ people: new Set(identities).size, pictures: rows });

/** Every accuracy with its name. */
const rowsOf = (systems: readonly ScoredCodes[]) =>
  systems.flatMap(({ name, real, binary }) => [
    { name: `${name}, real, Joint Bayesian`, ...real.accuracy, highlight: true },
    ...binary.flatMap(({ threshold, bits, jointBayesian: learned, hamming }) => {
      const code = `${name}, ${count(bits)} bits above ${threshold === "zero" ? "0" : "the median"}`;
      return [
        { name: `${code}, Joint Bayesian`, ...learned.accuracy, highlight: false },
        { name: `${code}, Hamming`, ...hamming.accuracy, highlight: false },
      ];
    }),
  ]);

const figureOf = (systems: readonly ScoredCodes[]): string =>
  barFigure(
    rowsOf(systems).map(({ name, mean, standardError, highlight }) => ({
      name: name.replace("Joint Bayesian", "JB"),
      value: mean,
      error: standardError,
      highlight,
    })),
    { label: "Verification accuracy", from: 0.5, to: 1 },
  );

function describe(systems: readonly ScoredCodes[], seconds: number): string {
  const rows = rowsOf(systems).map(
    ({ name, mean, standardError }) =>
      [name, formatPercent(mean, { digits: 2, error: standardError })] as const,
  );
  const codes = systems.map(({ name, binary }) => `${name}: ${binary[0].bytes} bytes a face`).join("; ");
  return `${columns(rows)}\n${codes}; ${duration(seconds)}`;
}
