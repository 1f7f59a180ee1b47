/** Scores of pairs of one person and of two, and the threshold between them. */

import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import { drawFigure, PALETTE } from "./plot.ts";

export interface PairScores {
  readonly same: readonly number[]; // larger is more alike
  readonly different: readonly number[];
  readonly threshold: number;
  readonly label?: string; // of the axis, with the unit of the scores
}

export const HISTOGRAM_BINS = 48;

/** Two overlaid histograms, each as a share of its own pairs. */
export function scoreHistogram({ same, different, threshold, label = "Score" }: PairScores): string {
  const finite = [...same, ...different].filter(Number.isFinite);
  if (same.length === 0 || different.length === 0 || finite.length === 0) {
    throw new InputError(
      `scoreHistogram: needs scores of both kinds, got ${same.length} and ${different.length}`,
    );
  }
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const width = (high - low || 1) / HISTOGRAM_BINS;
  const rects = (scores: readonly number[], colour: string) =>
    Plot.rectY(shares(scores, low, width), {
      x1: "from",
      x2: "to",
      y: "share",
      fill: colour,
      fillOpacity: 0.5,
      insetLeft: 0.5,
      insetRight: 0.5,
    });
  const missed = same.filter((score) => !(score > threshold)).length / same.length;
  const mistaken = different.filter((score) => score > threshold).length / different.length;
  return drawFigure({
    description: `Scores of ${same.length} pairs of one person and ${different.length} pairs of two people; threshold ${threshold.toPrecision(3)}`,
    width: 560,
    height: 300,
    legend: [
      { label: `one person (${formatPercent(missed)} below the threshold)`, colour: PALETTE[0] },
      { label: `two people (${formatPercent(mistaken)} above)`, colour: PALETTE[1] },
    ],
    panels: [
      {
        options: {
          marginLeft: 48,
          marginBottom: 40,
          marginTop: 24,
          x: { label, nice: true },
          y: {
            label: "Share of pairs",
            grid: true,
            tickFormat: (share: number) => formatPercent(share, { digits: 0 }),
          },
          marks: [
            rects(different, PALETTE[1]),
            rects(same, PALETTE[0]),
            Plot.ruleY([0], { strokeOpacity: 0.4 }),
            Plot.ruleX([threshold], { strokeDasharray: "4 3", strokeWidth: 1.4 }),
            Plot.text([threshold], {
              x: (value: number) => value,
              text: () => "threshold",
              frameAnchor: "top",
              dy: -12,
            }),
          ],
        },
      },
    ],
  });
}

function shares(scores: readonly number[], low: number, width: number) {
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0);
  for (const score of scores) {
    if (!Number.isFinite(score)) continue;
    counts[Math.min(HISTOGRAM_BINS - 1, Math.floor((score - low) / width))]++;
  }
  return counts.map((count, bin) => ({
    from: low + bin * width,
    to: low + (bin + 1) * width,
    share: count / scores.length,
  }));
}
