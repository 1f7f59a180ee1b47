/** Answers about the people of a gallery. */
import { InputError } from "../../base/errors/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import type { Calibration } from "../../matching/match/index.ts";
import type {
  Answer,
  Candidate,
  FaceInput,
  Photo,
  Recognition,
  Registration,
  Registrations,
  SearchResult,
} from "../answers/index.ts";
import {
  type Decision,
  decisionOf,
  explainIdentity,
  falseAlarmRateOf,
  featuresOf,
  galleryDecisionOf,
  probabilityOf,
  type ReadyFace,
  verdictOf,
} from "../answers/index.ts";
import type { Gallery, PersonKey, Receipt } from "../gallery/index.ts";
import type { Parts } from "./parts.ts";
import { readyFace } from "./pictures.ts";
import type { IdentifyOptions, RegisterOptions, SearchOptions } from "./recognizer.ts";

/** What these answers need. */
export type Known = Parts & { readonly gallery: Gallery };

/** Candidates and hits listed where nothing is said. */
const TOP = { candidates: 5, hits: 10 } as const;

/**
 * The gallery's person whose score is highest, if it clears the threshold. The threshold is that of pairs, though a
 * person's faces are scored together: strangers pass it no more often then (results/strangers.json).
 */
export async function identify(
  { system, eyes, gallery }: Known,
  photo: Photo | FaceInput,
  options: IdentifyOptions = {},
): Promise<Answer<Recognition>> {
  const { top = TOP.candidates, filter, signal } = options;
  const { people } = await gallery.count(filter);
  const decision = decisionAmong(system.matcher.calibration, people, options); // refused first
  const ready = await readyFace(eyes, photo, { signal });
  if (!ready.ok) return ready;
  const { values } = await featuresOf(system, [ready.image], signal);
  const found = await gallery.identify([values], { limit: top, ...(filter && { filter }) });
  const candidates = found.map(({ score, ...match }): Candidate => {
    if (score === undefined) {
      throw new InputError("identify: this gallery keeps codes only, which give no score; use search");
    }
    return { ...match, score, probabilityAtEvenOdds: probabilityOf(decision, score) };
  });
  const { score, person } = candidates[0] ?? NOBODY;
  const verdict = verdictOf(decision, score);
  const { falseAcceptRate } = decision.threshold;
  const name = person?.name;
  return {
    ok: true,
    face: ready.face,
    person: verdict === "different" ? null : person,
    verdict,
    explanation: explainIdentity(decision, { verdict, score, name, people }),
    threshold: decision.threshold,
    people,
    falseAlarmRate: falseAcceptRate === null ? null : falseAlarmRateOf(falseAcceptRate, people),
    candidates,
  };
}

const NOBODY = { score: Number.NEGATIVE_INFINITY, person: null } as const;

function decisionAmong(
  calibration: Calibration | undefined,
  people: number,
  { falseAlarmRate: rate, falseAcceptRate }: IdentifyOptions,
): Decision {
  if (falseAcceptRate === undefined) return galleryDecisionOf(calibration, { people, rate });
  if (rate === undefined) return decisionOf(calibration, { falseAcceptRate });
  throw new InputError("identify takes a false alarm rate or a false accept rate, got both");
}

export async function search(
  { system, eyes, gallery }: Known,
  photo: Photo | FaceInput,
  { top = TOP.hits, filter, signal }: SearchOptions = {},
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
  const kept = await gallery.person(person);
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
