/** Training runs that a page starts, stops and resumes, on the machine of the service. */
import { z } from "zod";
import type { OperationSchema } from "../service/index.ts";

export const RunName = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]{0,63}$/, "Letters, digits, - and _ are needed, at most 64.")
  .describe("Name of a run: of its folder.");

const Line = z.object({
  name: z.string(),
  people: z.string().nullable().describe("The folder of people; null: the run was not started from a page."),
  state: z.enum(["running", "stopping", "stopped", "finished", "failed"]),
  doing: z.string().nullable().describe("What it does now, in words."),
  failure: z.string().nullable().describe("Why it has failed."),
  skipped: z.int().describe("Pictures that could not be used, since it was started or resumed."),
  step: z.int(),
  steps: z.int().nullable(),
});

const Named = z.object({ run: RunName });

export const RUN_OPERATIONS = {
  runs: {
    tag: "studio",
    summary: "The training runs of this service's folder",
    input: z.object({}),
    answer: z.object({ runs: z.array(Line).describe("By name.") }),
    scope: "admin",
  },
  startRun: {
    tag: "studio",
    summary: "Start a training run on a folder of people of this machine",
    description:
      "One run at a time. It goes on when the page is closed, and ends, with a checkpoint, with the service.",
    input: z.object({
      run: RunName,
      people: z.string().min(1).max(4_096).describe("A folder, person/photo.jpg."),
      fromModel: z
        .boolean()
        .optional()
        .describe("Whether it begins with the weights of the service's model."),
      steps: z.int().min(1).max(1_000_000).optional(),
      config: z
        .string()
        .max(8_000)
        .optional()
        .describe("A training config as JSON; what it leaves out has defaults."),
    }),
    answer: Line,
    scope: "admin",
    audited: true,
  },
  stopRun: {
    tag: "studio",
    summary: "Stop a run: it finishes its step, writes a checkpoint, and can be resumed",
    input: Named,
    answer: Line,
    scope: "admin",
    audited: true,
  },
  resumeRun: {
    tag: "studio",
    summary: "Resume a run from its checkpoint",
    input: Named,
    answer: Line,
    scope: "admin",
    audited: true,
  },
} as const satisfies Record<string, OperationSchema>;

export type RunLine = z.infer<typeof Line>;
