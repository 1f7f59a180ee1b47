/** A photo of people: every face of it, and who of the gallery it is. Nothing is kept. */
import { clusterFaces } from "../../matching/cluster/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import { decisionOf, type FaceInput, facesToGroup } from "../../people/answers/index.ts";
import {
  answered,
  type Engine,
  type HandlersOf,
  pictureBytes,
  pictureOf,
  type ServiceLimits,
} from "../service/index.ts";
import { packFeatures, unpackFeatures } from "./featureBytes.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";

type Photos = Pick<HandlersOf<typeof STUDIO_OPERATIONS>, "photo" | "group">;

/** People listed beside a face. */
const TOP = 3;

export function photoHandlers(
  { ask, about }: Engine,
  matcher: () => Promise<FaceSystem["matcher"]>,
  limits: ServiceLimits,
): Photos {
  /** The faces of a photo, each as an aligned picture. */
  async function facesOf(image: string, aligned: boolean, signal: AbortSignal | undefined) {
    const picture = pictureOf(image, { aligned }, limits);
    if (!aligned) {
      const located = await ask("locate", { picture, crops: true }, signal);
      const faces = located.faces.slice(0, limits.maxFaces);
      return {
        picture: located.picture,
        faces: faces.map(({ box, unfit, cutOff, crop }) => ({ box, unfit, cutOff, crop: crop! })),
      };
    }
    const { face, crop } = answered(await ask("represent", { picture, crop: true }, signal));
    const { width, height } = face.picture;
    return {
      picture: face.picture,
      faces: [{ box: { x: 0, y: 0, width, height }, unfit: null, cutOff: face.cutOff, crop: crop! }],
    };
  }
  return {
    async photo({ image, aligned = false }, { signal, touch }) {
      const { picture, faces } = await facesOf(image, aligned, signal);
      const known = [];
      for (const face of faces) {
        if (face.unfit !== null) {
          known.push({ ...face, answer: null, features: null });
          continue;
        }
        const crop: FaceInput = {
          photo: pictureBytes(face.crop, limits, "image"),
          name: "image",
          aligned: true,
        };
        const answer = await ask("identify", { picture: crop, top: TOP }, signal);
        if (answer.ok && answer.person) touch({ people: [String(answer.person.id)] });
        const stranger =
          answer.ok && !answer.person && answered(await ask("represent", { picture: crop }, signal));
        const features = stranger ? packFeatures(stranger.features) : null;
        known.push({ ...face, answer: answer.ok ? answerOf(answer) : null, features });
      }
      return { picture, faces: known };
    },
    async group({ faces }, { signal }) {
      const rows = faces.map((face, k) =>
        unpackFeatures(pictureBytes(face, limits, `faces.${k}`), about.dimension),
      );
      if (rows.length === 0) return { groups: [] };
      const model = await matcher();
      const names = rows.map((_, k) => String(k));
      const values = Float32Array.from(rows.flat());
      const set = createFeatureSet(values, about.dimension, { names, identities: names });
      const { threshold } = decisionOf(model.calibration);
      const found = facesToGroup(model, set);
      return { groups: await clusterFaces(found, { threshold: threshold.score, signal }) };
    },
  };
}

/** What a page shows of who it is. */
function answerOf<
  A extends { person: unknown; verdict: unknown; explanation: unknown; candidates: unknown },
>({
  person,
  verdict,
  explanation,
  candidates,
}: A): Pick<A, "person" | "verdict" | "explanation" | "candidates"> {
  return { person, verdict, explanation, candidates };
}
