/** What the studio's pages of photos and of the gallery show. */
import { z } from "zod";
import { LocatedSchema, RecognitionSchema } from "../../people/answers/index.ts";
import { Bytes, type OperationSchema, Picture, peoplePage } from "../service/index.ts";

const Located = LocatedSchema.shape;
const Face = Located.faces.element.shape;
/** Faces that are grouped at once: the work grows with their square. */
const MOST_FACES = 1_000;
const PersonName = z.string().trim().min(1).max(200).describe("What the person is called.");

export const GALLERY_OPERATIONS = {
  photo: {
    tag: "studio",
    summary: "Every face of a photo, and who of the gallery it is; nothing is kept",
    input: z.object({
      image: Picture,
      aligned: z.boolean().optional().describe("The picture shows one aligned face and nothing else."),
    }),
    answer: z.object({
      picture: Located.picture,
      faces: z
        .array(
          z.object({
            box: Face.box,
            unfit: Face.unfit,
            cutOff: Face.cutOff,
            crop: z.string().describe("The aligned face, a PNG file in base64."),
            answer: RecognitionSchema.pick({
              person: true,
              verdict: true,
              explanation: true,
              candidates: true,
            })
              .nullable()
              .describe("Null: this face cannot be judged, see `unfit`."),
            features: z
              .string()
              .nullable()
              .describe(
                "What `group` takes: float32 in base64; null unless the gallery knows nobody like it.",
              ),
          }),
        )
        .describe("The largest first."),
    }),
    scope: "read",
    pictures: ["image"],
    audited: true,
  },
  group: {
    tag: "studio",
    summary: "Faces that nobody knows, those of one person together",
    description:
      "Agglomerative clustering by the score: groups are joined while their pairs score above the threshold on average.",
    input: z.object({ faces: z.array(Bytes).max(MOST_FACES).describe("Features, as `photo` answers them.") }),
    answer: z.object({
      groups: z.array(z.array(z.int())).describe("Numbers of the faces, from 0; the largest group first."),
    }),
    scope: "read",
    pictures: ["faces"],
  },
  cards: {
    tag: "studio",
    summary: "The people of the gallery, each with a face to show",
    input: z.object({
      after: z.string().max(200).optional().describe("Names after this one."),
      limit: z.int().min(1).max(200).optional(),
    }),
    answer: peoplePage(
      z.object({
        id: z.int(),
        name: z.string(),
        faces: z.int(),
        shown: z.int().nullable().describe("A face with a thumbnail; null: none is kept."),
      }),
    ),
    scope: "read",
    audited: true,
  },
  personFaces: {
    tag: "studio",
    summary: "A person's faces, and which of them have a thumbnail",
    input: z.object({ person: PersonName }),
    answer: z.object({
      id: z.int(),
      name: z.string(),
      faces: z.array(z.object({ id: z.int(), thumbnail: z.boolean() })),
    }),
    scope: "read",
    audited: true,
  },
} as const satisfies Record<string, OperationSchema>;
