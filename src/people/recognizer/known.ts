/** Answers about the people of a gallery. */
import { InputError } from "../../base/errors/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import type {
  Answer,
  Candidate,
  FaceInput,
  Recognition,
  Registration,
  Registrations,
  SearchResult,
} from "../answers/index.ts";
import {
  FALSE_ACCEPT_RATE,
  featuresOf,
  probabilityAt,
  type ReadyFace,
  thresholdAt,
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
 * The gallery's person whose likelihood ratio is highest, if it clears the threshold. The threshold is that of pairs,
 * though a person's faces are scored together: strangers pass it no more often then (results/strangers.json).
 */
export async function identify(
  { system, eyes, gallery }: Known,
  input: FaceInput,
  options: IdentifyOptions = {},
): Promise<Answer<Recognition>> {
  const { falseAcceptRate = FALSE_ACCEPT_RATE, top = TOP.candidates, filter, signal } = options;
  const { calibration } = system.matcher;
  const threshold = thresholdAt(calibration, falseAcceptRate);
  const ready = await readyFace(eyes, input, { signal });
  if (!ready.ok) return ready;
  const { values } = await featuresOf(system, [ready.image], signal);
  const { people } = await gallery.count(filter);
  const found = await gallery.identify([values], { limit: top, ...(filter && { filter }) });
  const candidates = found.map(({ person, score, distance, face, faces }): Candidate => {
    if (score === undefined) {
      throw new InputError(
        "identify: this gallery keeps codes only, which give no likelihood ratio; use search",
      );
    }
    const probability = probabilityAt(calibration, score);
    return { person, faceId: face, faces, logLikelihoodRatio: score, probability, hammingDistance: distance };
  });
  const [best] = candidates;
  const rate = threshold.falseAcceptRate;
  return {
    ok: true,
    face: ready.face,
    person: best && best.logLikelihoodRatio > threshold.value ? best.person : null,
    threshold,
    people,
    strangersAccepted: rate === null ? null : 1 - (1 - rate) ** people,
    candidates,
  };
}

export async function search(
  { system, eyes, gallery }: Known,
  input: FaceInput,
  { top = TOP.hits, filter, signal }: SearchOptions = {},
): Promise<Answer<SearchResult>> {
  const ready = await readyFace(eyes, input, { signal });
  if (!ready.ok) return ready;
  const { values } = await featuresOf(system, [ready.image], signal);
  const { faces } = await gallery.count(filter);
  const found = await gallery.search(values, { limit: top, ...(filter && { filter }) });
  const hits = found.map(({ face, person, distance, score = null }) => ({
    faceId: face,
    person,
    hammingDistance: distance,
    logLikelihoodRatio: score,
  }));
  return { ok: true, face: ready.face, faces, hits };
}

export async function register(
  known: Known,
  input: FaceInput,
  person: string,
  options?: RegisterOptions,
): Promise<Answer<Registration>> {
  const answer = await registerAll(known, [input], person, options);
  if (!answer.ok) return answer;
  const { added, ...whose } = answer;
  return { ...whose, ...added[0] };
}

export async function registerAll(
  { system, eyes, gallery }: Known,
  inputs: readonly FaceInput[],
  person: string,
  { fields, thumbnail = false, signal }: RegisterOptions = {},
): Promise<Answer<Registrations>> {
  const ready: ReadyFace[] = [];
  for (const [index, input] of inputs.entries()) {
    const one = await readyFace(eyes, input, { index, signal });
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
