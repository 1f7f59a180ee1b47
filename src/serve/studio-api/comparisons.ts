/** Two faces held against each other: as they are, and covered. */
import { TEMPLATE } from "../../faces/face/index.ts";
import { createImage } from "../../faces/image/index.ts";
import { occlusionMap } from "../../lab/studies/index.ts";
import { createScorer, projectFace } from "../../matching/match/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import type { FaceInput, Representation } from "../../people/answers/index.ts";
import { judgePair } from "../../people/answers/index.ts";
import {
  answered,
  type Engine,
  type HandlersOf,
  Problem,
  pictureBytes,
  pictureOf,
  type ServiceLimits,
} from "../service/index.ts";
import { packFeatures, unpackFeatures } from "./featureBytes.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";

type Comparisons = Pick<HandlersOf<typeof STUDIO_OPERATIONS>, "compare" | "occlude" | "explain">;

export function comparisons(
  { about, ask }: Engine,
  matcher: () => Promise<FaceSystem["matcher"]>,
  limits: ServiceLimits,
): Comparisons {
  const patternOf = ({ features }: Representation) => features.slice(0, about.codeBits);
  return {
    async compare({ a, b, aligned, alignedB = aligned, face }, { signal }) {
      const represent = async (picture: FaceInput) =>
        answered(await ask("represent", { picture, crop: true }, signal));
      const [first, second] = await Promise.all([
        represent(pictureOf(a, { aligned, face }, limits, "a")),
        represent(pictureOf(b, { aligned: alignedB, face }, limits, "b")),
      ]);
      const faces = [first, second].map((one) => ({
        face: one.face,
        crop: one.crop!,
        pattern: patternOf(one),
        features: packFeatures(one.features),
      }));
      return {
        faces,
        verdict: judgePair(await matcher(), about.codeBits, [first.features, second.features]),
      };
    },
    async occlude({ pixels, features }, { signal }) {
      const other = unpackFeatures(pictureBytes(features, limits, "features"), about.dimension);
      const picture = { photo: pictureBytes(pixels, limits, "pixels"), name: "pixels", raw: true };
      const covered = answered(await ask("represent", { picture }, signal));
      return {
        pattern: patternOf(covered),
        verdict: judgePair(await matcher(), about.codeBits, [covered.features, other]),
      };
    },
    async explain({ pixels, features, score }, { signal }) {
      const other = unpackFeatures(pictureBytes(features, limits, "features"), about.dimension);
      const face = alignedFace(pictureBytes(pixels, limits, "pixels"));
      const scoreOf = scoreAgainst(await matcher(), other);
      return occlusionMap(face, score, async ({ pixels: bytes }) => {
        const picture = { photo: bytes, name: "pixels", raw: true };
        return scoreOf(answered(await ask("represent", { picture }, signal)).features);
      });
    },
  };
}

/** Scores of faces against one whose features are `other`, which is prepared once. */
function scoreAgainst({ matcher, calibration }: FaceSystem["matcher"], other: readonly number[]) {
  const scorer = createScorer(matcher, calibration);
  const projected = (features: readonly number[]) => projectFace(matcher, features);
  const second = projected(other);
  return (features: readonly number[]): number => scorer.pair(projected(features), second).score;
}

/** An aligned face from its pixels. Problem where there are too few or too many. */
export function alignedFace(pixels: Buffer) {
  const { width, height } = TEMPLATE;
  if (pixels.length === width * height * 3) return createImage(width, height, pixels);
  throw new Problem("bad-request", `pixels: needed are ${height} rows of ${width} pixels, 3 bytes each.`);
}
