/** The table of groups in docs/limits.md, from results/taught-bias-joint-bayesian.json and taught-bias-calibrated.json. */
import type { Estimate, GroupResult } from "../../src/matching/protocols/index.ts";

type Read = (path: string) => { readonly groups: readonly GroupResult[] } | undefined;

const interval = ({ value, low, high }: Estimate) =>
  `${(100 * value).toFixed(1)} (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;

/** A row for each group: by the score that people see, and by the matcher's own, without the cohort. */
export function groupsTable(read: Read): string {
  const [calibrated, plain] = ["taught-bias-calibrated", "taught-bias-joint-bayesian"].map((name) =>
    read(`results/${name}.json`),
  );
  if (!calibrated || !plain) throw new Error("results/ has no groups");
  const rows = calibrated.groups.map(({ group, people, accuracy, falseAccept, falseReject }) => {
    const without = plain.groups.find((other) => other.group === group)!;
    const cells = [falseAccept, without.falseAccept, falseReject, without.falseReject, accuracy].map(
      interval,
    );
    return `| ${[group, people.toLocaleString("en"), ...cells].join(" | ")} |`;
  });
  return [
    "| group | people | FAR, % | FAR without the cohort | FRR, % | FRR without the cohort | balanced accuracy, % |",
    "|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
