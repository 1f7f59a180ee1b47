/** Writes files of results. */
import { writeFileAtomic, writingTo } from "../../base/files/index.ts";
import type { MeasuredModel } from "./model.ts";
import { type ResultHead, ResultHeadSchema, schemaOf } from "./schema.ts";

export type NewResult = Omit<ResultHead, "stale">;

/** How a result was made, as far as only the caller can say. */
export type Made = Pick<ResultHead, "model" | "command" | "date">;

/** `body` as the text of a file, under its head; throws where it is not as readers of its kind need it. */
export function resultText(head: NewResult, body: object): string {
  const result = ResultHeadSchema.parse(head);
  const content = { result, ...body };
  schemaOf(head.kind).parse(content);
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** What a result is, for the head of its file. */
export interface ResultOf extends Pick<ResultHead, "kind" | "data" | "command" | "date"> {
  /** What was measured; left out where no model took part. */
  readonly model?: MeasuredModel;
}

/** Writes a result, which says where it comes from, where a path is given. */
export async function writeResult(
  path: string | undefined,
  { model, ...head }: ResultOf,
  body: object,
): Promise<void> {
  if (path === undefined) return;
  const text = resultText({ ...head, model: model ?? null }, body);
  await writingTo(path, () => writeFileAtomic(path, text));
}
