/** Questions about pictures; nothing is kept. */
import { z } from "zod";
import {
  Box,
  FaceUsed,
  faceChoice,
  falseAcceptRate,
  Landmarks,
  type OperationSchema,
  PersonRef,
  Picture,
  Size,
  Threshold,
  Verdict,
} from "./operation.ts";

const one = { image: Picture, ...faceChoice };
const pictures = ["image"];
const top = z.int().min(1).max(100).optional().describe("Results listed.");

export const FACE_OPERATIONS = {
  represent: {
    tag: "faces",
    summary: "Features and binary code of a face",
    input: z.object({
      ...one,
      crop: z
        .boolean()
        .optional()
        .describe("Whether the aligned face is answered too, a PNG file in base64."),
    }),
    answer: z.object({
      model: z.string().describe("Fingerprint: features of equal fingerprints compare."),
      face: FaceUsed,
      features: z.array(z.number()),
      code: z.string().describe("Which neurons fire, in hexadecimal."),
      crop: z.string().optional(),
    }),
    scope: "read",
    pictures,
    audited: true,
  },
  verify: {
    tag: "faces",
    summary: "One person or two?",
    input: z.object({ a: Picture, b: Picture, ...faceChoice, falseAcceptRate }),
    answer: Verdict.extend({ faces: z.array(FaceUsed).describe("Of the first and the second picture.") }),
    scope: "read",
    pictures: ["a", "b"],
    audited: true,
  },
  identify: {
    tag: "faces",
    summary: "Who of the gallery is it, or nobody?",
    input: z.object({ ...one, falseAcceptRate, top }),
    answer: z.object({
      face: FaceUsed,
      person: PersonRef.nullable().describe("Null: nobody of the gallery clears the threshold."),
      threshold: Threshold,
      people: z.int().describe("People compared with."),
      candidates: z
        .array(
          z.object({
            person: PersonRef,
            face: z.int().describe("Of the person's faces, the nearest."),
            logLikelihoodRatio: z.number().nullable(),
            probability: z.number().nullable(),
            distance: z.int().describe("Bits in which the codes differ."),
          }),
        )
        .describe("The most likely people first, also below the threshold."),
    }),
    scope: "read",
    pictures,
    audited: true,
  },
  search: {
    tag: "faces",
    summary: "The most alike faces of the gallery",
    input: z.object({ ...one, top }),
    answer: z.object({
      face: FaceUsed,
      faces: z.int().describe("Faces searched."),
      hits: z.array(
        z.object({
          face: z.int(),
          person: PersonRef,
          distance: z.int().describe("Bits in which the codes differ."),
          logLikelihoodRatio: z.number().nullable(),
        }),
      ),
    }),
    scope: "read",
    pictures,
    audited: true,
  },
  locate: {
    tag: "faces",
    summary: "Every face of a picture, and how good it is",
    input: z.object({
      image: Picture,
      crops: z.boolean().optional().describe("Whether the aligned faces are answered too."),
    }),
    answer: z.object({
      picture: Size,
      faces: z
        .array(
          z.object({
            box: Box,
            landmarks: Landmarks,
            score: z.number(),
            eyeDistance: z.number(),
            sharpness: z.number(),
            unfit: z.string().nullable().describe("Why this face would be refused, or null."),
            crop: z.string().optional().describe("The aligned face, a PNG file in base64."),
          }),
        )
        .describe("The largest first."),
    }),
    scope: "read",
    pictures,
    audited: true,
  },
  analyze: {
    tag: "faces",
    summary: "Attributes of a face, as read from the neurons",
    description:
      "With the accuracy measured for each: they are a study of the neurons, no facts about a person.",
    input: z.object(one),
    answer: z.object({
      face: FaceUsed,
      attributes: z.array(
        z.object({
          name: z.string(),
          present: z.boolean(),
          probability: z.number(),
          accuracy: z
            .number()
            .describe("Share of held-out faces read rightly, both classes weighing the same."),
          neuron: z
            .object({
              present: z.boolean(),
              index: z.int(),
              activation: z.number(),
              threshold: z.number(),
              accuracy: z.number(),
            })
            .describe("The one neuron that tells it best."),
        }),
      ),
      measuredOn: z.object({ source: z.string(), people: z.int(), pictures: z.int() }),
    }),
    scope: "read",
    pictures,
    audited: true,
  },
} as const satisfies Record<string, OperationSchema>;
