/** What results/lfw-studies.json says, for docs/studies.md: every claim, its verdict, the paper's numbers and ours. */
import { type Read, withGenerated } from "./generated.ts";

interface Finding {
  readonly claim: string;
  readonly where: string;
  readonly verdict: string;
  readonly numbers: readonly { readonly what: string; readonly paper?: string; readonly ours: string }[];
}

interface Studies {
  readonly findings: readonly Finding[];
}

/** `text` with the findings between its marks replaced. */
export function studiesWithResults(text: string, read: Read): string {
  const studies = read("results/lfw-studies.json") as Studies | undefined;
  const dropout = read("results/dropout.json") as { readonly finding: Finding } | undefined;
  const measured = studies?.findings ?? [];
  const hasDropout = measured.some(({ claim }) => claim === dropout?.finding.claim); // `reproduce --dropout`
  const findings = [...measured, ...(dropout && !hasDropout ? [dropout.finding] : [])];
  const generated = findings.length === 0 ? "Not measured yet." : findings.map(section).join("\n\n");
  return withGenerated(text, generated, "docs/studies.md");
}

const section = ({ claim, where, verdict, numbers }: Finding): string =>
  [
    `**${claim}** (${where}) ${verdict}`,
    "",
    "| | paper | here |",
    "|---|---|---|",
    ...numbers.map(({ what, paper = "", ours }) => `| ${[what, paper, ours].join(" | ")} |`),
  ].join("\n");
