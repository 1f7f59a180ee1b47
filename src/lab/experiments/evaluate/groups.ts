/** Is everybody served alike? Verification by groups of people, at one threshold for all. */
import { createRng } from "../../../base/random/index.ts";
import { columns, count, formatPercent } from "../../../base/text/index.ts";
import { peopleByAttribute } from "../../../faces/data/index.ts";
import type { AttributeTable } from "../../../matching/features/index.ts";
import {
  type Estimate,
  GROUPS_DEFAULTS,
  type GroupResult,
  type GroupsResult,
  type MetricName,
  metricNamed,
  verificationByGroup,
} from "../../../matching/protocols/index.ts";
import type { Evaluation, Judged } from "./evaluation.ts";

export interface GroupsChoice {
  readonly metric: MetricName;
  /** Of the pairs that are drawn. */
  readonly seed: number;
  /** Times that people are drawn anew, with replacement, for the intervals. */
  readonly resamples?: number;
}

export interface GroupsData extends GroupsResult {
  readonly pictures: number;
  readonly seed: number;
  readonly resamples: number;
}

/** People by group: of each of `lists` a person is of the attribute that most of their pictures are rated to show. */
export const peopleInGroups = (
  ratings: AttributeTable,
  lists: readonly (readonly string[])[],
): Map<string, ReadonlySet<string>> =>
  new Map(lists.flatMap((list) => [...peopleByAttribute(ratings, list)]));

/** Draws pairs within groups of people, decides all by one threshold, and says how each group fares. */
export function evaluateGroups(
  { set, ...compared }: Judged,
  people: ReadonlyMap<string, ReadonlySet<string>>,
  { metric, seed, resamples = GROUPS_DEFAULTS.resamples }: GroupsChoice,
): Evaluation<GroupsData> {
  const result = verificationByGroup(metricNamed(metric, compared), set, people, {
    rng: createRng(seed),
    resamples,
  });
  return { data: { ...result, pictures: set.rows, seed, resamples }, text: describe(result.groups) };
}

const interval = ({ value, low, high }: Estimate, digits = 1): string =>
  `${formatPercent(value, { digits })} (${(100 * low).toFixed(digits)} to ${(100 * high).toFixed(digits)})`;

const describe = (groups: readonly GroupResult[]): string =>
  columns(
    groups.map(({ group, people, accuracy, falseAccept, falseReject }) => [
      group,
      `${count(people)} people  accuracy ${interval(accuracy)}  strangers accepted ${interval(falseAccept, 2)}  ` +
        `refused ${interval(falseReject)}`,
    ]),
  );
