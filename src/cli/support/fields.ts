/** Fields of faces and conditions on them, as words of a command line. */
import { type Command, InvalidArgumentError } from "commander";
import type { Condition, Fields, FieldValue, Filter } from "../../people/gallery/index.ts";

/** "year=2024" beside what was given before; numbers and true/false are what they look like. */
export function addField(text: string, before: Fields): Fields {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("name=value is needed.");
  return { ...before, [text.slice(0, at)]: readValue(text.slice(at + 1)) };
}

/** "year=2024", "camera=gate,door", "day>=2024-05" or "day<=2024-06" beside what was given before. */
export const addCondition = (text: string, before: Filter): Filter => [...before, conditionOf(text)];

function conditionOf(text: string): Condition {
  const [, field, sign, right] = /^([^<>=]+)(<=|>=|=)(.*)$/s.exec(text) ?? [];
  if (field === undefined)
    throw new InvalidArgumentError("name=value, name>=value or name<=value is needed.");
  if (sign === "=") {
    const list = right.split(",").map(readValue);
    return list.length === 1 ? { field, equals: list[0] } : { field, oneOf: list };
  }
  const bound = readValue(right);
  if (typeof bound === "boolean") throw new InvalidArgumentError("A range needs numbers or texts.");
  return sign === ">=" ? { field, from: bound } : { field, to: bound };
}

function readValue(text: string): FieldValue {
  const number = text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
  return number ?? (/^(true|false)$/.test(text) ? text === "true" : text);
}

export interface WhereOptions {
  readonly where: Filter;
}

export const addWhereOption = (command: Command): Command =>
  command.option(
    "--where <condition>",
    "only faces whose fields meet it: year=2024, camera=gate,door, day>=2024-05; may be repeated",
    addCondition,
    [],
  );
