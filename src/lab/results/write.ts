/** Writes files of results. */
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
