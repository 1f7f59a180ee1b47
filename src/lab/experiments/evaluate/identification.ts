/** Who is it, if anyone? Closed and open set, in the manner of Best-Rowden et al. (2014). Paper: Table 3. */
import { type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import { columns, count } from "../../../base/text/index.ts";
import {
  type IdentificationSizes,
  type IdentificationSummary,
  identification,
  type MetricName,
  type OpenSetSummary,
} from "../../../matching/protocols/index.ts";
import { rateFigure } from "../../report/index.ts";
import type { Evaluation, Judged } from "./evaluation.ts";
import { type ListOptions, seedsOf, withScores, writeLists } from "./lists.ts";
import { detectionAt1, openSetPanel, spreadText } from "./openSet.ts";

export interface IdentificationChoice extends ListOptions, Partial<IdentificationSizes> {
  /** People who are the known ones as far as there are enough of them; the rest are drawn. */
  readonly known?: { readonly people: ReadonlySet<string>; readonly from: string };
}

export interface IdentificationData extends IdentificationSummary {
  readonly protocol: string;
  readonly metric: MetricName;
  readonly knownPeople: string;
}

/** Draws lists of known people, probes and impostors, and scores closed- and open-set identification on them. */
export async function evaluateIdentification(
  judged: Judged,
  options: IdentificationChoice,
  progress: StagedProgress = {},
): Promise<Evaluation<IdentificationData>> {
  const { set, matcher } = judged;
  const { metric, lists: folder, people, faces, gallery, known } = options;
  const summary = await withScores(judged, options, progress, (table) =>
    identification(set, table, {
      people,
      faces,
      gallery,
      preferred: known?.people,
      matcher: metric === "joint-bayesian" ? matcher : undefined,
      seeds: seedsOf(options),
      ...stageOf(progress, "identifying"),
      onLists: (seed, { closed, openSingle, openMany }) =>
        writeLists({ folder, file: `identification-seed-${seed}.tsv` }, set, {
          closed: { gallery: closed.gallery, probe: closed.probes },
          "open-single": openRoles(openSingle),
          "open-many": openRoles(openMany),
        }),
    }),
  );
  const data = {
    protocol:
      "closed and open set in the sizes of Best-Rowden et al. (2014); lists drawn by seed, not those behind the paper's Table 3",
    metric,
    knownPeople: known ? `those in ${known.from} first` : "drawn",
    ...summary,
  };
  return { data, text: describe(summary), figure: () => figureOf(summary) };
}

type OpenList = Readonly<Record<"gallery" | "genuine" | "impostors", readonly number[]>>;

const openRoles = ({ gallery, genuine, impostors }: OpenList) => ({
  gallery,
  probe: genuine,
  impostor: impostors,
});

const openSets = ({ openSingle, openMany, openManyBySet }: IdentificationSummary) =>
  [
    ["one face each enrolled", openSingle],
    ["all but one enrolled, the best counts", openMany],
    ["all but one enrolled, all count", openManyBySet],
  ].filter((entry): entry is [string, OpenSetSummary] => entry[1] !== undefined);

function figureOf(summary: IdentificationSummary): string {
  const points = summary.closed.cumulativeMatch.map(({ rank, rate }) => ({ at: rank, rate: rate.mean }));
  return rateFigure([
    {
      title: "Closed set: the right person among the first",
      axis: "Rank",
      curves: [{ name: "closed set", points }],
    },
    openSetPanel(openSets(summary)),
  ]);
}

function describe(summary: IdentificationSummary): string {
  const { closed, seeds, openSingle } = summary;
  const found = openSets(summary).map(
    ([name, open]) => [`found at 1 % false alarms, ${name}`, spreadText(detectionAt1(open))] as const,
  );
  return [
    columns([["closed set, rank 1", spreadText(closed.rank1)], ...found]),
    `mean ± standard deviation over ${seeds.length} draws: ${count(closed.people)} people enrolled and ${count(closed.probes)} probes, ` +
      `${count(openSingle.people)} known people and ${count(openSingle.impostors)} impostors`,
  ].join("\n");
}
