/** What every operation takes and answers, as schemas: the server checks by them, OpenAPI and the client's types come from them. */
import { z } from "zod";
import type { Operation } from "./addresses.ts";
import type { Scope } from "./keys.ts";

export interface OperationSchema {
  readonly summary: string;
  readonly description?: string;
  readonly tag: "service" | "faces" | "people" | "studio";
  /** Parts of the address and fields of the query or the body in one object. */
  readonly input: z.ZodObject;
  readonly answer: z.ZodType;
  readonly scope: Scope | "open";
  /** Fields of the input that are pictures; the operation then takes forms, too. */
  readonly pictures?: readonly string[];
  /** Written into the audit log. */
  readonly audited?: boolean;
}

const nothing = z.object({});

export const OPERATIONS = {
  health: {
    tag: "service",
    summary: "Whether the service works",
    input: nothing,
    answer: z.object({
      status: z.enum(["ok", "busy"]).describe("busy: the queue is full."),
      uptimeSeconds: z.number(),
      waiting: z.int().describe("Pictures that wait for a worker."),
    }),
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
} as const satisfies Record<Operation, OperationSchema>;

export type Input<K extends Operation> = z.input<(typeof OPERATIONS)[K]["input"]>;
export type Answer<K extends Operation> = z.output<(typeof OPERATIONS)[K]["answer"]>;
