/** What is learned from features alone: matchers (`fit-matcher`) and attributes (`fit-attributes`). */
import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable } from "../../../base/files/index.ts";
import { columns, count, duration, formatPercent, paragraph } from "../../../base/text/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import { type FitMatcherFileOptions, fitMatcherFile, RELEASE_DEFAULTS } from "../../../nets/train/index.ts";
import { fitModelAttributes, type ModelAttributesOptions } from "../../../people/recognizer/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addTeacherOption,
  countList,
  type EngineOptions,
  existing,
  knownModel,
  share,
  wholeNumber,
} from "../../support/options.ts";

type FitMatcherOptions = EngineOptions & FitMatcherFileOptions;

/** `deepid fit-matcher`: principal components and Joint Bayesian from any features of known people. */
export function addFitMatcher(program: Command, io: Io): void {
  const command = program
    .command("fit-matcher")
    .summary("fit a matcher to the features of any system")
    .description(paragraph`
      Fits a matcher on features of people whom the net was NOT trained on, chooses it and calibrates it on other
      people. With --model it starts from the model's own and leaves it as far as pairs of the others say.
      Otherwise, or with --components, principal components and Joint Bayesian are fitted.
    `)
    .argument("<features>", "features of the people to fit on: .safetensors, .npy, .csv or .tsv", existing)
    .option("--out <file>", "where the matcher goes, a .safetensors file")
    .option(
      "--model <model>",
      "or the model that computed the features: its folder gets the matcher",
      knownModel,
    );
  addFitOptions(command);
  addEngineOptions(addTeacherOption(command));
  addExamples(
    command,
    "deepid fit-matcher matching.safetensors --validation validation.safetensors --components 100,200,400 --out matcher.safetensors",
    "deepid fit-matcher people.safetensors --out matcher.safetensors --json",
  );
  setAction<FitMatcherOptions>(command, io, async ([path], options, output) => {
    const out = placeOf(options);
    const started = io.now();
    await using engine = createMultiply(options);
    const { provenance, ...fitted } = await fitMatcherFile(path, {
      ...options,
      multiply: engine.multiply,
      signal: io.interrupt,
    });
    const { components, shrinkage, blockSize, from, chosenOn, accuracy, tried, before } = fitted;
    const seconds = Math.round((io.now() - started) / 1000);
    const chosen = { ...chosenOn, accuracy, tried, before };
    const data = { out, components, shrinkage, blockSize, matching: from, validation: chosen };
    output.result(
      { ...data, features: provenance, seconds },
      [
        columns(Object.entries(tried).map(([size, right]) => [`${size} components`, formatPercent(right)])),
        `${out} holds the matcher of ${components} components, learned from ${count(from.pictures)} pictures of ` +
          `${count(from.people)} people, chosen on ${count(chosenOn.people)} others, ${duration(seconds)}` +
          (before === undefined ? "" : `; the model's own matcher has ${formatPercent(before)} there`),
      ].join("\n"),
    );
  });
}

function addFitOptions(command: Command): void {
  command
    .option("--validation <file>", "features of the people to choose and calibrate on", existing)
    .option("--hold-out <share>", "without --validation: the share of the people kept for it", share, 0.2)
    .option(
      "--components <list>",
      `numbers of principal components to choose from (default: from the model's matcher, else ${RELEASE_DEFAULTS.components})`,
      countList,
    )
    .option(
      "--block-size <n>",
      "bring blocks of so many columns to unit length first, 0: none (default: as the features' file says, or the row)",
      wholeNumber(0),
    )
    .option("--seed <n>", "of the people held out and the pairs drawn", wholeNumber(0), 1);
}

/** The file or the model folder that the matcher goes to. */
function placeOf({ out, model }: FitMatcherOptions): string {
  const [place, other] = [out ?? model, out && model];
  if (place === undefined || other) throw new InputError("fit-matcher: give either --out or --model");
  checkWritable(place, out === undefined ? "folder" : "file");
  return place;
}

/** `deepid fit-attributes`: fits attribute classifiers on a model's features. */
export function addFitAttributes(program: Command, io: Io): void {
  const command = program
    .command("fit-attributes")
    .summary("fit attribute classifiers on a model's features, for `deepid analyze`")
    .description(paragraph`
      Fits attributes on the features of labelled pictures: the best single neuron and a linear classifier on all
      neurons, on one half of the people. Their accuracy is measured on the other half. They are stored in the
      model's folder.
    `)
    .argument("<features>", "features of the pictures by this model, from `deepid extract`", existing)
    .requiredOption(
      "--model <model>",
      "the model that computed them; its folder gets the attributes",
      knownModel,
    )
    .requiredOption(
      "--attributes <file>",
      "a table: image, then a column of 0/1 or signed numbers each",
      existing,
    )
    .option("--only <names...>", "attributes to fit (default: those of the studies)")
    .option("--seed <n>", "of the halves", wholeNumber(0), 1);
  addExamples(
    command,
    "deepid fit-attributes people.safetensors --attributes attributes.tsv --model models/mine",
    "deepid fit-attributes people.safetensors --attributes attributes.tsv --model models/mine --only Male Smiling --json",
  );
  setAction<ModelAttributesOptions>(command, io, async ([path], options, output) => {
    const { out, attributes, measuredOn } = await fitModelAttributes(path, options, output);
    const shown = attributes.map(({ name, accuracy, neuron }) => ({
      name,
      accuracy,
      neuron: { index: neuron.index, accuracy: neuron.accuracy },
    }));
    output.result(
      { out, measuredOn, attributes: shown },
      `${columns(
        shown.map(({ name, accuracy, neuron }) => [
          name,
          `${formatPercent(accuracy)} by all neurons, ${formatPercent(neuron.accuracy)} by neuron ${neuron.index}`,
        ]),
      )}\n${out} holds ${count(shown.length)} attributes, measured on ${count(measuredOn.people)} people`,
    );
  });
}
