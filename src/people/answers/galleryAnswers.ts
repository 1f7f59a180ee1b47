/** What the recognizer answers of the people of a gallery; see answers.ts. */
import { z } from "zod";
import {
  FaceUsedSchema,
  hammingDistance,
  type Of,
  probability,
  SizeSchema,
  score,
  ThresholdSchema,
  UnfitReasonSchema,
  VerdictSchema,
} from "./answers.ts";

export const PersonRefSchema = z.object({ id: z.int(), name: z.string() });
/** A person of the gallery. */
export type PersonRef = Of<typeof PersonRefSchema>;

export const CandidateSchema = z.object({
  person: PersonRefSchema,
  faceId: z.int().describe("Of the person's faces, the one with the nearest code."),
  faces: z.int().describe("Faces of the person; the score is of all of them together."),
  score,
  probabilityAtEvenOdds: probability,
  hammingDistance,
});
/** A person of the gallery beside a face. */
export type Candidate = Of<typeof CandidateSchema>;

const Among = z.object({
  threshold: ThresholdSchema,
  people: z
    .int()
    .describe("People searched: those of the gallery, or those with a face that meets the filter."),
  falseAlarmRate: z
    .number()
    .nullable()
    .describe(
      "Share of strangers who would be taken for somebody here, as if the comparisons were independent; null: not calibrated.",
    ),
});
const person = PersonRefSchema.nullable().describe("Null: nobody of the gallery clears the threshold.");
const verdict = VerdictSchema.describe("How sure the name is; different: it is nobody of the gallery.");
const explanation = z.string().describe("The answer in one sentence.");
const candidates = z
  .array(CandidateSchema)
  .describe("The most likely people first, also below the threshold.");

export const RecognitionSchema = z.object({
  face: FaceUsedSchema,
  person,
  verdict,
  explanation,
  ...Among.shape,
  candidates,
});
/** The answer to `identify`. */
export type Recognition = Of<typeof RecognitionSchema>;

export const FaceRecognitionSchema = z.object({
  face: FaceUsedSchema,
  unfit: UnfitReasonSchema.nullable().describe("Why the face is not judged, or null."),
  person,
  verdict: verdict.nullable().describe("How sure the name is; null: the face is not judged."),
  explanation,
  candidates,
});
/** Who a face of a photo is. */
export type FaceRecognition = Of<typeof FaceRecognitionSchema>;

export const RecognitionsSchema = z.object({
  picture: SizeSchema.describe("Of the upright picture, in pixels."),
  ...Among.shape,
  faces: z.array(FaceRecognitionSchema).describe("The largest first; empty where there is no face."),
});
/** The answer to `identifyAll`. */
export type Recognitions = Of<typeof RecognitionsSchema>;

export const SearchHitSchema = z.object({
  faceId: z.int(),
  person: PersonRefSchema,
  hammingDistance,
  score: score.nullable(),
});
export type SearchHit = Of<typeof SearchHitSchema>;

export const SearchResultSchema = z.object({
  face: FaceUsedSchema,
  faces: z.int().describe("Faces searched."),
  hits: z
    .array(SearchHitSchema)
    .describe("The nearest by Hamming distance, in order of score where there is one."),
});
export type SearchResult = Of<typeof SearchResultSchema>;

const faces = z.int().describe("Faces of the person, these included.");

export const RegistrationSchema = z.object({
  person: PersonRefSchema,
  face: FaceUsedSchema,
  faceId: z.int(),
  faces,
});
export type Registration = Of<typeof RegistrationSchema>;

export const RegistrationsSchema = z.object({
  person: PersonRefSchema,
  added: z
    .array(z.object({ face: FaceUsedSchema, faceId: z.int() }))
    .describe("In the order of the pictures."),
  faces,
});
/** Several faces of one person, added together. */
export type Registrations = Of<typeof RegistrationsSchema>;
