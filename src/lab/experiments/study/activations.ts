/** The study of activation histograms, from features to its part of the page. */

import type { Progress } from "../../../base/progress/index.ts";
import { createRng } from "../../../base/random/index.ts";
import type { FeatureSet } from "../../../matching/features/index.ts";
import {
  dealHalves,
  type SingleFeatureScore,
  singleFeatureScores,
  type Task,
} from "../../../matching/probes/index.ts";
import { activationFigure } from "../../report/index.ts";
import { activationFinding, activationStudy } from "../../studies/index.ts";
import type { StudyPart } from "./page.ts";

const CAPTIONS: Readonly<Record<string, string>> = {
  people:
    "Fig. 12: activations of neurons drawn at random over all pictures, then of the neurons that tell a person best over " +
    "that person's pictures.",
  sex: "Fig. 13a: each column is one neuron, framed in the row of the attribute that it tells best.",
  race: "Fig. 13b: the same for race.",
  asked: "The same for the attributes asked for.",
};

export interface ActivationsPartOptions extends Progress {
  readonly seed: number;
  /** Of the tasks, where they are known already. */
  readonly scores?: readonly SingleFeatureScore[];
  /** Attributes drawn besides sex and race. */
  readonly asked?: readonly string[];
}

export async function activationsPart(
  set: FeatureSet,
  tasks: readonly Task[],
  { seed, scores, asked, ...progress }: ActivationsPartOptions,
): Promise<StudyPart> {
  const halves = dealHalves(set, "picture", createRng(seed).fork("selectivity").fork("picture"));
  const known = scores ?? (await singleFeatureScores(set, tasks, halves, progress));
  const study = activationStudy(set, tasks, known, { seed, asked });
  return {
    title: "Always or never",
    finding: activationFinding(study),
    result: study,
    prose: [
      "Each histogram counts pictures by the activation of one neuron. Above it: the neuron, and how well it alone tells the " +
        "class whose name stands on the left (balanced accuracy, where it was chosen for it).",
    ],
    figures: study.groups.map((group) => ({
      file: `activations-${group.name}`,
      svg: activationFigure(group),
      caption: CAPTIONS[group.name],
      data: group,
    })),
  };
}
