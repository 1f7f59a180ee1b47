/** Many people and many pictures of each, drawn one at a time and only when asked for. */
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { type Attributes, pictureAttributes } from "./attributes.ts";
import { createPerson, type Person } from "./person.ts";
import { type Picture, renderFace } from "./render/face.ts";
import { createShot } from "./shot.ts";

export interface PopulationOptions {
  readonly people: number;
  readonly picturesPerPerson: number;
  readonly seed?: number;
  readonly size?: number; // width and height of the pictures in pixels
  readonly smoothing?: number; // rays per pixel side, 1 to 4
}

/** Fast pictures, large enough for a face of 88 x 104 pixels; ask for more where people look at them. */
export const POPULATION_DEFAULTS = { seed: 1, size: 128, smoothing: 1 } as const;

export interface SyntheticPicture extends Picture {
  readonly person: string; // "person-0001" and so on
  readonly identity: number; // index of the person, from 0
  readonly index: number; // of the picture among this person's, from 0
  readonly attributes: Attributes;
}

/** Pictures in order of person; any of them can also be had alone, so that workers can share a population. */
export interface Population extends Iterable<SyntheticPicture> {
  readonly people: number;
  readonly picturesPerPerson: number;
  person(identity: number): Person;
  picture(identity: number, index: number): SyntheticPicture;
}

/** Describes a population; a picture depends on `seed`, its person and its index, and on no other picture. */
export function createPopulation(options: PopulationOptions): Population {
  const { people, picturesPerPerson, seed, size, smoothing } = { ...POPULATION_DEFAULTS, ...options };
  for (const [name, count] of Object.entries({ people, picturesPerPerson })) {
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new InputError(`createPopulation: ${name} must be a positive integer, got ${count}`);
    }
  }
  const rng = createRng(seed);
  const personOf = (identity: number) => {
    check("identity", identity, people);
    return createPerson(rng.fork(`person ${identity}`));
  };
  const pictureOf = (person: Person, identity: number, index: number): SyntheticPicture => {
    check("index", index, picturesPerPerson);
    const shot = createShot(person, rng.fork(`person ${identity} picture ${index}`));
    const attributes = pictureAttributes(person, shot);
    return {
      ...renderFace(person, shot, { size, smoothing }),
      person: nameOf(identity),
      identity,
      index,
      attributes,
    };
  };
  return {
    people,
    picturesPerPerson,
    person: personOf,
    picture: (identity, index) => pictureOf(personOf(identity), identity, index),
    *[Symbol.iterator]() {
      for (let identity = 0; identity < people; identity++) {
        const person = personOf(identity);
        for (let index = 0; index < picturesPerPerson; index++) yield pictureOf(person, identity, index);
      }
    },
  };
}

const nameOf = (identity: number) => `person-${String(identity + 1).padStart(4, "0")}`;

function check(name: string, value: number, limit: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value < limit)) {
    throw new InputError(`population: ${name} must be an integer from 0 to ${limit - 1}, got ${value}`);
  }
}
