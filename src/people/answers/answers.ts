/**
 * What the recognizer answers: plain values, ready for JSON. Answers are defined here once, as schemas: the library's
 * types, the command line's JSON, the HTTP service and its client all follow from them.
 */
import { z } from "zod";
import type { LocatedFace } from "../../faces/locate/index.ts";

/** The same, all of it readonly. */
export type Unchanging<T> = T extends object ? { readonly [P in keyof T]: Unchanging<T[P]> } : T;
/** The type of a schema's values. */
export type Of<S extends z.ZodType> = Unchanging<z.infer<S>>;

const Point = z.object({ x: z.number(), y: z.number() });
export const SizeSchema = z.object({ width: z.number(), height: z.number() });
export const BoxSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
export const LandmarksSchema = z
  .tuple([Point, Point, Point, Point, Point])
  .describe("Left eye, right eye, nose tip, left and right corner of the mouth, as seen; pixels.");

const cutOff = z
  .number()
  .describe("Share of the face, brows to chin, that lies beyond the picture's border, 0 to 1.");

export const FaceUsedSchema = z
  .object({
    source: z.enum(["located", "landmarks", "aligned"]),
    picture: SizeSchema.describe("Of the upright picture, in pixels."),
    landmarks: LandmarksSchema.nullable().describe("Null for an aligned picture."),
    box: BoxSchema.nullable(),
    score: z.number().nullable().describe("The detector's, 0 to 1."),
    number: z
      .int()
      .nullable()
      .describe("Of this face among those that were located, from 0, the largest first."),
    faces: z.int().describe("Faces that were located in the picture; 0 where nothing was."),
    eyeDistance: z.number().describe("Pixels between the eyes, in the picture."),
    sharpness: z.number().describe("Detail in the aligned face, a ratio."),
    cutOff,
  })
  .meta({ id: "FaceUsed", description: "How the face of an answer was found." });
export type FaceUsed = Of<typeof FaceUsedSchema>;

export const UnfitReasonSchema = z.enum([
  "face-turned",
  "face-cut-off",
  "face-too-small",
  "face-too-blurred",
]);
/** Why a face is not judged. */
export type UnfitReason = z.infer<typeof UnfitReasonSchema>;

/** Why a picture got no answer. */
export type RefusalReason = "no-face" | "several-faces" | "no-such-face" | UnfitReason;

/** No answer, because of what the picture shows. A file that is no picture is a DataError instead. */
export interface Refusal {
  readonly ok: false;
  readonly reason: RefusalReason;
  /** For people; names the picture. */
  readonly message: string;
  /** Which of the pictures given, from 0. */
  readonly input: number;
  readonly picture: Of<typeof SizeSchema>;
  /** What was found, the largest first. */
  readonly faces: readonly LocatedFace[];
}

/** An answer, or the reason why there is none. */
export type Answer<T> = ({ readonly ok: true } & T) | Refusal;

export const LocatedSchema = z.object({
  picture: SizeSchema,
  faces: z
    .array(
      z.object({
        box: BoxSchema,
        landmarks: LandmarksSchema,
        score: z.number(),
        eyeDistance: z.number(),
        sharpness: z.number(),
        cutOff,
        upright: z
          .boolean()
          .optional()
          .describe(
            "False where it is not certain which way up the face is; left out by detectors that do not look.",
          ),
        unfit: UnfitReasonSchema.nullable().describe("Why this face would be refused, or null."),
        crop: z
          .string()
          .optional()
          .describe("The aligned face of 88 x 104, a PNG file in base64, where asked for."),
      }),
    )
    .describe("The largest first."),
});
/** What `locate` found; no face at all is an empty list here, and no refusal. */
export type Located = Of<typeof LocatedSchema>;

export const RepresentationSchema = z.object({
  face: FaceUsedSchema,
  features: z.array(z.number()).describe("What is compared: original | mirror image of each net."),
  code: z
    .string()
    .describe(
      "Which neurons fire on the face as it is, in hexadecimal: 64 bytes for one net of 512 neurons.",
    ),
  crop: z
    .string()
    .optional()
    .describe("The aligned face of 88 x 104, a PNG file in base64, where asked for."),
});
export type Representation = Of<typeof RepresentationSchema>;

export const ThresholdSchema = z
  .object({
    point: z
      .enum(["strict", "balanced"])
      .nullable()
      .describe("The operating point by name; null: set by a rate, or the model is not calibrated."),
    score: z.number().describe("Scores above it are accepted."),
    probabilityAtEvenOdds: z.number().nullable().describe("What a score at the threshold means."),
    falseAcceptRate: z
      .number()
      .nullable()
      .describe(
        "Share of pairs of strangers accepted, measured on people the net did not learn from; null: not calibrated.",
      ),
    falseRejectRate: z
      .number()
      .nullable()
      .describe("Share of pairs of one person refused, of the same people."),
  })
  .meta({ id: "Threshold", description: "Where accepting begins." });
export type DecisionThreshold = Of<typeof ThresholdSchema>;

export const VERDICTS = ["same", "probably the same", "different"] as const;
export const VerdictSchema = z
  .enum(VERDICTS)
  .describe(
    "same: above the strict threshold, too; probably the same: above the chosen one; different: below.",
  );
/** What a comparison comes to. */
export type Verdict = z.infer<typeof VerdictSchema>;

export const score = z
  .number()
  .describe(
    "Log likelihood ratio of one person against two, in nats: calibrated, so that its logistic is the probability at even odds.",
  );
export const probability = z
  .number()
  .nullable()
  .describe("That it is one person if both were equally likely beforehand, 0 to 1; null: not calibrated.");
export const hammingDistance = z.int().describe("Bits in which the codes differ.");

export const PairVerdictSchema = z.object({
  verdict: VerdictSchema,
  samePerson: z.boolean().describe("Whether the score is above the threshold: any verdict but different."),
  explanation: z.string().describe("The verdict in one sentence."),
  score,
  probabilityAtEvenOdds: probability,
  threshold: ThresholdSchema,
  matcherScore: z.number().describe("Joint Bayesian's own log likelihood ratio, before calibration."),
  cosine: z.number(),
  hammingDistance,
  codeBits: z.int().describe("Bits of a code."),
});
/** What a verdict says of two faces, without their pictures. */
export type PairVerdict = Of<typeof PairVerdictSchema>;

export const VerifyResultSchema = PairVerdictSchema.extend({
  faces: z.array(FaceUsedSchema).describe("Of the first and the second picture."),
  figure: z
    .string()
    .optional()
    .describe(
      "Both faces with the patterns of their neurons (the paper's Figure 1, left), an SVG file, where asked for.",
    ),
});
/** The answer to `verify`. */
export type VerifyResult = Of<typeof VerifyResultSchema>;

export const AttributeReadingSchema = z.object({
  name: z.string().describe('"Male", "Eyeglasses", ...'),
  present: z.boolean(),
  probability: z.number().describe("Of presence, at even prior odds."),
  accuracy: z.number().describe("Share of held-out faces read rightly, both classes weighing the same."),
  neuron: z
    .object({
      present: z.boolean(),
      index: z.int().describe("Column of the features."),
      activation: z.number(),
      threshold: z.number(),
      accuracy: z.number(),
    })
    .optional()
    .describe("By the one neuron that tells it best, where asked for."),
});
/** One attribute of a face, as read from all neurons. */
export type AttributeReading = Of<typeof AttributeReadingSchema>;

export const AnalysisSchema = z.object({
  face: FaceUsedSchema,
  attributes: z.array(AttributeReadingSchema),
  measuredOn: z
    .object({ source: z.string(), people: z.number(), pictures: z.number() })
    .describe("Whom the accuracies were measured on."),
});
export type Analysis = Of<typeof AnalysisSchema>;
