/** Faces of a gallery as numbers: all, or of people drawn at random where they are too many. */
import { createRng } from "../../base/random/index.ts";
import { peopleUpTo } from "../../matching/map/index.ts";
import { unknownPerson } from "./check.ts";
import type { Fields } from "./filter.ts";
import type { GalleryParts } from "./identify.ts";
import type { Person, PersonKey } from "./store.ts";
import { vectorProblem } from "./vectors.ts";

export interface GallerySample {
  readonly faces: readonly {
    readonly id: number;
    readonly person: { readonly id: number; readonly name: string };
    /** Joint Bayesian coordinates; of a gallery of codes the bits, as -1 and 1. */
    readonly values: Float32Array;
    readonly fields: Fields;
  }[];
  /** Faces that the gallery holds, of those that were asked for. */
  readonly of: number;
  /** Those that were left out because they cannot be compared, by id. */
  readonly damaged: readonly { readonly face: number; readonly reason: string }[];
}

export interface SampleOptions {
  /** Most faces. */
  readonly most: number;
  readonly seed?: number;
  /** Only faces of this person. InputError for a stranger. */
  readonly person?: PersonKey;
}

const PAGE = 10_000;
/** People whose faces are read at a time. */
const TOGETHER = 200;

/** Faces of `parts`; damaged ones are told and left out. */
export async function sampleGallery(
  parts: GalleryParts,
  { most, seed = 1, person: only }: SampleOptions,
): Promise<GallerySample> {
  const { store, onDamage } = parts;
  const people = only === undefined ? await everybody(parts) : [await known(parts, only)];
  const counts = new Map(people.map(({ id, faces }) => [id, faces]));
  const of = people.reduce((sum, { faces }) => sum + faces, 0);
  const taken = of <= most ? counts : peopleUpTo(counts, most, createRng(seed).fork("gallery"));
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const faces: GallerySample["faces"][number][] = [];
  const damaged: GallerySample["damaged"][number][] = [];
  const ids = [...taken.keys()];
  for (let first = 0; first < ids.length; first += TOGETHER) {
    const left = new Map(taken);
    for (const face of await store.facesOf(ids.slice(first, first + TOGETHER))) {
      const room = left.get(face.person) ?? 0;
      if (room === 0) continue;
      left.set(face.person, room - 1);
      const reason = vectorProblem(face, store.settings, parts.sealer);
      const person = { id: face.person, name: names.get(face.person)! };
      if (reason === undefined) {
        faces.push({ id: face.id, person, values: numbersOf(parts, face), fields: face.fields });
        continue;
      }
      damaged.push({ face: face.id, reason });
      onDamage?.({ face: face.id, person: person.id, name: person.name, reason });
    }
  }
  return { faces, of, damaged };
}

async function known({ store }: GalleryParts, who: PersonKey): Promise<Person> {
  const person = await store.person(who);
  if (person) return person;
  throw unknownPerson(who);
}

async function everybody({ store }: GalleryParts): Promise<Person[]> {
  const people: Person[] = [];
  for (;;) {
    const page = await store.people({ after: people.at(-1)?.name ?? "", limit: PAGE });
    people.push(...page);
    if (page.length < PAGE) return people;
  }
}

function numbersOf(
  { projection, sealer }: GalleryParts,
  { code, vector }: { readonly code: Uint8Array; readonly vector?: Uint8Array },
): Float32Array {
  if (vector) return Float32Array.from(projection.fromBytes(sealer.open(vector, "vector", code)));
  return Float32Array.from({ length: 8 * code.length }, (_, bit) =>
    (code[bit >> 3] >> (bit & 7)) & 1 ? 1 : -1,
  );
}
