/** Questions about pictures; nothing is kept. */
import { z } from "zod";
import {
  AnalysisSchema,
  LocatedSchema,
  RecognitionSchema,
  RecognitionsSchema,
  RepresentationSchema,
  SearchResultSchema,
  VerifyResultSchema,
} from "../../../people/answers/index.ts";
import { faceChoice, falseAcceptRate, type OperationSchema, Picture } from "./operation.ts";

const one = { image: Picture, ...faceChoice };
const pictures = ["image"];
const top = z.int().min(1).max(100).optional().describe("Results listed.");

const acceptance = {
  falseAlarmRate: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe("Share of strangers who may be taken for somebody of the whole gallery; default 0.1."),
  falseAcceptRate,
};

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
    answer: RepresentationSchema.extend({
      model: z.string().describe("Fingerprint: features of equal fingerprints compare."),
    }),
    scope: "read",
    pictures,
    audited: true,
  },
  verify: {
    tag: "faces",
    summary: "One person or two?",
    description:
      "Accepted is what scores above a threshold: that of a named point, or of a rate of your own.",
    input: z.object({
      a: Picture,
      b: Picture,
      ...faceChoice,
      point: z
        .enum(["strict", "balanced"])
        .optional()
        .describe(
          "balanced (the default): fewest errors, at most 1 in 300 strangers; strict: at most 1 in 1,000.",
        ),
      falseAcceptRate,
    }),
    answer: VerifyResultSchema.omit({ figure: true }),
    scope: "read",
    pictures: ["a", "b"],
    audited: true,
  },
  identify: {
    tag: "faces",
    summary: "Who of the gallery is it, or nobody?",
    input: z.object({
      ...one,
      ...acceptance,
      top,
    }),
    answer: RecognitionSchema,
    scope: "read",
    pictures,
    audited: true,
  },
  identifyAll: {
    tag: "faces",
    summary: "Who of the gallery is each face of a picture, or nobody?",
    input: z.object({ image: Picture, aligned: faceChoice.aligned, ...acceptance, top }),
    answer: RecognitionsSchema,
    scope: "read",
    pictures,
    audited: true,
  },
  search: {
    tag: "faces",
    summary: "The most alike faces of the gallery",
    input: z.object({ ...one, top }),
    answer: SearchResultSchema,
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
    answer: LocatedSchema,
    scope: "read",
    pictures,
    audited: true,
  },
  analyze: {
    tag: "faces",
    summary: "Attributes of a face, as read from the neurons",
    description:
      "With the accuracy measured for each: they are a study of the neurons, no facts about a person.",
    input: z.object({
      ...one,
      neurons: z
        .boolean()
        .optional()
        .describe("Whether the one neuron that tells an attribute best is answered, too."),
    }),
    answer: AnalysisSchema,
    scope: "read",
    pictures,
    audited: true,
  },
} as const satisfies Record<string, OperationSchema>;
