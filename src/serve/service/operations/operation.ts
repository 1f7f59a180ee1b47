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
    .union([z.enum(["only", "largest"]), z.int().min(0).max(9_999)])
    .optional()
    .describe(
      "Which face of several: refuse to choose (the default), take the largest, or the one of this number in the answer of locate.",
    ),
};

export const falseAcceptRate = z
  .number()
  .gt(0)
  .lt(1)
  .optional()
  .describe("Share of pairs of strangers that may be accepted.");

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
const NAME = /^(?!\.{1,2}$)[^\u0000-\u001f\u007f]*$/; // addresses drop . and ..

export const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(NAME, "must hold no control characters, and be neither . nor ..")
  .describe("What the person is called; names differ.");

/** A page of the people of the gallery, each as `person` has it. */
export const peoplePage = <P extends z.ZodType>(person: P) =>
  z.object({
    people: z.array(person),
    totals: z.object({ people: z.int(), faces: z.int() }),
    next: z.string().nullable().describe("What `after` must be for the next page."),
  });
