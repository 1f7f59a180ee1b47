/** The gallery: people and their faces. */
import { z } from "zod";
import { RegistrationSchema } from "../../../people/answers/index.ts";
import { faceChoice, type OperationSchema, PersonName, Picture, peoplePage } from "./operation.ts";

const FaceId = z.int().min(1).describe("The face's number.");
const Person = z.object({ id: z.int(), name: z.string(), faces: z.int() });

/** What is kept of a removal: numbers, no names. */
const KeptReceipt = z
  .object({
    receipt: z.int().describe("Its number, by which it is shown again."),
    time: z.iso.datetime(),
    personId: z.int(),
    personRemoved: z.boolean(),
    faces: z.array(z.int()),
    codes: z.int(),
    vectors: z.int(),
    thumbnails: z.int(),
    checks: z.array(z.string()).describe("Sentences, each a check that was passed after the removal."),
    pending: z.array(z.string()).describe("What has to happen yet before nothing is left; empty as a rule."),
  })
  .meta({ id: "KeptReceipt", description: "What was erased, as it is kept: without the name." });

const Receipt = KeptReceipt.extend({
  request: z.string().describe("The number of the request, as in the audit log."),
  person: z.string(),
  model: z.string(),
}).meta({ id: "Receipt", description: "What was erased; for whoever has to prove it." });

export const PEOPLE_OPERATIONS = {
  listPeople: {
    tag: "people",
    summary: "The people of the gallery, by name",
    input: z.object({
      after: z.string().max(200).optional().describe("Names after this one."),
      limit: z.int().min(1).max(1_000).optional(),
    }),
    answer: peoplePage(Person),
    scope: "read",
    audited: true,
  },
  getPerson: {
    tag: "people",
    summary: "A person and their faces",
    description: "A face's thumbnail, where one is kept, lies at /faces/{face}/thumbnail.",
    input: z.object({ person: PersonName }),
    answer: z.object({ id: z.int(), name: z.string(), faces: z.array(z.object({ id: z.int() })) }),
    scope: "read",
    audited: true,
  },
  register: {
    tag: "people",
    summary: "Keeps a face of a person, who is made if they are new",
    description: "When it is answered, the face is on disk. The picture itself is not kept.",
    input: z.object({
      person: PersonName,
      image: Picture,
      ...faceChoice,
      thumbnail: z
        .boolean()
        .optional()
        .describe("Whether the aligned face is kept as a small picture; default false."),
    }),
    answer: RegistrationSchema.extend({ created: z.boolean().describe("Whether the person is new.") }),
    scope: "write",
    pictures: ["image"],
    audited: true,
  },
  renamePerson: {
    tag: "people",
    summary: "Gives a person another name",
    input: z.object({ person: PersonName, name: PersonName }),
    answer: Person,
    scope: "write",
    audited: true,
  },
  mergePeople: {
    tag: "people",
    summary: "Gives all faces of a person to another, and forgets the first",
    input: z.object({ person: PersonName, into: PersonName }),
    answer: z.object({ person: Person, faces: z.int().describe("Faces that were given.") }),
    scope: "write",
    audited: true,
  },
  removePerson: {
    tag: "people",
    summary: "Erases a person, with every face",
    input: z.object({ person: PersonName }),
    answer: Receipt,
    scope: "write",
    audited: true,
  },
  moveFace: {
    tag: "people",
    summary: "Gives a face to the person whom it shows",
    description: "That person is made if new; the former one is forgotten if it was the last face.",
    input: z.object({ face: FaceId, person: PersonName }),
    answer: z.object({ face: z.int(), person: Person }),
    scope: "write",
    audited: true,
  },
  removeFace: {
    tag: "people",
    summary: "Erases a face, and its person if it was the last",
    input: z.object({ face: FaceId }),
    answer: Receipt,
    scope: "write",
    audited: true,
  },
  listReceipts: {
    tag: "people",
    summary: "Receipts of what was erased, the newest first",
    input: z.object({
      before: z.int().min(1).optional().describe("Receipts before this number."),
      limit: z.int().min(1).max(1_000).optional(),
    }),
    answer: z.object({
      receipts: z.array(KeptReceipt),
      next: z.int().nullable().describe("What `before` must be for the next page."),
    }),
    scope: "read",
    audited: true,
  },
  getReceipt: {
    tag: "people",
    summary: "A receipt once more",
    input: z.object({ receipt: z.int().min(1).describe("The receipt's number.") }),
    answer: KeptReceipt,
    scope: "read",
    audited: true,
  },
} as const satisfies Record<string, OperationSchema>;
