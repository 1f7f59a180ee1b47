/** `deepid evaluate groups`: is everybody served alike? Verification by groups of people, at one threshold for all. */

import { basename } from "node:path";
import type { Command } from "commander";
import { checkWritable } from "../../../base/files/index.ts";
import { createRng } from "../../../base/random/index.ts";
import { columns, count, duration, formatPercent } from "../../../base/text/index.ts";
import { peopleByAttribute, readAttributes } from "../../../faces/data/index.ts";
import {
  type Estimate,
  GROUPS_DEFAULTS,
  type GroupResult,
  verificationByGroup,
} from "../../../matching/protocols/index.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, addExamples, existing, setAction, wholeNumber } from "../../support/options.ts";
import { writeResult } from "../../support/results.ts";
import { addMetricOption, METRICS, metricsAsked, type OneMetricOptions } from "./metrics.ts";
import { addSubjectOptions, checkSubject, featuresOf, openSubject, type SubjectOptions } from "./subject.ts";

const WHAT = "evaluate groups";
const GROUPS = ["Female,Male", "Asian,Black,Indian,White"];

interface GroupsOptions extends SubjectOptions, OneMetricOptions {
  readonly attributes: string;
  readonly groups: string[];
  readonly seed: number;
  readonly resamples: number;
  readonly out?: string;
}

export function addGroups(evaluate: Command, io: Io): void {
  const command = evaluate
    .command("groups")
    .summary("is everybody served alike? verification by sex and race")
    .description(
      "Draws pairs within groups of people and decides all by one threshold. A person is of the attribute that most of " +
        "their pictures are rated to show. Intervals hold 95 % of what other people of the same kind would give: people " +
        "are drawn anew, with replacement.",
    )
    .requiredOption("--attributes <file>", "ratings of the pictures, as LFW's", existing)
    .option("--groups <lists...>", "attributes that exclude one another, cut by commas", GROUPS)
    .option("--seed <n>", "of the pairs that are drawn", wholeNumber(0), 1)
    .option(
      "--resamples <n>",
      "times that people are drawn anew",
      wholeNumber(100),
      GROUPS_DEFAULTS.resamples,
    );
  addEngineOptions(addMetricOption(addSubjectOptions(command), { all: false }))
    .optionsGroup("Output:")
    .option("--out <file>", "write the result as JSON too");
  addExamples(
    command,
    "deepid evaluate groups --features lfw.safetensors --model models/whole-face --attributes attributes.tsv --out bias.json",
  );
  setAction<GroupsOptions>(command, io, async (_, options, output) => {
    const started = io.now();
    if (options.out !== undefined) checkWritable(options.out, "file");
    checkSubject(WHAT, options);
    const [metric] = metricsAsked(WHAT, options);
    const table = await readAttributes(options.attributes);
    const groups = new Map(options.groups.flatMap((list) => [...peopleByAttribute(table, list.split(","))]));
    await using subject = await openSubject(options);
    const set = await featuresOf(subject, options, {}, { io, output });
    output.note("drawing people anew");
    const { resamples, seed } = options;
    const result = verificationByGroup(METRICS[metric](subject.matcher), set, groups, {
      rng: createRng(seed),
      resamples,
    });
    const seconds = Math.round((io.now() - started) / 1000);
    const source = { attributes: basename(options.attributes), faces: subject.faces };
    const data = { ...result, pictures: set.rows, seed, resamples, seconds, model: subject.model, source };
    await writeResult(options.out, { kind: "groups", system: subject.system, data: subject.faces }, data, io);
    output.result(data, `${describe(result.groups)}\n${duration(seconds)}`);
  });
}

const share = ({ value, low, high }: Estimate, digits = 1): string =>
  `${formatPercent(value, { digits })} (${(100 * low).toFixed(digits)} to ${(100 * high).toFixed(digits)})`;

const describe = (groups: readonly GroupResult[]): string =>
  columns(
    groups.map(({ group, people, accuracy, falseAccept, falseReject }) => [
      group,
      `${count(people)} people  accuracy ${share(accuracy)}  strangers accepted ${share(falseAccept, 2)}  ` +
        `refused ${share(falseReject)}`,
    ]),
  );
