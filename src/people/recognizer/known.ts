/** What a gallery takes in and gives out: register, search, remove. */
import { InputError } from "../../base/errors/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import type {
  Answer,
  FaceInput,
  Photo,
  Registration,
  Registrations,
  SearchResult,
} from "../answers/index.ts";
import { featuresOf, type ReadyFace } from "../answers/index.ts";
import type { PersonKey, Receipt } from "../gallery/index.ts";
import type { Known } from "./parts.ts";
import { readyFace } from "./pictures.ts";
import type { RegisterOptions, SearchOptions } from "./recognizer.ts";

/** Hits listed where nothing is said. */
const TOP = 10;

export async function search(
  { system, eyes, gallery }: Known,
  photo: Photo | FaceInput,
  { top = TOP, filter, signal }: SearchOptions = {},
): Promise<Answer<SearchResult>> {
  const ready = await readyFace(eyes, photo, { signal });
  if (!ready.ok) return ready;
  const { values } = await featuresOf(system, [ready.image], signal);
  const { faces } = await gallery.count(filter);
  const found = await gallery.search(values, { limit: top, ...(filter && { filter }) });
  const hits = found.map((hit) => ({ ...hit, score: hit.score ?? null }));
  return { ok: true, face: ready.face, faces, hits };
}

export async function register(
  known: Known,
  photo: Photo | FaceInput,
  person: string,
  options?: RegisterOptions,
): Promise<Answer<Registration>> {
  const answer = await registerAll(known, [photo], person, options);
  if (!answer.ok) return answer;
  const { added, ...whose } = answer;
  return { ...whose, ...added[0] };
}

export async function registerAll(
  { system, eyes, gallery }: Known,
  photos: readonly (Photo | FaceInput)[],
  person: string,
  { fields, thumbnail = false, signal }: RegisterOptions = {},
): Promise<Answer<Registrations>> {
  const ready: ReadyFace[] = [];
  for (const [index, photo] of photos.entries()) {
    const one = await readyFace(eyes, photo, { index, signal });
    if (!one.ok) return one;
    ready.push(one);
  }
  const set = await featuresOf(
    system,
    ready.map(({ image }) => image),
    signal,
  );
  const faces = ready.map(async ({ image }, row) => ({
    person,
    features: rowOf(set, row),
    ...(thumbnail && { thumbnail: await encodePng(image) }),
    ...(fields && { fields }),
  }));
  const ids = await gallery.register(await Promise.all(faces));
  const kept = await gallery.personOf(ids[0]); // by the face: the person may have been renamed or merged meanwhile
  if (!kept) throw new InputError(`register: ${person} was removed meanwhile`);
  const added = ids.map((faceId, i) => ({ face: ready[i].face, faceId }));
  return { ok: true, person: { id: kept.id, name: kept.name }, added, faces: kept.faces };
}

export function remove(
  { gallery }: Known,
  what: { readonly person: PersonKey } | { readonly face: number },
): Promise<Receipt> {
  return "person" in what ? gallery.remove(what.person) : gallery.removeFace(what.face);
}
