/** Filters over the free fields of faces: a small structured type, never query text. */
import { InputError } from "../../base/errors/index.ts";
import { nameKey } from "../../base/names/index.ts";
import { compareText } from "./text.ts";

/** What a field may hold. Texts are compared by their UTF-8 bytes, so ISO dates sort as dates. */
export type FieldValue = string | number | boolean;

/** Free fields of a face: where it was taken, when, by which camera. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** One condition on a field. A face without the field, or with a value of another type, does not meet it. */
export type Condition =
  | { readonly field: string; readonly equals: FieldValue }
  | { readonly field: string; readonly oneOf: readonly FieldValue[] }
  /** From `from` to `to`, both included; one of them may be left out. */
  | { readonly field: string; readonly from?: number | string; readonly to?: number | string };

/** Conditions that must all hold; an empty list holds always. */
export type Filter = readonly Condition[];

/** Most fields of a face, values of one list and conditions of one filter. */
export const FIELD_LIMITS = {
  fields: 32,
  nameLength: 64,
  textLength: 1000,
  conditions: 16,
  values: 1000,
} as const;

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** The fields as a store keeps them: names and texts in NFC. Refuses what none could keep. */
export function checkedFields(fields: Fields): Fields {
  const entries = Object.entries(fields);
  if (!(entries.length <= FIELD_LIMITS.fields)) {
    throw new InputError(`gallery: at most ${FIELD_LIMITS.fields} fields a face, got ${entries.length}`);
  }
  for (const [name, value] of entries) {
    checkFieldName(name);
    checkValue(name, value);
  }
  return Object.fromEntries(entries.map(([name, value]) => [nameKey(name), inOneForm(value)]));
}

const inOneForm = (value: FieldValue): FieldValue => (typeof value === "string" ? nameKey(value) : value);

/** The conditions as fields are compared: names and texts in NFC. Refuses those that mean nothing. */
export function checkedFilter(filter: Filter): Filter {
  if (!(Array.isArray(filter) && filter.length <= FIELD_LIMITS.conditions)) {
    throw new InputError(`filter: needs a list of at most ${FIELD_LIMITS.conditions} conditions`);
  }
  for (const condition of filter) checkCondition(condition);
  return filter.map((condition) => {
    const field = nameKey(condition.field);
    if ("equals" in condition) return { field, equals: inOneForm(condition.equals) };
    if ("oneOf" in condition) return { field, oneOf: condition.oneOf.map(inOneForm) };
    return { ...condition, field, ...boundsInOneForm(condition) };
  });
}

function boundsInOneForm({ from, to }: Range): Omit<Range, "field"> {
  const bounds: { from?: number | string; to?: number | string } = {};
  if (from !== undefined) bounds.from = inOneForm(from) as number | string;
  if (to !== undefined) bounds.to = inOneForm(to) as number | string;
  return bounds;
}

function checkCondition(condition: Condition): void {
  const { field } = condition;
  checkFieldName(field);
  if ("equals" in condition) checkValue(field, condition.equals);
  else if ("oneOf" in condition) checkList(field, condition.oneOf);
  else checkRange(condition);
}

function checkList(field: string, oneOf: unknown): void {
  if (!(Array.isArray(oneOf) && oneOf.length <= FIELD_LIMITS.values)) {
    throw new InputError(`filter: ${field}: oneOf needs a list of at most ${FIELD_LIMITS.values} values`);
  }
  for (const value of oneOf) checkValue(field, value);
}

type Range = Extract<Condition, { readonly from?: unknown }>;

function checkRange({ field, ...condition }: Range): void {
  const bounds = [condition.from, condition.to].filter((bound) => bound !== undefined);
  for (const bound of bounds) checkValue(field, bound);
  const types = new Set(bounds.map((bound) => typeof bound));
  if (!(types.size === 1 && !types.has("boolean"))) {
    throw new InputError(`filter: ${field}: needs equals, oneOf, or from and to, both numbers or both texts`);
  }
}

function checkFieldName(name: unknown): void {
  if (!(typeof name === "string" && name.length <= FIELD_LIMITS.nameLength && NAME.test(nameKey(name)))) {
    const wanted = `a letter, then letters, digits, "_", "." or "-", at most ${FIELD_LIMITS.nameLength}`;
    throw new InputError(`gallery: a field's name must be ${wanted}; got ${JSON.stringify(name)}`);
  }
}

function checkValue(name: string, value: unknown): void {
  const fits =
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value)) ||
    (typeof value === "string" && value.length <= FIELD_LIMITS.textLength && isStorable(value));
  if (!fits) {
    const wanted = `true, false, a finite number or a text of at most ${FIELD_LIMITS.textLength} characters`;
    throw new InputError(`gallery: field ${name} must be ${wanted}; got ${typeof value}`);
  }
}

/** Texts that every database takes: well-formed Unicode without the zero character. */
export const isStorable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text);

/** Whether `fields` meet every condition of a checked filter. */
export function meets(fields: Fields, filter: Filter): boolean {
  return filter.every((condition) => {
    const value = Object.hasOwn(fields, condition.field) ? fields[condition.field] : undefined;
    if (value === undefined) return false;
    if ("equals" in condition) return value === condition.equals;
    if ("oneOf" in condition) return condition.oneOf.includes(value);
    const { from, to } = condition;
    if (typeof value !== typeof (from ?? to)) return false;
    return (from === undefined || order(value, from) >= 0) && (to === undefined || order(value, to) <= 0);
  });
}

/** Sign of a - b for values of one type. */
const order = (a: FieldValue, b: FieldValue) =>
  typeof a === "string" ? compareText(a, b as string) : Number(a) - Number(b);
