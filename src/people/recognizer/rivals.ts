/** Names that are withheld because somebody else has nearly as good a claim to them. */
import type { Candidate, FaceRecognition, Verdict } from "../answers/index.ts";

type Named = Pick<FaceRecognition, "person" | "explanation"> & { readonly verdict: Verdict };

/**
 * Nats by which the best candidate's score must exceed the second's: twice as likely. Looked at on validation people with the release before:
 * among 22 of them, the share of known faces that get another's name fell from 3.3 to 2.2 %, of those that get their own from 73 to 71 %.
 * What answers come to with it, bench/ownPhotos.ts counts.
 */
const CLEARLY = Math.log(2);

/**
 * Of two people who are about as likely, none is named: a wrong name is worse than none. Where the best score alone would be sure, as of
 * twins or of somebody enrolled under two names, the name stays and is no longer sure.
 */
export function unlessAlike(
  named: Named,
  [best, second]: readonly Candidate[],
  explain: (verdict: Verdict) => string,
): Named {
  if (named.person === null || !second || best.score - second.score >= CLEARLY) return named;
  if (named.verdict === "same") {
    return { ...named, verdict: "probably the same", explanation: explain("probably the same") };
  }
  const explanation = `This is nobody known here for sure: ${best.person.name} and ${second.person.name} are about as likely.`;
  return { person: null, verdict: "different", explanation };
}

/** Nobody is twice on a photo: of two faces that are like one person, the less alike keeps that name only if it is sure. */
export function onceOnPhoto(face: FaceRecognition, all: readonly FaceRecognition[]): FaceRecognition {
  const { person, verdict, candidates } = face;
  if (verdict !== "probably the same" || person === null) return face;
  const rival = all.find(
    (other) => other.person?.id === person.id && other.candidates[0].score > candidates[0].score,
  );
  if (!rival) return face;
  const explanation = `This is nobody known here: ${person.name} is the closest, but another face of this photo is more like ${person.name}.`;
  return { ...face, person: null, verdict: "different", explanation };
}
