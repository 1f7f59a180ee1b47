/** Who of a gallery is it, or nobody? */
import { InputError } from "../../base/errors/index.ts";
import type { Image } from "../../faces/image/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import type { Calibration } from "../../matching/match/index.ts";
import type {
  Answer,
  Candidate,
  FaceInput,
  FaceRecognition,
  Photo,
  Recognition,
  Recognitions,
  Verdict,
} from "../answers/index.ts";
import {
  type Decision,
  decisionOf,
  explainIdentity,
  falseAlarmRateOf,
  featuresOf,
  galleryDecisionOf,
  probabilityOf,
  unfitText,
  verdictOf,
} from "../answers/index.ts";
import { filterText } from "../gallery/index.ts";
import type { Known } from "./parts.ts";
import { facesOf, readyFace } from "./pictures.ts";
import type { IdentifyOptions } from "./recognizer.ts";
import { onceOnPhoto, unlessAlike } from "./rivals.ts";

/** Candidates listed where nothing is said. */
const TOP = 5;

/**
 * The gallery's person whose score is highest, if it clears the threshold. The threshold is that of pairs, though a
 * person's faces are scored together: strangers pass it no more often then (results/strangers.json).
 */
export async function identify(
  known: Known,
  photo: Photo | FaceInput,
  options: IdentifyOptions = {},
): Promise<Answer<Recognition>> {
  const among = await amongWhom(known, options); // refused first
  const ready = await readyFace(known.eyes, photo, options);
  if (!ready.ok) return ready;
  const [named] = await nameEach(known, [ready.image], among, options);
  return { ok: true, face: ready.face, ...named, ...saidOf(among) };
}

/** The same of every face of a photo. */
export async function identifyAll(
  known: Known,
  photo: Photo | FaceInput,
  options: IdentifyOptions = {},
): Promise<Recognitions> {
  const among = await amongWhom(known, options);
  const { picture, faces } = await facesOf(known.eyes, photo, options.signal);
  const fit = faces.filter(({ unfit }) => unfit === null);
  const named = await nameEach(
    known,
    fit.map(({ image }) => image),
    among,
    options,
  );
  const recognised = faces.map(({ face, unfit }): FaceRecognition => {
    if (unfit === null) return { face, unfit, ...named.shift()! };
    const explanation = `Not judged: ${unfitText(known.eyes.limits, face, unfit)}.`;
    return { face, unfit, person: null, verdict: null, explanation, candidates: [] };
  });
  return { picture, ...saidOf(among), faces: recognised.map((face) => onceOnPhoto(face, recognised)) };
}

/** How many people are asked about, and where accepting begins among so many. */
interface Among {
  readonly people: number;
  readonly decision: Decision;
}

async function amongWhom({ system, gallery }: Known, options: IdentifyOptions): Promise<Among> {
  const { people } = await gallery.count(options.filter);
  return { people, decision: decisionAmong(system.matcher.calibration, people, options) };
}

function saidOf({ people, decision: { threshold } }: Among) {
  const { falseAcceptRate: rate } = threshold;
  return { threshold, people, falseAlarmRate: rate === null ? null : falseAlarmRateOf(rate, people) };
}

/** Who each of `images`, aligned faces, is. */
async function nameEach(
  { system, gallery }: Known,
  images: readonly Image[],
  { decision, people }: Among,
  { top = TOP, filter, signal }: IdentifyOptions,
) {
  if (images.length === 0) return [];
  const set = await featuresOf(system, images, signal);
  const asked = { limit: Math.max(2, top), ...(filter && { filter }) };
  const condition = filter && filterText(filter);
  return Promise.all(
    images.map(async (_, row) => {
      const found = await gallery.identify([rowOf(set, row)], asked);
      const candidates = found.map(({ score, ...match }): Candidate => {
        if (score === undefined) {
          throw new InputError("identify: this gallery keeps codes only, which give no score; use search");
        }
        return { ...match, score, probabilityAtEvenOdds: probabilityOf(decision, score) };
      });
      const { score, person } = candidates[0] ?? NOBODY;
      const verdict = verdictOf(decision, score);
      const explain = (verdict: Verdict) =>
        explainIdentity(decision, { verdict, score, name: person?.name, people, condition });
      const named = {
        person: verdict === "different" ? null : person,
        verdict,
        explanation: explain(verdict),
      };
      return { ...unlessAlike(named, candidates, explain), candidates: candidates.slice(0, top) };
    }),
  );
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
