/** Features for studies: files of them, and what they are compared with. */
import { basename } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import { readAttributes } from "../../../faces/data/index.ts";
import { type FeatureSet, selectColumns, selectRows } from "../../../matching/features/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { attributeTasks, personTasks, type Task } from "../../../matching/probes/index.ts";
import type { MeasuredModel } from "../../results/index.ts";
import type { NamedFeatures } from "../../studies/index.ts";
import type { StudySource } from "./page.ts";

/** Which people and attributes are asked about. */
export interface TaskOptions {
  readonly attributes?: string;
  readonly attribute?: string[];
  readonly person?: string[];
  readonly leastPictures: number;
}

/** The tasks that `options` name, on the pictures of `set`. */
export async function tasksOf(
  set: FeatureSet,
  { attributes, attribute, person, leastPictures }: TaskOptions,
): Promise<Task[]> {
  if (attribute !== undefined && attributes === undefined) {
    throw new InputError("--attribute needs --attributes, the file that holds it");
  }
  const people = personTasks(set, { least: leastPictures, people: person });
  if (attributes === undefined) return people;
  return [...people, ...attributeTasks(set, await readAttributes(attributes), { attributes: attribute })];
}

/** What features are compared with: files, and how many of their first columns. */
export interface CompareOptions {
  readonly compare?: { readonly name: string; readonly path: string }[];
  readonly compareDimensions?: number[];
}

/** The features under study first, then what they are compared with, in every size asked for. */
export async function namedFeatures(
  name: string,
  set: FeatureSet,
  { compare = [], compareDimensions }: CompareOptions,
): Promise<NamedFeatures[]> {
  const others: NamedFeatures[] = [];
  for (const { name: label, path } of compare) {
    others.push(...inSizes(label, matchRows((await readFeatures(path)).set, set, path), compareDimensions));
  }
  return [{ name, set, subject: true }, ...others];
}

/** What is compared with: the first columns of `whole`, as many as `sizes` say, as far as it has them; else all. */
export function inSizes(
  label: string,
  whole: FeatureSet,
  sizes: readonly number[] = [whole.dimension],
): NamedFeatures[] {
  const possible = sizes.filter((size) => size <= whole.dimension);
  return (possible.length > 0 ? possible : [whole.dimension]).map((size) => ({
    name: `${label} ${size}`,
    set: selectColumns(whole, 0, size),
    subject: false,
  }));
}

/** `other` with the rows of `set`, in its order. */
export function matchRows(other: FeatureSet, set: FeatureSet, path: string): FeatureSet {
  const place = new Map(other.names.map((name, row) => [name, row]));
  const rows = set.names.map((name) => {
    const row = place.get(name);
    if (row === undefined) throw new InputError(`${path}: has no features of ${name}`);
    return row;
  });
  return selectRows(other, rows);
}

/** A feature file with the words a page has for it. */
export async function openStudied(path: string): Promise<{
  set: FeatureSet;
  name: string;
  source: StudySource & { provenance: object };
  model: MeasuredModel | null;
}> {
  const { set, provenance } = await readFeatures(path);
  const name = [provenance.model, provenance.feature].filter(Boolean).join(" ") || basename(path);
  const source = { features: name, pictures: set.rows, people: new Set(set.identities).size, provenance };
  const [, nets] = /^sha256 ([0-9a-f]{64})$/.exec(provenance.net ?? "") ?? [];
  const model = nets && provenance.model ? { name: provenance.model, nets } : null;
  return { set, name, source, model };
}
