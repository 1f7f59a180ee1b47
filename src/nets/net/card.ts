/** What a model.json and a system.json say. */
import { z } from "zod";
import { DataError, schemaProblems } from "../../base/errors/index.ts";
import { type Region, TEMPLATE_VERSION } from "../../faces/face/index.ts";
import { NetInputSchema } from "./importedNet.ts";

const count = z.number().int().min(0);

export const RegionSchema = z.object({
  name: z.string(),
  box: z.object({
    x: z.number(),
    y: z.number(),
    width: z.number().positive(),
    height: z.number().positive(),
  }),
  height: z.number().int().positive(),
  width: z.number().int().positive(),
  colour: z.enum(["rgb", "grey"]),
  views: z.array(z.number().min(0.25).max(4)).min(1).max(16).readonly().optional(),
}) satisfies z.ZodType<Region>;

/** What Joint Bayesian learned from. */
export const MatchingSchema = z.looseObject({
  people: count,
  /** So many of these people trained the net, too. */
  trainedPeople: count.optional(),
  pictures: count,
  components: count,
  /** Share of the covariance within people that was replaced by the identity (default: 0). */
  shrinkage: z.number().min(0).max(1).optional(),
  /** How many of a teacher's numbers are compared, as the components say them (default: the components themselves are). */
  teacherNumbers: count.optional(),
  /** People of the matcher that it started from. */
  startedFromPeople: count.optional(),
  /** Directions kept of those; all where it is left out. */
  directions: count.optional(),
  /** Whether a face and its mirror image count alike. */
  mirrorsAlike: z.boolean().optional(),
});

const CardSchema = z.looseObject({
  format: z.literal("deepid2plus-model"),
  version: z.literal(1),
  name: z.string().min(1),
  /** The activation that is compared: original and mirror image side by side. */
  feature: z.string(),
  region: RegionSchema,
  /** How an imported net takes its pictures; nets of our own take theirs as `toNetInput` makes them. */
  input: NetInputSchema.optional(),
  /** Version of the aligned frame that the region's box refers to. */
  template: z.union([z.string(), z.number()]),
  /** What the net learned from. */
  training: z.looseObject({
    source: z.string(),
    people: count,
    pictures: count,
    steps: count,
    seconds: z.number(),
  }),
  matching: MatchingSchema,
  licence: z.string(),
  /** SHA-256 of the other files. */
  files: z.record(z.string(), z.string()),
});

/** model.json. Further entries (results, notes) are kept as they are. */
export type ModelCard = z.infer<typeof CardSchema>;

/** The card that the JSON of the file `path` is; DataError where it is none, or of another alignment. */
export function parseCard(json: unknown, path: string): ModelCard {
  const parsed = CardSchema.safeParse(json);
  if (!parsed.success) throw new DataError(`${path}: not a model card: ${schemaProblems(parsed.error)}`);
  if (String(parsed.data.template) !== String(TEMPLATE_VERSION)) {
    throw new DataError(
      `${path}: made for alignment ${parsed.data.template}, this version aligns by ${TEMPLATE_VERSION}`,
    );
  }
  return parsed.data;
}

const SystemSchema = z.looseObject({
  format: z.literal("deepid2plus-system"),
  version: z.literal(1),
  name: z.string().min(1),
  /** Model folders inside this one, in the order of their features. */
  parts: z.array(z.string().regex(/^\w[\w.-]*$/, "must be the plain name of a folder beside it")).min(1),
  matching: MatchingSchema,
  /** Further matchers: of the first nets by themselves, and of binary codes. */
  variants: z
    .array(
      z.object({
        code: z.enum(["real", "binary"]),
        nets: z.number().int().min(1),
        components: count,
        accuracy: z.number(),
      }),
    )
    .optional(),
  licence: z.string(),
  /** SHA-256 of the matcher and of each part's model.json, which holds the hashes of its files. */
  files: z.record(z.string(), z.string()),
});

/** system.json. Further entries are kept as they are. */
export type SystemCard = z.infer<typeof SystemSchema>;

/** What system.json is to say; the rest is filled in. */
export type NewSystemCard = Pick<SystemCard, "name" | "parts" | "matching" | "licence"> &
  Record<string, unknown>;

/** Name of the file that lists the parts of a system. */
export const SYSTEM_CARD = "system.json";

/** The card that the JSON of the file `path` is; DataError where it is none. */
export function parseSystemCard(json: unknown, path: string): SystemCard {
  const parsed = SystemSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DataError(`${path}: not a system card: ${schemaProblems(parsed.error)}`);
}
