/** What the Work page shows of the queue that `deepid work` takes its jobs from. */
import { z } from "zod";
import { CURSOR } from "../../people/work/index.ts";
import type { OperationSchema } from "../service/index.ts";

const Seconds = z.number().nullable();

const WorkBatch = z.object({
  id: z.string(),
  kind: z.enum(["import", "extract", "cluster", "group"]),
  of: z
    .string()
    .describe("The folder or archive of pictures, the next model's name, or whose faces of the gallery."),
  added: z.iso.datetime(),
  ended: z.iso.datetime().nullable().describe("Null: there are jobs to do."),
  jobs: z.object({ left: z.int(), active: z.int(), failed: z.int() }),
  pictures: z
    .object({ of: z.int(), left: z.int(), done: z.int(), passedOver: z.int(), failed: z.int() })
    .describe("Done are also those that were passed over."),
  secondsLeft: Seconds.describe("Until it is done; null: not known, or done."),
});

export const WORK_OPERATIONS = {
  work: {
    tag: "studio",
    summary: "How far the jobs of the gallery's queue are, batch by batch",
    description: "Times are those of all workers together, at the rate of the last minute.",
    input: z.object({}),
    answer: z.object({
      queue: z
        .object({
          batches: z
            .array(WorkBatch)
            .describe("What is left first, in the order in which it is done; then what has ended."),
          more: z.int().describe("Batches beside these."),
          workers: z.int().describe("Jobs in the hands of workers."),
          picturesLeft: z.int(),
          picturesPerSecond: z.number(),
          secondsLeft: Seconds,
          failures: z.int().describe("Jobs that failed for good, and pictures that were passed over."),
        })
        .nullable()
        .describe("Null: the gallery has no queue."),
    }),
    scope: "admin",
  },
  workFailures: {
    tag: "studio",
    summary: "Pictures and jobs that came to nothing, and why",
    input: z.object({
      after: z.string().regex(CURSOR).optional().describe("`next` of the page before."),
      limit: z.int().min(1).max(200).optional(),
    }),
    answer: z.object({
      failures: z
        .array(
          z.object({
            pictures: z.array(z.string()).describe("As their folder names them."),
            reason: z.string(),
            time: z.iso.datetime(),
          }),
        )
        .describe("The last first."),
      next: z.string().nullable().describe("What `after` must be for the next page."),
    }),
    scope: "admin",
    audited: true,
  },
} as const satisfies Record<string, OperationSchema>;
