/** Fields of faces and conditions on them, as people write them: `year=2024`, `camera=gate,door`, `day>=2024-05`. */
import { InputError } from "../../base/errors/index.ts";
import type { Condition, Fields, FieldValue, Filter } from "./filter.ts";

/** "year=2024" as a field; numbers and true/false are what they look like. */
export function parseField(text: string): Fields {
  const at = text.indexOf("=");
  if (at < 1) throw new InputError("name=value is needed.");
  return { [text.slice(0, at)]: readValue(text.slice(at + 1)) };
}

/** "year=2024", "camera=gate,door", "day>=2024-05" or "day<=2024-06" as a condition. */
export function parseCondition(text: string): Condition {
  const [, field, sign, right] = /^([^<>=]+)(<=|>=|=)(.*)$/s.exec(text) ?? [];
  if (field === undefined) throw new InputError("name=value, name>=value or name<=value is needed.");
  if (sign === "=") {
    const list = right.split(",").map(readValue);
    return list.length === 1 ? { field, equals: list[0] } : { field, oneOf: list };
  }
  const bound = readValue(right);
  if (typeof bound === "boolean") throw new InputError("A range needs numbers or texts.");
  return sign === ">=" ? { field, from: bound } : { field, to: bound };
}

/** The conditions as they are written: "camera=gate,door and day>=2024-05". */
export const filterText = (filter: Filter): string => filter.map(conditionText).join(" and ");

function conditionText(condition: Condition): string {
  const { field } = condition;
  if ("equals" in condition) return `${field}=${condition.equals}`;
  if ("oneOf" in condition) return `${field}=${condition.oneOf.join(",")}`;
  const { from, to } = condition as Extract<Condition, { from?: unknown }>;
  const bounds = [from !== undefined && `${field}>=${from}`, to !== undefined && `${field}<=${to}`];
  return bounds.filter(Boolean).join(" and ");
}

function readValue(text: string): FieldValue {
  const number = text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
  return number ?? (/^(true|false)$/.test(text) ? text === "true" : text);
}
