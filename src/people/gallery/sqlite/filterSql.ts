/** From filters to queries over field_values. Names and values are parameters, never text. */
import type { Condition, FieldValue, Filter } from "../filter.ts";
import type { Value } from "./connection.ts";

interface Query {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** The ids, rising, of the faces that meet every condition of `filter`, which has at least one. */
export function facesThatMeet(filter: Filter): Query {
  const queries = filter.map(facesThat);
  return {
    sql: `${queries.map(({ sql }) => sql).join(" INTERSECT ")} ORDER BY face`,
    values: queries.flatMap(({ values }) => values),
  };
}

function facesThat(condition: Condition): Query {
  const { sql, values } = valueThat(condition);
  return {
    sql: `SELECT face FROM field_values WHERE name = ? AND (${sql})`,
    values: [condition.field, ...values],
  };
}

function valueThat(condition: Condition): Query {
  if ("equals" in condition) return valueIn([condition.equals]);
  if ("oneOf" in condition) return valueIn(condition.oneOf);
  const { from, to } = condition;
  const bounds = [
    { sign: ">=", bound: from },
    { sign: "<=", bound: to },
  ].flatMap(({ sign, bound }) => (bound === undefined ? [] : [{ sign, bound }]));
  return {
    sql: ["kind = ?", ...bounds.map(({ sign }) => `value ${sign} ?`)].join(" AND "),
    values: [kindOf((from ?? to)!), ...bounds.map(({ bound }) => bound)],
  };
}

function valueIn(list: readonly FieldValue[]): Query {
  if (list.length === 0) return { sql: "FALSE", values: [] };
  return {
    sql: `(kind, value) IN (VALUES ${list.map(() => "(?, ?)").join(", ")})`,
    values: list.flatMap((value) => [kindOf(value), asValue(value)]),
  };
}

export const kindOf = (value: FieldValue) => typeof value;
export const asValue = (value: FieldValue): Value => (typeof value === "boolean" ? Number(value) : value);
