/** The end of every study: files, and what is said. */

import { columns } from "../../base/text/index.ts";
import { type StudyPart, type StudySource, studyData, writeStudies } from "../../lab/experiments/index.ts";
import type { Output } from "./output.ts";

/** Writes what is to be written, and says what was found. */
export async function finish(
  parts: readonly StudyPart[],
  source: StudySource & object,
  { out, output }: { out?: string; output: Output },
): Promise<void> {
  if (out !== undefined) await writeStudies(out, parts, source);
  const lines = parts.flatMap(({ finding: { verdict, numbers } }) => [
    verdict,
    columns(
      numbers.map(({ what, paper, ours }) => [`  ${what}`, `${ours}${paper ? `   (paper: ${paper})` : ""}`]),
    ),
  ]);
  if (out !== undefined) lines.push(`figures and a page: ${out}/index.html`);
  output.result(studyData(parts, source), lines.join("\n"));
}
