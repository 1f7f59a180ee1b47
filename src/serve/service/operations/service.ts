/** The service itself. */
import { z } from "zod";
import type { OperationSchema } from "./operation.ts";

const nothing = z.object({});
const Part = z.enum(["ok", "failing"]);

export const SERVICE_OPERATIONS = {
  health: {
    tag: "service",
    summary: "Whether the service works, and what does not",
    description: "Always answered with 200; `ready` answers with 503 where it should get no requests.",
    input: nothing,
    answer: z.object({
      status: z.enum(["ok", "busy", "failing"]).describe("busy: the queue is full."),
      uptimeSeconds: z.number(),
      waiting: z.int().describe("Pictures that wait for a worker."),
      gallery: Part,
      audit: Part,
      disk: Part,
    }),
    scope: "open",
  },
  live: {
    tag: "service",
    summary: "Whether the process answers; if not, restart it",
    input: nothing,
    answer: z.object({ live: z.literal(true) }),
    scope: "open",
  },
  ready: {
    tag: "service",
    summary: "Whether requests should be sent here: gallery, audit log and disk work",
    input: nothing,
    answer: z.object({ ready: z.literal(true) }),
    scope: "open",
  },
  models: {
    tag: "service",
    summary: "The nets that compare faces, and on what terms",
    input: nothing,
    answer: z.object({
      models: z.array(
        z.object({
          name: z.string(),
          licence: z.string(),
          nets: z.array(z.string()).describe("The region of the face that each net looks at."),
          dimension: z.int().describe("Numbers in a face's features."),
          codeBits: z.int().describe("Bits of a face's binary code."),
          calibrated: z
            .boolean()
            .describe("Whether scores have probabilities and thresholds have error rates."),
          attributes: z.array(z.string()).describe("What analyze reads."),
          locator: z
            .string()
            .nullable()
            .describe("What finds faces in photos; without it only aligned faces are taken."),
          fingerprint: z.string().describe("Features of equal fingerprints compare."),
        }),
      ),
    }),
    scope: "read",
  },
} as const satisfies Record<string, OperationSchema>;
