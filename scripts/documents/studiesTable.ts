/** What results/lfw-studies.json says, for docs/studies.md: every claim, its verdict, the paper's numbers and ours. */
/** Results by path; undefined where there are none. */
type Read = (path: string) => unknown;

interface Finding {
  readonly claim: string;
  readonly where: string;
  readonly verdict: string;
  readonly numbers: readonly { readonly what: string; readonly paper?: string; readonly ours: string }[];
}

interface Studies {
  readonly findings: readonly Finding[];
}

/** A paragraph and a table for every claim. */
export function findingsTables(read: Read): string {
  const studies = read("results/lfw-studies.json") as Studies | undefined;
  const dropout = read("results/dropout.json") as { readonly finding: Finding } | undefined;
  const measured = studies?.findings ?? [];
  const hasDropout = measured.some(({ claim }) => claim === dropout?.finding.claim); // `reproduce --dropout`
  const findings = [...measured, ...(dropout && !hasDropout ? [dropout.finding] : [])];
  return findings.length === 0 ? "Not measured yet." : findings.map(section).join("\n\n");
}

const section = ({ claim, where, verdict, numbers }: Finding): string =>
  [
    `**${claim}** (${where}) ${verdict}`,
    "",
    "| | paper | here |",
    "|---|---|---|",
    ...numbers.map(({ what, paper = "", ours }) => `| ${[what, paper, ours].join(" | ")} |`),
  ].join("\n");
