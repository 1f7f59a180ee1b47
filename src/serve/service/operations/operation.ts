/** What an operation is, and schemas that several share. */
import { z } from "zod";
import type { Scope } from "../keys.ts";

export interface OperationSchema {
  readonly summary: string;
  readonly description?: string;
  readonly tag: "service" | "faces" | "people" | "studio";
  /** Parts of the address and fields of the query or the body in one object. */
  readonly input: z.ZodObject;
  readonly answer: z.ZodType;
  readonly scope: Scope | "open";
  /** Fields of the input that are pictures or other bytes; the operation then takes forms, too. */
  readonly pictures?: readonly string[];
  /** Written into the audit log. */
  readonly audited?: boolean;
}

/** A picture file in JSON: base64; in a form: the file as it is. */
export const Picture = z.string().min(1).meta({
  contentEncoding: "base64",
  contentMediaType: "image/*",
  description: "A JPEG, PNG, WebP, AVIF, TIFF or GIF file. Never an address or a path.",
});

/** Numbers as bytes: base64 in JSON, as they are in a form. */
export const Bytes = z
  .string()
  .min(1)
  .meta({ contentEncoding: "base64", contentMediaType: "application/octet-stream" });

/** How the face in a picture is found. */
export const faceChoice = {
  aligned: z
    .boolean()
    .optional()
    .describe("The picture shows one aligned face of 88 x 104 pixels and nothing else."),
  face: z
    .enum(["only", "largest"])
    .optional()
    .describe("Which face of several: refuse to choose (the default), or take the largest."),
};

export const falseAcceptRate = z
  .number()
  .gt(0)
  .lt(1)
  .optional()
  .describe("Share of strangers that may be accepted; default 0.001.");

const Point = z.object({ x: z.number(), y: z.number() });
export const Size = z.object({ width: z.number(), height: z.number() });
export const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export const Landmarks = z
  .array(Point)
  .describe("Left eye, right eye, nose tip, left and right corner of the mouth, as seen; pixels.");

export const FaceUsed = z
  .object({
    source: z.enum(["located", "landmarks", "aligned"]),
    picture: Size.describe("Of the upright picture, in pixels."),
    landmarks: Landmarks.nullable(),
    box: Box.nullable(),
    score: z.number().nullable().describe("The detector's, 0 to 1."),
    eyeDistance: z.number().describe("Pixels between the eyes, in the picture."),
    sharpness: z.number().describe("Detail in the aligned face, in grey levels."),
  })
  .meta({ id: "FaceUsed", description: "How the face of an answer was found." });

export const Threshold = z
  .object({
    value: z.number().describe("Scores above it are accepted."),
    falseAcceptRate: z.number().nullable().describe("Share of strangers accepted; null: not calibrated."),
    falseRejectRate: z.number().nullable().describe("Share of pairs of one person refused."),
  })
  .meta({ id: "Threshold" });

export const Verdict = z.object({
  samePerson: z.boolean(),
  logLikelihoodRatio: z.number().describe("log p(both | one person) - log p(both | two people), in nats."),
  threshold: Threshold,
  probability: z
    .number()
    .nullable()
    .describe("Of one person, at even odds beforehand; null: not calibrated."),
  cosine: z.number(),
  hamming: z.object({ distance: z.int(), bits: z.int() }),
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
const NAME = /^(?!\.{1,2}$)[^\u0000-\u001f\u007f]*$/; // addresses drop . and ..

export const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(NAME, "must hold no control characters, and be neither . nor ..")
  .describe("What the person is called; names differ.");

export const PersonRef = z.object({ id: z.int(), name: z.string() });
