/** `deepid fit-attributes`: teaches a model's features to tell attributes. */

import type { Command } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import { createRng } from "../../base/random/index.ts";
import { columns, count, formatPercent } from "../../base/text/index.ts";
import { readAttributes as readAttributeTable } from "../../faces/data/index.ts";
import { readFeatures } from "../../matching/files/index.ts";
import { attributeTasks } from "../../matching/probes/index.ts";
import { createMultiply } from "../../math/engine/index.ts";
import { openSystem } from "../../nets/models/index.ts";
import { checkSameNet } from "../../nets/net/index.ts";
import { attributesFile, fitAttributes, writeAttributes } from "../../people/recognizer/index.ts";
import type { Io } from "../support/io.ts";
import { addExamples, existing, knownModel, setAction, wholeNumber } from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";

interface FitAttributesOptions extends OutputOptions {
  readonly model: string;
  readonly attributes: string;
  readonly only?: string[];
  readonly seed: number;
}

export function addFitAttributes(program: Command, io: Io): void {
  const command = program
    .command("fit-attributes")
    .summary("teach a model's features to tell attributes, for `deepid analyze`")
    .description(
      "Learns attributes from the features of labelled pictures: the best single neuron and a linear classifier of all, " +
        "on one half of the people. The other half says how often each is right. They go into the model's folder.",
    )
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
    .option("--only <names...>", "attributes to learn (default: those that the studies look at)")
    .option("--seed <n>", "of the halves", wholeNumber(0), 1);
  addExamples(
    command,
    "deepid fit-attributes people.safetensors --attributes attributes.tsv --model models/mine",
    "deepid fit-attributes people.safetensors --attributes attributes.tsv --model models/mine --only Male Smiling --json",
  );
  setAction<FitAttributesOptions>(command, io, async ([path], options, output) => {
    const { model: folder, attributes: file, only, seed } = options;
    const { set, provenance } = await readFeatures(path);
    const system = await openSystem(folder, { threads: 1 });
    try {
      checkSameNet(path, { set, provenance }, system);
      const tasks = attributeTasks(set, await readAttributeTable(file), only ? { attributes: only } : {});
      if (tasks.length === 0) {
        throw new InputError(`${file}: no attribute has 20 pictures of both kinds among those of ${path}`);
      }
      await using engine = createMultiply();
      const attributes = await fitAttributes(set, tasks, {
        multiply: engine.multiply,
        rng: createRng(seed).fork("attributes"),
        signal: io.interrupt,
        onProgress: output.stage("learning attributes"),
      });
      const people = new Set(set.identities).size;
      const measuredOn = {
        source: provenance.faces ?? "pictures of unknown origin",
        people: Math.floor(people / 2),
        pictures: Math.floor(set.rows / 2),
      };
      const out = attributesFile(folder);
      await writingTo(out, () => writeAttributes(out, system, { attributes, measuredOn }));
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
    } finally {
      await system.release();
    }
  });
}
