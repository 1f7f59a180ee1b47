/** The checks that keep test people out of training: a system scored on people it has learned from is not scored. */
import { DataError, firstFew } from "../../base/errors/index.ts";
import { nameKey } from "../../base/names/index.ts";

/** Throws DataError naming the people who stand in two of the named `parts`, however their names are composed (NFC, NFD). */
export function assertDisjoint(parts: Readonly<Record<string, Iterable<string>>>): void {
  const partOf = new Map<string, string>();
  const shared: string[] = [];
  for (const [part, people] of Object.entries(parts)) {
    for (const person of new Set([...people].map(nameKey))) {
      const other = partOf.get(person);
      if (other !== undefined) shared.push(`${person} in ${other} and ${part}`);
      partOf.set(person, part);
    }
  }
  if (shared.length > 0) {
    throw new DataError(`${shared.length} people stand on two sides of a split: ${firstFew(shared)}`);
  }
}

/** Throws DataError naming the people of `test` who are also among `training`. */
export function assertNoOverlap(training: Iterable<string>, test: Iterable<string>): void {
  const trained = new Set([...training].map(nameKey));
  const shared = [...new Set([...test].map(nameKey))].filter((person) => trained.has(person));
  if (shared.length > 0) {
    throw new DataError(
      `${shared.length} people of the test set are in the training set: ${firstFew(shared)}`,
    );
  }
}
