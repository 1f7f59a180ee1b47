/** What the studio's pages show. */
import { z } from "zod";
import { FaceUsedSchema, PairVerdictSchema } from "../../people/answers/index.ts";
import { Bytes, faceChoice, type OperationSchema, Picture } from "../service/index.ts";
import { GALLERY_OPERATIONS } from "./galleryOperations.ts";
import { LOOK_OPERATIONS } from "./lookOperations.ts";
import { MAP_OPERATIONS } from "./mapOperations.ts";
import { RUN_OPERATIONS, RunName } from "./runOperations.ts";
import { WORK_OPERATIONS } from "./workOperations.ts";

const nothing = z.object({});
const SyntheticName = z
  .string()
  .regex(/^person-\d{4}$/)
  .describe("A synthetic person.");

const Pattern = z.array(z.number()).describe("How strongly each neuron fires; 0: silent.");

const Point = z.object({
  score: z.number().describe("Scores above it are accepted."),
  falseAcceptRate: z.number(),
  falseRejectRate: z.number(),
});

const Figures = z.array(
  z.object({ file: z.string(), title: z.string(), width: z.number().describe("In pixels.") }),
);

export const STUDIO_OPERATIONS = {
  ...GALLERY_OPERATIONS,
  ...LOOK_OPERATIONS,
  ...MAP_OPERATIONS,
  ...RUN_OPERATIONS,
  ...WORK_OPERATIONS,
  studio: {
    tag: "studio",
    summary: "What this service can show",
    input: nothing,
    answer: z.object({
      model: z.string(),
      licence: z.string(),
      locator: z.string().nullable(),
      browserNet: z.boolean().describe("Whether a page may load the net and compare by itself."),
      gradients: z
        .boolean()
        .describe("Whether `gradients` is known of the model: one net of this project's own."),
      runs: z.boolean().describe("Whether training runs may be started here."),
      work: z.boolean().describe("Whether the gallery is where a queue of jobs may be, see `work`."),
    }),
    scope: "read",
  },
  studioPeople: {
    tag: "studio",
    summary: "Synthetic people, and the names of their pictures",
    description: "A picture, aligned, lies at /studio/faces/{face}.",
    input: nothing,
    answer: z.object({ people: z.array(z.object({ name: z.string(), faces: z.array(z.string()) })) }),
    scope: "read",
  },
  compare: {
    tag: "studio",
    summary: "Two faces with their activation patterns",
    input: z.object({
      a: Picture,
      b: Picture,
      ...faceChoice,
      alignedB: z.boolean().optional().describe("The same for the second picture; default: as the first."),
    }),
    answer: z.object({
      faces: z.array(
        z.object({
          face: FaceUsedSchema,
          crop: z.string().describe("The aligned face, a PNG file in base64."),
          pattern: Pattern,
          features: z.string().describe("What `occlude` compares with: float32, little-endian, in base64."),
        }),
      ),
      verdict: PairVerdictSchema,
    }),
    scope: "read",
    pictures: ["a", "b"],
    audited: true,
  },
  occlude: {
    tag: "studio",
    summary: "A face that is being covered, beside one whose features are known",
    description: "As fast as a hand paints: no file is made or read, and one face is run through the net.",
    input: z.object({
      pixels: Bytes.describe("The aligned face as it is now: 104 rows of 88 pixels, red, green and blue."),
      features: Bytes.describe("The features of the other face, as `compare` answers them."),
    }),
    answer: z.object({ pattern: Pattern, verdict: PairVerdictSchema }),
    scope: "read",
    pictures: ["pixels", "features"],
  },
  rates: {
    tag: "studio",
    summary: "How often a threshold is wrong, over all thresholds",
    description: "Measured on the pairs that the model is calibrated on: people whom it did not learn from.",
    input: nothing,
    answer: z.object({
      points: z.array(Point).describe("By score; empty: the model is not calibrated."),
      balanced: Point.nullable(),
      strict: Point.nullable(),
      pairs: z.object({ same: z.int(), different: z.int() }),
    }),
    scope: "read",
  },
  neurons: {
    tag: "studio",
    summary: "Every neuron, measured on the synthetic people",
    input: nothing,
    answer: z.object({
      measured: z.int().describe("Pictures measured so far; the neurons follow when it is all of them."),
      faces: z.int(),
      people: z.array(z.string()),
      neurons: z.array(
        z.object({
          neuron: z.int(),
          fires: z.number().describe("Share of the pictures for which it fires."),
          mean: z.number(),
          best: z
            .object({ person: z.string(), accuracy: z.number(), excited: z.boolean() })
            .describe("Whom it tells best from everybody else, and how well: balanced accuracy."),
        }),
      ),
    }),
    scope: "read",
  },
  neuron: {
    tag: "studio",
    summary: "One neuron: when it fires, and for whom",
    input: z.object({ neuron: z.int().min(0) }),
    answer: z.object({
      neuron: z.int(),
      fires: z.number(),
      histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.int()) }),
      top: z.array(z.object({ face: z.string(), activation: z.number() })),
      people: z.array(
        z.object({
          person: z.string(),
          mean: z.number(),
          restMean: z.number(),
          excited: z.boolean(),
          accuracy: z.number(),
        }),
      ),
    }),
    scope: "read",
  },
  personPattern: {
    tag: "studio",
    summary: "A synthetic person's pattern beside everybody else's",
    input: z.object({ person: SyntheticName }),
    answer: z.object({
      person: z.string(),
      faces: z.array(z.string()),
      neurons: z
        .array(
          z.object({
            neuron: z.int(),
            mean: z.number(),
            restMean: z.number(),
            excited: z.boolean(),
            accuracy: z.number(),
          }),
        )
        .describe("In the order of their numbers."),
    }),
    scope: "read",
  },
  training: {
    tag: "studio",
    summary: "The curves of a training run, as they are now",
    input: z.object({
      run: RunName.optional().describe(
        "A run of the service's folder of runs; default: the one it was told to show.",
      ),
    }),
    answer: z.object({
      run: z.string().nullable().describe("Null: none is shown."),
      released: z
        .object({
          name: z.string(),
          source: z.string(),
          people: z.int(),
          pictures: z.int(),
          steps: z.int(),
          seconds: z.number(),
          startedFrom: z.string().nullable(),
          accuracy: z.number().nullable().describe("Of verification, on validation people."),
          curveSteps: z.int().nullable().describe("Steps of the run whose curves are shown; null: none is."),
        })
        .nullable()
        .describe("How the model came about, where no run is shown; null for a system."),
      last: z
        .object({
          step: z.int(),
          steps: z.int().nullable().describe("Of the whole run; null until it has a checkpoint."),
          images: z.int(),
          imagesPerSecond: z.number(),
          learningRate: z.number(),
          secondsLeft: z.number().nullable(),
        })
        .nullable(),
      heldOut: z.number().nullable().describe("Accuracy on people never trained on, when last measured."),
      svg: z.string(),
    }),
    scope: "read",
  },
  paper: {
    tag: "studio",
    summary: "The paper's claims beside what was measured here",
    description:
      "A figure lies at /studio/results/{file}; a page of one's own, where one is given, at /studio/paper.html.",
    input: nothing,
    answer: z.object({
      page: z.string().nullable().describe("Name of a page of one's own to show; null: none."),
      claims: z.array(
        z.object({
          study: z.string(),
          claim: z.string().describe("What the paper says."),
          where: z.string().describe("Where it says so."),
          holds: z
            .boolean()
            .nullable()
            .describe("Whether it holds here; null: cannot be told, or is not measured."),
          verdict: z.string(),
          command: z.string().nullable().describe("What measures it; null: not measured."),
          numbers: z.array(z.object({ what: z.string(), paper: z.string().nullable(), ours: z.string() })),
          figures: Figures,
        }),
      ),
      further: Figures.describe("Figures of no claim."),
    }),
    scope: "read",
  },
} as const satisfies Record<string, OperationSchema>;
