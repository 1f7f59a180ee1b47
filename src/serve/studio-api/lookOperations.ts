/** Where in a face a comparison, or a neuron, looks: what the studio's pages ask. */
import { z } from "zod";
import { Bytes, type OperationSchema } from "../service/index.ts";

/** What every place of a face adds, row by row from its top. */
const Places = { columns: z.int(), rows: z.int() };

export const LOOK_OPERATIONS = {
  explain: {
    tag: "studio",
    summary: "Where a comparison looks: what each place of a face adds to the score",
    description: "A grey block covers one place after the other; the face is run through the net for each.",
    input: z.object({
      pixels: Bytes.describe("An aligned face: 104 rows of 88 pixels, red, green and blue."),
      features: Bytes.describe("The features of the other face, as `compare` answers them."),
      score: z.number().describe("The score of both faces, uncovered."),
    }),
    answer: z.object({
      ...Places,
      worth: z
        .array(z.number())
        .describe("Row by row: how much the score falls when a block lies there; below 0: it rises."),
    }),
    scope: "read",
    pictures: ["pixels", "features"],
  },
  gradients: {
    tag: "studio",
    summary: "Where in a face a comparison, or a neuron, looks: what each place adds",
    description:
      "Integrated gradients from a face of middle grey: the places of the face add up to the answer less that of grey, up to a few per cent.",
    input: z.object({
      pixels: Bytes.describe("An aligned face: 104 rows of 88 pixels, red, green and blue."),
      features: Bytes.optional().describe(
        "The features of the other face, as `compare` answers them: for what speaks for the score.",
      ),
      neuron: z.int().min(0).optional().describe("Or a neuron: for what excites it."),
    }),
    answer: z.object({
      ...Places,
      worth: z.array(z.number()).describe("Row by row: what the place adds; below 0: takes off."),
      answer: z.number().describe("The score before calibration, in nats, or the neuron's activation."),
      baselineAnswer: z.number().describe("The same of a face of middle grey."),
    }),
    scope: "read",
    pictures: ["pixels", "features"],
  },
} as const satisfies Record<string, OperationSchema>;
