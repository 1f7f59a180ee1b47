/** The synthetic people of the studio: known by name at once, drawn when somebody looks. */
import type { PopulationOptions } from "../../faces/synthetic/index.ts";

/** The same people on every machine. */
export const STUDIO_PEOPLE = {
  people: 16,
  picturesPerPerson: 6,
  seed: 4,
  size: 192,
  smoothing: 2,
} as const satisfies PopulationOptions;

export interface SyntheticPeople {
  readonly names: readonly string[];
  /** The names of a person's pictures: "person-0001_3". */
  faces(person: string): string[];
  /** An aligned face as a PNG file; undefined for a name that is none. */
  picture(face: string): Promise<Uint8Array> | undefined;
}

const PICTURE = /^person-(\d{4})_(\d)$/;

/** People whose pictures `draw` makes, all of one person at a time. */
export function syntheticPeople(draw: (identity: number) => Promise<Uint8Array[]>): SyntheticPeople {
  const { people, picturesPerPerson } = STUDIO_PEOPLE;
  const names = Array.from({ length: people }, (_, k) => `person-${String(k + 1).padStart(4, "0")}`);
  const drawn = new Map<number, Promise<Uint8Array[]>>();
  const drawnOf = (identity: number) => {
    let pictures = drawn.get(identity);
    if (!pictures) {
      pictures = draw(identity);
      pictures.catch(() => drawn.delete(identity)); // a full queue is no reason never to try again
      drawn.set(identity, pictures);
    }
    return pictures;
  };
  return {
    names,
    faces: (person) => Array.from({ length: picturesPerPerson }, (_, k) => `${person}_${k + 1}`),
    picture(face) {
      const [, person, picture] = PICTURE.exec(face) ?? [];
      const [identity, index] = [Number(person) - 1, Number(picture) - 1];
      const known = identity >= 0 && identity < people && index >= 0 && index < picturesPerPerson;
      return known ? drawnOf(identity).then((pictures) => pictures[index]) : undefined;
    },
  };
}
