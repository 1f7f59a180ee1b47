/** The table of operating points in docs/model.md, from results/operating-points.json. */
import { z } from "zod";
import { formatPercent } from "../../src/base/text/index.ts";
import { POINT_RATES } from "../../src/matching/match/index.ts";

const Points = z.object({
  points: z.array(z.object({ rate: z.number(), score: z.number(), falseRejectRate: z.number() })),
  results: z.array(
    z.object({
      group: z.string(),
      rates: z.array(z.object({ strangersAccepted: z.number(), trueRefused: z.number() })),
    }),
  ),
});

const GROUPS = ["everybody", "White", "Black", "Asian", "Female"];

/** Of all of LFW's strangers and of those within groups, at the default threshold and at the strict one. */
export function pointNumbers(read: (path: string) => unknown): Record<string, () => string> {
  const accepted = (group: string, rate: number) => {
    const { points, results } = Points.parse(read("results/operating-points.json"));
    const at = points.findIndex((point) => point.rate === rate);
    return results.find((result) => result.group === group)!.rates[at].strangersAccepted;
  };
  const share = (value: number) => formatPercent(value, { digits: 2 });
  return {
    ...Object.fromEntries(
      ["everybody", "Black", "Asian", "Indian"].map((group) => [
        `balanced-${group}`,
        () => share(accepted(group, POINT_RATES.balanced)),
      ]),
    ),
    "strict-Indian": () => share(accepted("Indian", 0.001)),
    "strict-others": () => share(Math.max(...GROUPS.map((group) => accepted(group, 0.001)))),
  };
}

/** A row for each rate: what it comes to on validation people, among LFW's people, and among strangers of one group. */
export function pointsTable(read: (path: string) => unknown): string {
  const { points, results } = Points.parse(read("results/operating-points.json"));
  const of = (group: string) => results.find((result) => result.group === group)!.rates;
  const rows = points.map(({ rate, score, falseRejectRate }, i) => {
    const passed = GROUPS.map((group) => formatPercent(of(group)[i].strangersAccepted, { digits: 2 }));
    const refused = ["everybody", "Black", "Asian"].map((group) =>
      formatPercent(of(group)[i].trueRefused, { digits: 0 }),
    );
    const [everybody, black, asian] = refused;
    const cells = [
      `1 in ${Math.round(1 / rate).toLocaleString("en")}`,
      score.toFixed(2),
      formatPercent(falseRejectRate, { digits: 0 }),
      ...passed,
      `${everybody} (Black ${black}, Asian ${asian})`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `| strangers, validation | score above | true pairs refused, validation | ${GROUPS.map((group) => (group === "everybody" ? "LFW: strangers accepted" : group)).join(" | ")} | LFW: true pairs refused |`,
    `|${"---|".repeat(GROUPS.length + 4)}`,
    ...rows,
  ].join("\n");
}
