/** The study of selectivity, from features to its part of the page. */

import type { SingleFeatureScore, Task } from "../../../matching/probes/index.ts";
import { type DotRow, dotFigure, excitationFigure } from "../../report/index.ts";
import {
  excitation,
  type NamedFeatures,
  type Selectivity,
  type SelectivityOptions,
  scoresOf,
  selectivity,
  selectivityFinding,
} from "../../studies/index.ts";
import type { PageFigure } from "../pageFigures.ts";
import type { StudyPart } from "./page.ts";

export interface SelectivityPartOptions extends SelectivityOptions {
  /** Tasks whose excited and inhibited neurons are drawn; default: the three people with most pictures and two attributes. */
  readonly drawn?: readonly string[];
}

/**
 * The first of `features` is the subject whose neurons are drawn; `ofNeurons` holds the scores of each of them, for
 * tasks that could be asked.
 */
export async function selectivityPart(
  features: readonly NamedFeatures[],
  tasks: readonly Task[],
  { drawn = defaultDrawn(tasks), ...options }: SelectivityPartOptions,
): Promise<{ part: StudyPart; ofNeurons: ReadonlyMap<string, SingleFeatureScore> }> {
  const { result, ofNeurons } = await selectivity(features, tasks, options);
  const shown = tasks.filter(({ name }) => drawn.includes(name) && ofNeurons.has(name));
  const excitations = shown.map((task) => excitation(features[0].set, task, ofNeurons.get(task.name)));
  const part = {
    title: "Selective",
    finding: selectivityFinding(result),
    result: { ...result, excitation: excitations.map(summaryOf) },
    figures: [
      ...scoreFigures(result),
      ...excitations.map((drawn) => ({
        file: `excitation-${drawn.task.replaceAll(/\W+/g, "-")}`,
        svg: excitationFigure(drawn),
        caption:
          `Figs 10 and 11: activations on ${drawn.positives} pictures of ${drawn.task.replaceAll("_", " ")} (line: mean, ` +
          "band: standard deviation), on the rest, and what each neuron alone achieves.",
        data: drawn,
      })),
    ],
  };
  return { part, ofNeurons };
}

/** As in the paper: the three people with most pictures; and an attribute of sex and of race. */
function defaultDrawn(tasks: readonly Task[]): string[] {
  const people = tasks.filter(({ kind }) => kind === "person").slice(0, 3);
  return [...people.map(({ name }) => name), "Male", "Asian"];
}

/** What a result file keeps of 1,024 profiles: how many of each kind tell the class, and the best of them. */
function summaryOf({ task, kind, positives, negatives, neurons }: ReturnType<typeof excitation>) {
  const of = (excited: boolean) => {
    const ones = neurons.filter((neuron) => neuron.excited === excited);
    const best = [...ones].sort((p, q) => (q.accuracy ?? 0) - (p.accuracy ?? 0)).slice(0, 5);
    return { neurons: ones.length, best };
  };
  return { task, kind, positives, negatives, excited: of(true), inhibited: of(false) };
}

function scoreFigures(result: Selectivity): PageFigure[] {
  const figures: PageFigure[] = [];
  for (const [kind, by, where] of [
    ["person", "picture", "Fig. 8: "],
    ["attribute", "picture", "Fig. 9: "],
    ["attribute", "person", ""],
  ] as const) {
    for (const measure of ["single", "all"] as const) {
      const rows = scoreRows(result, { kind, by, measure });
      if (!rows) continue;
      const series = result.features.map(({ name }) => name);
      const paper = measure === "single" ? where : kind === "attribute" && by === "picture" ? "Fig. 7: " : "";
      figures.push({
        file: `${kind}-${measure}-by-${by}`,
        svg: dotFigure(rows, { label: "Balanced accuracy", series, guess: 0.5 }),
        data: { measure, kind, halves: by, series, rows },
        caption:
          `${paper}${measure === "single" ? "the single best feature, chosen on the other half" : "all features, a linear SVM"}` +
          `; halves by ${by}${by === "person" ? ", so that knowing the person does not help" : ""}. Dashed: guessing.`,
      });
    }
  }
  return figures;
}

/** A row for each task, the best told first, with the accuracy of each feature set. */
function scoreRows(
  result: Selectivity,
  { kind, by, measure }: { kind: Task["kind"]; by: "picture" | "person"; measure: "single" | "all" },
): DotRow[] | undefined {
  const subject = scoresOf(result, { subject: true, kind, by }).filter((score) => score[measure] !== null);
  if (subject.length === 0) return undefined;
  const all = result.scores.filter((score) => score.kind === kind && score.by === by);
  const names = result.features.map(({ name }) => name);
  return subject
    .filter((score) => score.features === subject[0].features)
    .sort((p, q) => q[measure]! - p[measure]!)
    .map(({ task }) => ({
      name: task,
      values: names.map((name) => all.find((s) => s.task === task && s.features === name)?.[measure] ?? null),
    }));
}
