/** The map of faces: what the studio's page asks. */
import { z } from "zod";
import { MAP_WAYS } from "../../matching/map/index.ts";
import type { OperationSchema } from "../service/index.ts";

/** Faces of a map in a page; of a larger gallery people are drawn at random. */
export const MOST_ON_MAP = 1_000;

export const MAP_OPERATIONS = {
  map: {
    tag: "studio",
    summary: "Faces as points of a plane, near to each other where the net sees them so",
    description: `At most ${MOST_ON_MAP} faces: of a larger gallery whole people are drawn at random, always the same.`,
    input: z.object({
      of: z.enum(["gallery", "synthetic"]),
      by: z
        .enum(MAP_WAYS)
        .optional()
        .describe("umap: same neighbours lie together; pca: the plane of most variance."),
    }),
    answer: z.object({
      of: z.int().describe("Faces that there are."),
      faces: z
        .array(
          z.object({
            x: z.number().describe("From 0 to 1."),
            y: z.number(),
            name: z.string(),
            person: z.string(),
            id: z.int().nullable().describe("Of the gallery; null: a synthetic face, by its name."),
            thumbnail: z.boolean().describe("Whether there is a picture of it."),
            nearest: z.array(z.int()).describe("The nearest by features, by number, the nearest first."),
          }),
        )
        .describe("Empty where there are fewer than four."),
      trust: z
        .object({ value: z.number(), neighbours: z.int() })
        .nullable()
        .describe(
          "Trustworthiness of so many neighbours on the map: 1 where all are right, about 0.5 by chance.",
        ),
      variance: z.number().nullable().describe("pca: the share of all variance that the plane shows."),
    }),
    scope: "read",
    audited: true,
  },
} as const satisfies Record<string, OperationSchema>;
