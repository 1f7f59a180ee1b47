/** How many neurons fire: the paper's Fig. 6, and how well codes of other sparsity verify. */

import * as Plot from "@observablehq/plot";
import { formatPercent } from "../../base/text/index.ts";
import type { Sparsity, SweepPoint } from "../studies/index.ts";
import { binsOf } from "./bins.ts";
import { drawFigure, PALETTE, type Panel } from "./plot.ts";

/** Two histograms side by side: over pictures, the share of neurons that fire; over neurons, the share of pictures. */
export function sparsityFigure({ ofNeurons, ofPictures, pictures, neurons }: Sparsity): string {
  const panel = (
    title: string,
    { mean, histogram }: Sparsity["ofNeurons"],
    { x, y, colour }: { x: string; y: string; colour: string },
  ): Panel => ({
    title,
    options: {
      marginLeft: 48,
      marginBottom: 40,
      marginTop: 24,
      x: { domain: [0, 1], label: x, tickFormat: (share: number) => formatPercent(share, { digits: 0 }) },
      y: { label: y, grid: true },
      marks: [
        Plot.rectY(binsOf(histogram), {
          x1: "from",
          x2: "to",
          y: "count",
          fill: colour,
          fillOpacity: 0.75,
          inset: 0.4,
        }),
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
        Plot.ruleX([mean], { strokeDasharray: "4 3", strokeWidth: 1.4 }),
        Plot.text([mean], {
          x: (value: number) => value,
          text: () => `mean ${formatPercent(mean)}`,
          frameAnchor: "top",
          dy: -12,
        }),
      ],
    },
  });
  return drawFigure({
    description:
      `On average ${formatPercent(ofNeurons.mean)} of ${neurons} neurons fire for a picture (deviation ` +
      `${formatPercent(ofNeurons.deviation)}); a neuron fires for ${formatPercent(ofPictures.mean)} of ${pictures} ` +
      `pictures (deviation ${formatPercent(ofPictures.deviation)})`,
    columns: 2,
    width: 400,
    height: 260,
    panels: [
      panel("Pictures", ofNeurons, {
        x: "Neurons that fire for a picture",
        y: "Pictures",
        colour: PALETTE[0],
      }),
      panel("Neurons", ofPictures, {
        x: "Pictures for which a neuron fires",
        y: "Neurons",
        colour: PALETTE[1],
      }),
    ],
  });
}

/** Verification by Hamming distance against the share of bits that are 1. */
export function sweepFigure(points: readonly SweepPoint[]): string {
  const sorted = [...points].sort((p, q) => p.active - q.active);
  const own = points.filter(({ aim }) => aim === null);
  return drawFigure({
    description: `Verification by Hamming distance: ${sorted
      .map(({ active, accuracy }) => `${formatPercent(accuracy)} with ${formatPercent(active)} of the bits 1`)
      .join(", ")}`,
    width: 520,
    height: 280,
    panels: [
      {
        options: {
          marginLeft: 52,
          marginRight: 30,
          marginBottom: 40,
          marginTop: 24,
          x: {
            domain: [0, 1],
            label: "Bits that are 1",
            tickFormat: (share: number) => formatPercent(share, { digits: 0 }),
          },
          y: {
            label: "Verification accuracy",
            grid: true,
            nice: true,
            tickFormat: (share: number) => formatPercent(share, { digits: 0 }),
          },
          marks: [
            Plot.ruleX(sorted, {
              x: "active",
              y1: ({ accuracy, standardError }: SweepPoint) => accuracy - standardError,
              y2: ({ accuracy, standardError }: SweepPoint) => accuracy + standardError,
              stroke: PALETTE[0],
              strokeOpacity: 0.6,
            }),
            Plot.line(sorted, { x: "active", y: "accuracy", stroke: PALETTE[0], strokeWidth: 1.6 }),
            Plot.dot(sorted, { x: "active", y: "accuracy", fill: PALETTE[0], r: 3 }),
            Plot.dot(own, { x: "active", y: "accuracy", stroke: PALETTE[1], r: 7, strokeWidth: 2 }),
            Plot.text(own, {
              x: "active",
              y: "accuracy",
              text: () => "above zero",
              dx: 12,
              dy: 12,
              textAnchor: "start",
            }),
          ],
        },
      },
    ],
  });
}
