/** Keeps what a benchmark has measured, where a file is given for it. */
import { writeFileAtomic } from "../src/base/files/index.ts";
import { type NewResult, resultText } from "../src/lab/results/index.ts";

/** Writes `body` under its head, dated today. */
export async function keep(
  out: string | undefined,
  { model = null, ...head }: Pick<NewResult, "kind" | "command" | "data"> & Partial<NewResult>,
  body: object,
): Promise<void> {
  if (out === undefined) return;
  const date = new Date().toISOString().slice(0, 10);
  await writeFileAtomic(out, resultText({ ...head, model, date }, body));
}
