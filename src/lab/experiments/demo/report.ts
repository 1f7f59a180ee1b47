/** The demo's page: what was done, how well it works, on which faces it fails. */

import { count, duration, formatPercent } from "../../../base/text/index.ts";
import { faceUri } from "../../../faces/data/index.ts";
import type { MetricName, NamedVerification } from "../../../matching/protocols/index.ts";
import {
  htmlReport,
  numeric,
  type ReportImage,
  type ReportSection,
  rocFigure,
  scoreHistogram,
  type Table,
  trainingCurves,
} from "../../report/index.ts";
import type { DemoResult, JudgedPair } from "./run.ts";
import type { TestSet } from "./testSet.ts";

const TITLES: Readonly<Record<MetricName, string>> = {
  calibrated: "calibrated score",
  "joint-bayesian": "Joint Bayesian",
  cosine: "Cosine",
  euclidean: "Euclidean distance",
  hamming: "Hamming distance",
  codes: "Hamming distance of the matcher's codes",
};

/** The page as HTML; `next` are rows of what to do next and the command for it. */
export async function demoReport(result: DemoResult, next: readonly string[][]): Promise<string> {
  const { scores, plan, options, card, seconds } = result;
  const total = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  const [best] = scores;
  return htmlReport({
    title: "DeepID2+ on people who do not exist",
    summary: [
      `A narrow DeepID2+ net learned to tell ${count(card.training.people)} synthetic people apart in ` +
        `${together(duration(seconds.training))}. Asked about ${count(plan.test)} people it has never seen, one person or two, ` +
        `it is right for ${formatPercent(best.accuracy.mean)} of ${count(best.pairs)} pairs; guessing is right for half.`,
      "Every face on this page was drawn by the program. Faces of the same program are easier than photos: the " +
        "numbers show that the parts work together, not how well they work on real people.",
    ],
    facts: [
      { label: "right on unseen people", value: formatPercent(best.accuracy.mean) },
      { label: "area under the ROC", value: best.auc.toFixed(3) },
      { label: "pictures learned from", value: count(card.training.pictures) },
      { label: "whole demo", value: duration(total) },
    ],
    sections: [
      accuracySection(result),
      await rightSection(result),
      await wrongSection(result),
      trainingSection(result),
      {
        heading: "What was done",
        tables: [stagesTable(result)],
        prose: `Seed ${options.seed}: the same command gives the same faces, and on the same machine the same net.`,
      },
      {
        heading: "What to do next",
        tables: [
          {
            caption: "In a clone of the repository, write node dist/cli/deepid.js for deepid",
            columns: [{ name: "To" }, { name: "Command" }],
            rows: next,
          },
        ],
      },
    ],
  });
}

/** Text that is not broken over two lines. */
const together = (text: string) => text.replaceAll(" ", "\u00a0");

function accuracySection({ scores, judged }: DemoResult): ReportSection {
  const threshold = judged.reduce((sum, pair) => sum + pair.threshold / judged.length, 0);
  const scoresOf = (kind: boolean) => judged.filter(({ same }) => same === kind).map(({ score }) => score);
  return {
    heading: "How well it works",
    prose:
      "Ten folds, no person in two of them; each fold is decided by the threshold that is best on the other nine. " +
      "Joint Bayesian was learned from people apart from those of the net and of this test.",
    tables: [scoresTable(scores)],
    figures: [
      {
        svg: rocFigure(scores.map(({ metric, auc, roc }) => ({ name: TITLES[metric], auc, ...roc }))),
        caption:
          "How many pairs of one person are recognised, for each rate of strangers taken for one person.",
      },
      {
        svg: scoreHistogram({
          same: scoresOf(true),
          different: scoresOf(false),
          threshold,
          label: "Log likelihood ratio (nats)",
        }),
        caption: "Joint Bayesian scores of all test pairs; the threshold is the mean of the ten folds'.",
      },
    ],
  };
}

function scoresTable(scores: readonly NamedVerification[]): Table {
  return {
    caption: "Verification of unseen people, original and mirror image of each face compared at once",
    columns: [{ name: "Compared by" }, ...numeric("Right", "AUC", "Equal error rate")],
    rows: scores.map(({ metric, accuracy, auc, equalErrorRate }) => [
      TITLES[metric],
      formatPercent(accuracy.mean, { error: accuracy.standardError }),
      auc.toFixed(4),
      formatPercent(equalErrorRate),
    ]),
  };
}

/** Pairs shown of each kind. */
const SHOWN = 5;

const isRight = ({ same, score, threshold }: JudgedPair) => score > threshold === same;

/** How far a pair lies from its threshold: how sure the decision is. */
const sureness = ({ score, threshold }: JudgedPair) => Math.abs(score - threshold);
const surestFirst = (p: JudgedPair, q: JudgedPair) => sureness(q) - sureness(p);

async function rightSection({ judged, test }: DemoResult): Promise<ReportSection> {
  const right = judged.filter(isRight).sort(surestFirst);
  const shown = [true, false].flatMap((kind) => spread(right.filter(({ same }) => same === kind)));
  return {
    heading: "Pairs it gets right",
    prose:
      `${count(right.length)} of ${count(judged.length)} pairs. These go from the one it is surest of to the one it is ` +
      "least sure of, first of one person, then of two. The number is the model's probability for one person.",
    images: await imagesOf(shown, test),
  };
}

async function wrongSection({ judged, test }: DemoResult): Promise<ReportSection> {
  const wrong = judged.filter((pair) => !isRight(pair)).sort(surestFirst);
  const shown = [true, false].flatMap((kind) => wrong.filter(({ same }) => same === kind).slice(0, SHOWN));
  return {
    heading: "Pairs it gets wrong",
    prose:
      wrong.length === 0
        ? "None."
        : `${count(wrong.length)} of ${count(judged.length)} pairs. Shown are those it is most mistaken about, first of ` +
          "one person that it tells apart, then of two people that it takes for one.",
    images: await imagesOf(shown, test),
  };
}

/** A few of `pairs`, from the first to the last. */
function spread(pairs: readonly JudgedPair[]): JudgedPair[] {
  const shown = Math.min(SHOWN, pairs.length);
  const last = pairs.length - 1;
  return Array.from({ length: shown }, (_, i) => pairs[Math.round((i * last) / Math.max(1, shown - 1))]);
}

const imagesOf = (pairs: readonly JudgedPair[], { faces }: TestSet): Promise<ReportImage[]> =>
  Promise.all(
    pairs.map(async ({ a, b, same, probability }) => {
      const kind = same ? "one person" : "two people";
      return {
        src: await Promise.all([a, b].map((row) => faceUri(faces, row))),
        caption: `${kind}: ${formatPercent(probability, { digits: 0 })}`,
        alt: `a pair of ${kind}`,
      };
    }),
  );

function trainingSection({ metrics, plan }: DemoResult): ReportSection {
  const taps = plan.training.net.taps.map((tap) => `FC-${tap}`);
  const speed = metrics.reduce((sum, { imagesPerSecond }) => sum + imagesPerSecond / metrics.length, 0);
  return {
    heading: "How it learned",
    prose:
      "Two signals reach every tap of the net: identification (which of the training people is it?) and verification " +
      `(pull pictures of one person together, push two people a margin apart). ${count(Math.round(speed))} pictures ` +
      "a second went through the net and back.",
    figures: [trainingCurves(metrics, { taps })],
  };
}

function stagesTable({ options, plan, card, seconds, test }: DemoResult): Table {
  const { net, steps, pairs } = plan.training;
  const row = (stage: string, what: string, time: number) => [stage, what, duration(time)];
  return {
    caption: "Stages of this demo",
    columns: [{ name: "Stage" }, { name: "What" }, ...numeric("Time")],
    rows: [
      row(
        "Drawing",
        `${count(options.people)} people, ${options.pictures} pictures each, aligned`,
        seconds.drawing,
      ),
      row(
        "Training",
        `${net.maps.join("-")} maps, ${net.neurons} neurons at each of FC-${net.taps.join(" ")}; ${count(steps)} steps of ` +
          `${2 * pairs} pictures of ${count(card.training.people)} people`,
        seconds.training,
      ),
      row(
        "Model",
        `${card.matching.components} components and Joint Bayesian from ${count(card.matching.people)} other people`,
        seconds.release,
      ),
      row("Test", `${count(test.faces.count)} pictures of ${count(plan.test)} more people`, seconds.test),
    ],
  };
}
