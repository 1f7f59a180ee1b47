/** `deepid fit-matcher`: principal components and Joint Bayesian from any features of known people. */

import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { createRng, shuffle } from "../../../base/random/index.ts";
import { columns, count, duration, formatPercent } from "../../../base/text/index.ts";
import { type FeatureSet, type Provenance, selectPeople } from "../../../matching/features/index.ts";
import { readFeatures, writeMatcher } from "../../../matching/files/index.ts";
import { assertNoOverlap } from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import { replaceMatcher } from "../../../nets/models/index.ts";
import { chooseMatcher, RELEASE_DEFAULTS } from "../../../nets/train/index.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  countList,
  type EngineOptions,
  existing,
  knownModel,
  setAction,
  share,
  wholeNumber,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

interface FitMatcherOptions extends EngineOptions, OutputOptions {
  readonly out?: string;
  /** A model folder that gets the matcher. */
  readonly model?: string;
  readonly validation?: string;
  readonly holdOut: number;
  readonly components: number[];
  readonly blockSize?: number;
  readonly seed: number;
}

export function addFitMatcher(program: Command, io: Io): void {
  const command = program
    .command("fit-matcher")
    .summary("learn to compare features, of any system")
    .description(
      "Learns a matcher (principal components, Joint Bayesian) from features of people whom the features were NOT " +
        "trained on, chooses its size and calibrates it on other people, and writes it for `deepid evaluate --matcher`.",
    )
    .argument(
      "<features>",
      "features of the people to learn from: .safetensors, .npy, .csv or .tsv",
      existing,
    )
    .option("--out <file>", "where the matcher goes, a .safetensors file")
    .option(
      "--model <model>",
      "or the model that computed the features: its folder gets the matcher",
      knownModel,
    );
  addFitOptions(command);
  addEngineOptions(command);
  addExamples(
    command,
    "deepid fit-matcher matching.safetensors --validation validation.safetensors --components 100,200,400 --out matcher.safetensors",
    "deepid fit-matcher people.safetensors --out matcher.safetensors --json",
  );
  setAction<FitMatcherOptions>(command, io, async ([path], options, output) => {
    const { model, components, seed } = options;
    const out = placeOf(options);
    const started = io.now();
    const { set, provenance } = await readFeatures(path);
    const { matching, validation } = await peopleFor(set, options);
    const blockSize = blockSizeFor(set, provenance, options);
    await using engine = createMultiply(options);
    const chosen = await chooseMatcher(matching, validation, {
      components,
      blockSize,
      seed,
      multiply: engine.multiply,
    });
    const of = ({ rows, identities }: FeatureSet) => ({ people: new Set(identities).size, pictures: rows });
    const learned = { ...of(matching), components: chosen.components };
    await writingTo(out, () =>
      model === undefined ? writeMatcher(out, chosen) : replaceMatcher(model, chosen, learned),
    );
    const { accuracy, tried } = chosen;
    const seconds = Math.round((io.now() - started) / 1000);
    output.result(
      {
        out,
        components: chosen.components,
        blockSize,
        matching: of(matching),
        validation: { ...of(validation), accuracy, tried },
        features: provenance,
        seconds,
      },
      [
        columns(Object.entries(tried).map(([size, right]) => [`${size} components`, formatPercent(right)])),
        `${out} holds the matcher of ${chosen.components} components, learned from ${count(matching.rows)} pictures of ` +
          `${count(of(matching).people)} people, chosen on ${count(of(validation).people)} others, ${duration(seconds)}`,
      ].join("\n"),
    );
  });
}

function addFitOptions(command: Command): void {
  command
    .option("--validation <file>", "features of the people to choose and calibrate on", existing)
    .option("--hold-out <share>", "without --validation: the share of the people kept for it", share, 0.2)
    .option("--components <list>", "numbers of principal components to choose from", countList, [
      ...RELEASE_DEFAULTS.components,
    ])
    .option(
      "--block-size <n>",
      "bring blocks of so many columns to unit length first, 0: none (default: as the features' file says, or the row)",
      wholeNumber(0),
    )
    .option("--seed <n>", "of the people held out and the pairs drawn", wholeNumber(0), 1);
}

/** The file or the model folder that the matcher goes to. */
function placeOf({ out, model }: FitMatcherOptions): string {
  if ((out === undefined) === (model === undefined)) {
    throw new InputError("fit-matcher: give either --out or --model");
  }
  checkWritable((out ?? model)!, out === undefined ? "folder" : "file");
  return (out ?? model)!;
}

/** Whom to learn from and whom to choose on: two files, or one dealt by person. No person is in both. */
async function peopleFor(set: FeatureSet, { validation: path, holdOut, seed }: FitMatcherOptions) {
  if (path === undefined) {
    const people = shuffle([...new Set(set.identities)].sort(), createRng(seed).fork("held out"));
    const heldOut = new Set(people.slice(0, Math.max(2, Math.round(holdOut * people.length))));
    return {
      matching: selectPeople(set, (person) => !heldOut.has(person)),
      validation: selectPeople(set, (person) => heldOut.has(person)),
    };
  }
  const { set: validation } = await readFeatures(path);
  if (validation.dimension !== set.dimension) {
    throw new InputError(
      `${path}: needs features of dimension ${set.dimension} like the others, got ${validation.dimension}`,
    );
  }
  assertNoOverlap(set.identities, validation.identities);
  return { matching: set, validation };
}

/** What was asked for, or what the file says of itself, or the whole row. */
function blockSizeFor(
  { dimension }: FeatureSet,
  provenance: Provenance,
  { blockSize }: FitMatcherOptions,
): number {
  const size = blockSize ?? Number(provenance.blockSize ?? dimension);
  if (Number.isInteger(size) && size >= 0 && (size === 0 || dimension % size === 0)) return size;
  throw new InputError(`fit-matcher: blocks must divide the ${dimension} columns, got ${size}`);
}
