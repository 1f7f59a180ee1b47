/** Some of a set's people, with all their faces, where all would be too many to draw. */
import { InputError } from "../../base/errors/index.ts";
import { type Rng, shuffle } from "../../base/random/index.ts";
import { type FeatureSet, rowsByPerson, selectRows } from "../features/index.ts";

export interface FaceSample {
  readonly set: FeatureSet;
  /** Faces that there were. */
  readonly of: number;
}

/**
 * People drawn at random whose faces come to `most` together, in the order in which they were given. Of one whose faces do not
 * fit any more some are taken, and so `most` is reached wherever there are as many.
 *
 * @example
 * peopleUpTo(new Map([["Ann", 3], ["Ben", 900]]), 500, rng); // Map { "Ann" => 3, "Ben" => 497 } or Map { "Ben" => 500 }
 */
export function peopleUpTo<P>(faces: ReadonlyMap<P, number>, most: number, rng: Rng): Map<P, number> {
  if (!(Number.isInteger(most) && most >= 1)) {
    throw new InputError(`peopleUpTo: most must be a positive integer, got ${most}`);
  }
  const taken = new Map<P, number>();
  let room = most;
  for (const person of shuffle([...faces.keys()], rng)) {
    if (room === 0) break;
    const count = Math.min(room, faces.get(person)!);
    taken.set(person, count);
    room -= count;
  }
  return new Map(
    [...faces.keys()].flatMap((person) => (taken.has(person) ? [[person, taken.get(person)!]] : [])),
  );
}

/** All faces of `set` where they are at most `most`, else those of people drawn at random. */
export function sampleFaces(set: FeatureSet, most: number, rng: Rng): FaceSample {
  if (set.rows <= most) return { set, of: set.rows };
  const people = rowsByPerson(set.identities);
  const counts = new Map([...people].map(([person, rows]) => [person, rows.length]));
  const rows = [...peopleUpTo(counts, most, rng)].flatMap(([person, count]) =>
    people.get(person)!.slice(0, count),
  );
  return {
    set: selectRows(
      set,
      rows.sort((a, b) => a - b),
    ),
    of: set.rows,
  };
}
