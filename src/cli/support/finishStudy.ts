/** The end of every study: files, and what is said. */

import { columns } from "../../base/text/index.ts";
import { type StudyPart, type StudySource, studyData, writeStudies } from "../../lab/experiments/index.ts";
import type { MeasuredModel } from "../../lab/results/index.ts";
import type { Io } from "./io.ts";
import type { Output } from "./output.ts";
import { madeNow } from "./results.ts";

interface Finish {
  readonly out?: string;
  readonly output: Output;
  readonly io: Io;
  /** The model studied, where it is known. */
  readonly model?: MeasuredModel | null;
}

/** Writes what is to be written, and says what was found. */
export async function finish(
  parts: readonly StudyPart[],
  source: StudySource & object,
  { out, output, io, model = null }: Finish,
): Promise<void> {
  if (out !== undefined) await writeStudies(out, parts, { source, model, ...madeNow(io) });
  const lines = parts.flatMap(({ finding: { verdict, numbers } }) => [
    verdict,
    columns(
      numbers.map(({ what, paper, ours }) => [`  ${what}`, `${ours}${paper ? `   (paper: ${paper})` : ""}`]),
    ),
  ]);
  if (out !== undefined) lines.push(`figures and a page: ${out}/index.html`);
  output.result(studyData(parts, source), lines.join("\n"));
}
