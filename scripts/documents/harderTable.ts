/** The table of harder pairs in docs/model.md, from results/harder-pairs.json. */
import { z } from "zod";
import { formatPercent } from "../../src/base/text/index.ts";

const Harder = z.object({
  points: z.array(z.object({ name: z.string() })),
  results: z.array(
    z.object({
      condition: z.string(),
      pairs: z.object({ same: z.number(), strangers: z.number() }),
      at: z.array(z.object({ strangersAccepted: z.number(), trueRefused: z.number() })),
    }),
  ),
});

/** What conditions are called now that older files call otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  "turned most differently": "poses differ most",
  "the same, not brought up to light": "the same, without brightening",
};

/** A row for each condition: of how many pairs strangers are accepted and true pairs refused at each point. */
export function harderTable(read: (path: string) => unknown): string {
  const { points, results } = Harder.parse(read("results/harder-pairs.json"));
  const rows = results.map(({ condition, pairs, at }) => {
    const shares = at.flatMap(({ strangersAccepted, trueRefused }) => [
      `${strangersAccepted} of ${pairs.strangers.toLocaleString("en")}`,
      formatPercent(trueRefused / pairs.same, { digits: 0 }),
    ]);
    return `| ${[RENAMED[condition] ?? condition, ...shares].join(" | ")} |`;
  });
  const heads = points.flatMap(({ name }) => [`${name}: strangers accepted`, "true pairs refused"]);
  return [`| second picture | ${heads.join(" | ")} |`, `|${"---|".repeat(heads.length + 1)}`, ...rows].join(
    "\n",
  );
}
