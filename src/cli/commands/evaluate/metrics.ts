/** How faces are compared: the choices of --metric. */

import { type Command, Option } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import {
  cosine,
  euclidean,
  hamming,
  jointBayesian,
  type Matcher,
  type PairMetric,
} from "../../../matching/match/index.ts";
import type { MetricName } from "../../../matching/protocols/index.ts";

export const METRICS: Readonly<Record<MetricName, (matcher: Matcher | undefined) => PairMetric>> = {
  "joint-bayesian": (matcher) => jointBayesian(matcher!),
  cosine: () => cosine,
  euclidean: () => euclidean,
  hamming: () => hamming(),
};
const NAMES = Object.keys(METRICS) as MetricName[];

export interface MetricOptions {
  readonly metric: MetricName | "all";
  readonly model?: string;
  readonly matcher?: string;
}

/** Of a command that scores by one metric at a time. */
export interface OneMetricOptions {
  readonly metric: MetricName;
}

/** Adds --metric; `all` says whether all may be asked for at once. */
export const addMetricOption = (command: Command, { all = true } = {}): Command =>
  command.addOption(
    new Option("--metric <name>", "how faces are compared")
      .choices(all ? [...NAMES, "all"] : NAMES)
      .default("joint-bayesian"),
  );

/** The metrics asked for; refuses what needs a matcher where there is none. `what` is the command, for errors. */
export function metricsAsked(what: string, { metric, model, matcher }: MetricOptions): MetricName[] {
  const learned = model !== undefined || matcher !== undefined;
  const names = metric === "all" ? NAMES.filter((name) => learned || name !== "joint-bayesian") : [metric];
  if (names.includes("joint-bayesian") && !learned) {
    throw new InputError(`${what}: --metric joint-bayesian needs --model or --matcher, which has learned it`);
  }
  return names;
}
