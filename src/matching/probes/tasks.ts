/**
 * Questions with two answers about pictures: this person or the rest, an attribute or its opposite.
 * Paper: Section 6.1.
 */
import { InputError } from "../../base/errors/index.ts";
import type { AttributeTable, FeatureSet } from "../features/index.ts";
import { rowsByPerson } from "../features/index.ts";

export interface Task {
  /** The person, or the attribute. */
  readonly name: string;
  readonly kind: "person" | "attribute";
  /** What the negative pictures are, in words. */
  readonly against: string;
  /** [rows]: 1 it is, -1 it is not, 0 left out. */
  readonly labels: Int8Array;
  readonly positives: number;
  readonly negatives: number;
}

export interface PersonTaskOptions {
  /** Fewest pictures of a person; 62 people of LFW have 20. */
  readonly least?: number;
  /** These people only, however few pictures they have (at least 2). */
  readonly people?: readonly string[];
}

export const PERSON_TASK_DEFAULTS = { least: 20 } as const satisfies PersonTaskOptions;

/** One task for each person with enough pictures, most pictures first. */
export function personTasks(set: FeatureSet, options: PersonTaskOptions = {}): Task[] {
  const { least, people } = { ...PERSON_TASK_DEFAULTS, ...options };
  const rows = rowsByPerson(set.identities);
  const pictures = (person: string) => rows.get(person)?.length ?? 0;
  const unfit = people?.find((person) => !(pictures(person) >= 2));
  if (unfit !== undefined) {
    throw new InputError(`studies: ${unfit} needs 2 pictures or more, got ${pictures(unfit)}`);
  }
  const chosen = people ?? [...rows.keys()].filter((person) => pictures(person) >= least);
  return chosen
    .map((person) =>
      taskOf(person, "person", "everyone else", {
        rows: set.rows,
        label: (row) => (set.identities[row] === person ? 1 : -1),
      }),
    )
    .sort((p, q) => q.positives - p.positives || (p.name < q.name ? -1 : 1));
}

/** Attributes of which a picture that clearly has one clearly lacks the other. */
const GROUPS: readonly (readonly string[])[] = [
  ["Male", "Female"],
  ["White", "Black", "Asian", "Indian"],
  ["Bald", "Black Hair", "Blond Hair", "Brown Hair", "Gray Hair"],
  ["Smiling", "Frowning"],
  ["Goatee", "No Beard"],
  ["Curly Hair", "Straight Hair"],
  ["Harsh Lighting", "Soft Lighting"],
];
const OPPOSITES: ReadonlyMap<string, readonly string[]> = new Map([
  ...GROUPS.flatMap((group) => group.map((name) => [name, group.filter((other) => other !== name)] as const)),
  ["Baby", ["Youth", "Middle Aged", "Senior"]],
  ["Child", ["Youth", "Middle Aged", "Senior"]],
  ["Youth", ["Middle Aged", "Senior"]],
  ["Middle Aged", ["Baby", "Child", "Youth", "Senior"]],
  ["Senior", ["Baby", "Child", "Youth", "Middle Aged"]],
  ["Eyeglasses", ["No Eyewear"]],
  ["Sunglasses", ["No Eyewear"]],
  ["No Eyewear", ["Eyeglasses", "Sunglasses"]],
  ["Mouth Closed", ["Mouth Slightly Open", "Mouth Wide Open"]],
  ["Mouth Wide Open", ["Mouth Closed"]],
] as const);

/** The attributes studied unless others are asked for: sex, race, age, hair (as in Fig. 13), and what shows in a face. */
export const STUDIED_ATTRIBUTES: readonly string[] = [
  "Male",
  "Female",
  "White",
  "Black",
  "Asian",
  "Indian",
  "Baby",
  "Child",
  "Youth",
  "Middle Aged",
  "Senior",
  "Bald",
  "Black Hair",
  "Blond Hair",
  "Brown Hair",
  "Gray Hair",
  "Eyeglasses",
  "Sunglasses",
  "Mustache",
  "Goatee",
  "No Beard",
  "Smiling",
];

export interface AttributeTaskOptions {
  /** Default: those of STUDIED_ATTRIBUTES that the table has. */
  readonly attributes?: readonly string[];
  /** Fewest pictures on either side; smaller tasks are left out. */
  readonly least?: number;
}

export const ATTRIBUTE_TASK_DEFAULTS = { least: 20 } as const satisfies AttributeTaskOptions;

/**
 * One task for each attribute. Positive are the pictures that clearly have it and no opposite of it; negative those
 * that clearly lack it or clearly have an opposite. A table that never says "absent" leaves, for an attribute without
 * opposites, everything that is not clearly positive.
 */
export function attributeTasks(
  set: FeatureSet,
  table: AttributeTable,
  options: AttributeTaskOptions = {},
): Task[] {
  const least = options.least ?? ATTRIBUTE_TASK_DEFAULTS.least;
  const unknown = options.attributes?.find((name) => !table.attributes.has(name));
  if (unknown !== undefined) {
    throw new InputError(
      `studies: no attribute ${unknown}; there are ${[...table.attributes.keys()].slice(0, 8).join(", ")}, ...`,
    );
  }
  const place = new Map(table.pictures.map((picture, at) => [picture, at]));
  const at = Int32Array.from(set.names, (name) => place.get(name) ?? -1);
  if (at.every((index) => index === -1)) {
    throw new InputError(
      `studies: the attributes name none of the pictures (${table.pictures[0]}, ...; the features have ${set.names[0]}, ...)`,
    );
  }
  const names = options.attributes ?? STUDIED_ATTRIBUTES.filter((name) => table.attributes.has(name));
  return names
    .map((name) => attributeTask(name, table, at))
    .filter(({ positives, negatives }) => Math.min(positives, negatives) >= least);
}

/** `at` [rows] holds each row's place in the table, -1 where it has none. */
function attributeTask(name: string, { attributes }: AttributeTable, at: Int32Array): Task {
  const own = attributes.get(name)!;
  const opposites = (OPPOSITES.get(name) ?? []).filter((other) => attributes.has(other));
  const columns = opposites.map((other) => attributes.get(other)!);
  const restIsNegative = opposites.length === 0 && !own.includes(-1);
  const label = (row: number) => {
    const i = at[row];
    if (i < 0) return 0;
    const opposed = columns.some((column) => column[i] === 1);
    if (own[i] === 1) return opposed ? 0 : 1;
    return opposed || own[i] === -1 || restIsNegative ? -1 : 0;
  };
  const against = restIsNegative ? `not clearly ${name}` : opposites.join(", ") || `not ${name}`;
  return taskOf(name, "attribute", against, { rows: at.length, label });
}

function taskOf(
  name: string,
  kind: Task["kind"],
  against: string,
  { rows, label }: { readonly rows: number; readonly label: (row: number) => number },
): Task {
  const labels = Int8Array.from({ length: rows }, (_, row) => label(row));
  let [positives, negatives] = [0, 0];
  for (const value of labels) {
    if (value > 0) positives++;
    else if (value < 0) negatives++;
  }
  return { name, kind, against, labels, positives, negatives };
}
