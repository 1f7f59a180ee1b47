/**
 * From filters to an SQL/JSON path, which the servers of all shards evaluate: its comparisons know types, take texts by
 * their code points, and need no collation, so that postgres_fdw sends them on. Names and values stand in it as JSON.
 */
import type { Condition, FieldValue, Filter } from "../filter.ts";

/** Undefined where nothing can meet the filter. */
export function pathOf(filter: Filter): string | undefined {
  const parts = filter.map(partOf);
  return parts.includes(undefined) ? undefined : parts.map((part) => `(${part})`).join(" && ");
}

function partOf(condition: Condition): string | undefined {
  const field = `$.${JSON.stringify(condition.field)}`;
  const compare = (sign: string, value: FieldValue) => `${field} ${sign} ${JSON.stringify(value)}`;
  if ("equals" in condition) return compare("==", condition.equals);
  if ("oneOf" in condition) {
    return condition.oneOf.map((value) => compare("==", value)).join(" || ") || undefined;
  }
  const { from, to } = condition;
  return [
    ...(from === undefined ? [] : [compare(">=", from)]),
    ...(to === undefined ? [] : [compare("<=", to)]),
  ].join(" && ");
}
