/**
 * Search in two steps: the nearest codes make a shortlist, the likelihood ratio orders it. A gallery with no more
 * faces than the shortlist is searched exactly; beyond, someone whose every code lies outside of it is missed.
 */
import { InputError } from "../../base/errors/index.ts";
import type { Filter } from "./filter.ts";
import type { ProjectedFace, Projection } from "./projection.ts";
import type { Sealer } from "./seal.ts";
import type { Damage, GalleryStore, Hit, StoredFace } from "./store.ts";
import { vectorProblem } from "./vectors.ts";

/** What a gallery works with. */
export interface GalleryParts {
  readonly store: GalleryStore;
  readonly projection: Projection;
  readonly sealer: Sealer;
  /** Told of each face that a search leaves out because its vector cannot be compared, and why. */
  readonly onDamage?: (damage: Damage) => void;
}

export interface GallerySearchOptions {
  /** Most results. */
  readonly limit?: number;
  /** Faces per probe that are compared by likelihood ratio; at least `limit`. */
  readonly shortlist?: number;
  /** Only faces that meet it are shortlisted. */
  readonly filter?: Filter;
}

export const GALLERY_SEARCH_DEFAULTS = { limit: 10, shortlist: 200 } as const satisfies GallerySearchOptions;

/** A face that is like the probe. */
export interface FaceMatch {
  readonly faceId: number;
  readonly person: { readonly id: number; readonly name: string };
  /** Bits in which the codes differ. */
  readonly hammingDistance: number;
  /** The log likelihood ratio of one person against two, in nats, calibrated where the model is; left out where only codes are kept. */
  readonly score?: number;
}

/** A person who is like the probes. */
export interface PersonMatch {
  readonly person: { readonly id: number; readonly name: string };
  /** The same of all probes against all faces of the person. */
  readonly score?: number;
  /** Of the pair of codes that are nearest. */
  readonly hammingDistance: number;
  /** The face with that code. */
  readonly faceId: number;
  /** Faces of the person that were compared. */
  readonly faces: number;
}

export async function searchFaces(
  parts: GalleryParts,
  features: Float32Array,
  options: GallerySearchOptions = {},
): Promise<FaceMatch[]> {
  const { limit } = { ...GALLERY_SEARCH_DEFAULTS, ...options };
  const [probe] = parts.projection.project([features]);
  const hits = await nearest(parts, probe, options);
  const { scorer } = parts.projection;
  if (!scorer) return hits.slice(0, limit).map(named);
  const kept = await parts.store.faces(hits.map(({ face }) => face));
  const faces = new Map(comparable(parts, kept).map((face) => [face.id, face]));
  return hits
    .flatMap((hit) => {
      const face = faces.get(hit.face); // gone if it was removed meanwhile, or is damaged
      return face ? [{ ...named(hit), score: scorer.pair(probe.vector!, vectorOf(parts, face)).score }] : [];
    })
    .sort((a, b) => b.score - a.score || byDistance(a, b))
    .slice(0, limit);
}

/** A store's hit by the names that answers have. */
const named = ({ face, person, distance }: Hit): FaceMatch => ({
  faceId: face,
  person,
  hammingDistance: distance,
});

type Found = Pick<FaceMatch, "faceId" | "hammingDistance">;
const byDistance = (a: Found, b: Found) => a.hammingDistance - b.hammingDistance || a.faceId - b.faceId;

export async function identifyPerson(
  parts: GalleryParts,
  probes: readonly Float32Array[],
  options: GallerySearchOptions = {},
): Promise<PersonMatch[]> {
  if (!(probes.length >= 1)) throw new InputError("gallery: identify needs at least one probe, got none");
  const { limit } = { ...GALLERY_SEARCH_DEFAULTS, ...options };
  const projected = parts.projection.project(probes);
  const nearestOf = new Map<number, Hit>();
  for (const probe of projected) {
    for (const hit of await nearest(parts, probe, options)) {
      const best = nearestOf.get(hit.person.id);
      if (!best || hit.distance < best.distance || (hit.distance === best.distance && hit.face < best.face)) {
        nearestOf.set(hit.person.id, hit);
      }
    }
  }
  const people = [...nearestOf.values()];
  const facesByPerson = new Map<number, StoredFace[]>();
  for (const face of comparable(parts, await facesOf(parts, people))) {
    const others = facesByPerson.get(face.person);
    if (others) others.push(face);
    else facesByPerson.set(face.person, [face]);
  }
  return people
    .flatMap(({ person, distance, face }): PersonMatch[] => {
      const faces = facesByPerson.get(person.id); // undefined if removed meanwhile
      if (!faces) return []; // or every one of them is damaged
      const score = scoreOf(parts, projected, faces);
      const match = { person, hammingDistance: distance, faceId: face, faces: faces.length };
      return [{ ...match, ...(score !== undefined && { score }) }];
    })
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || byDistance(a, b))
    .slice(0, limit);
}

/** Those faces whose vectors can be compared; the caller is told of the others. */
function comparable(
  { store, projection, sealer, onDamage }: GalleryParts,
  faces: readonly StoredFace[],
): readonly StoredFace[] {
  if (!projection.scorer) return faces;
  return faces.filter((face) => {
    const reason = vectorProblem(face, store.settings, sealer);
    if (reason !== undefined) onDamage?.({ face: face.id, reason });
    return reason === undefined;
  });
}

/** The exact set score of Joint Bayesian. */
function scoreOf(parts: GalleryParts, probes: readonly ProjectedFace[], faces: readonly StoredFace[]) {
  const { scorer } = parts.projection;
  return scorer?.sets(
    probes.map(({ vector }) => vector!),
    faces.map((face) => vectorOf(parts, face)),
  ).score;
}

function nearest(
  { store }: GalleryParts,
  { code }: ProjectedFace,
  options: GallerySearchOptions,
): Promise<Hit[]> {
  const { limit, shortlist } = { ...GALLERY_SEARCH_DEFAULTS, ...options };
  return store.nearest(code, Math.max(limit, shortlist), options.filter);
}

const facesOf = ({ store }: GalleryParts, hits: readonly Hit[]) =>
  store.facesOf([...new Set(hits.map(({ person }) => person.id))]);

const vectorOf = ({ projection, sealer }: GalleryParts, { vector, code }: StoredFace) =>
  projection.fromBytes(sealer.open(vector ?? new Uint8Array(), "vector", code));
