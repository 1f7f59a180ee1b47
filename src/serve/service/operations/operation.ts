/** What an operation is, and schemas that several share. */
import { z } from "zod";
import { InputError } from "../../../base/errors/index.ts";
import { NAME_LENGTH, personName } from "../../../base/names/index.ts";
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
    .union([z.enum(["main", "only", "largest"]), z.int().min(0).max(9_999)])
    .optional()
    .describe(
      "Which face of several. main (the default): the one that is clearly the largest, or nearest to the middle of those of its size; refused where none is. only: several are refused. largest, or a number in the answer of locate.",
    ),
};

export const falseAcceptRate = z
  .number()
  .gt(0)
  .lt(1)
  .optional()
  .describe("Share of pairs of strangers that may be accepted.");

/** In the form that names are kept in; what the gallery would refuse is refused before anything is done. */
export const PersonName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1)
  .max(NAME_LENGTH)
  .superRefine((name, { addIssue }) => {
    const message = whyNoName(name);
    if (message !== undefined) addIssue({ code: "custom", message });
  })
  .describe("What the person is called; names differ.");

/** A page of the people of the gallery, each as `person` has it. */
export const peoplePage = <P extends z.ZodType>(person: P) =>
  z.object({
    people: z.array(person),
    totals: z.object({ people: z.int(), faces: z.int() }),
    next: z.string().nullable().describe("What `after` must be for the next page."),
  });

function whyNoName(name: string): string | undefined {
  try {
    personName(name);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
