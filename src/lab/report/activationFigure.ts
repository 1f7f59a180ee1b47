/** Small histograms of activations in rows: the paper's Figs 12 and 13. */

import * as Plot from "@observablehq/plot";
import { formatPercent } from "../../base/text/index.ts";
import type { ActivationGroup, Dossier, Histogram, Patch } from "../studies/index.ts";
import { binsOf } from "./bins.ts";
import { EXCITED } from "./excitationFigure.ts";
import { drawFigure, PALETTE } from "./plot.ts";
import { shorten } from "./text.ts";

const FRAME = { excited: EXCITED, inhibited: "#2a9d74" } as const; // the paper's red and green

/** One row a class, its name on the left, one panel a neuron; frames say for which class a neuron was chosen. */
export function activationFigure({ name, rows }: ActivationGroup): string {
  const across = Math.max(...rows.map(({ panels }) => panels.length));
  const panels = rows.flatMap(({ name: row, panels: own }, place) => [
    { options: rowName(row) },
    ...Array.from({ length: across }, (_, k) => {
      const panel = own[k];
      if (!panel) return { options: { axis: null, marks: [] } };
      const colour = panel.chosenAs ? FRAME[panel.chosenAs] : undefined;
      const accuracy = panel.accuracy === null ? "" : `: ${formatPercent(panel.accuracy, { digits: 0 })}`;
      const title = `neuron ${panel.neuron}${accuracy}`;
      const label = place === rows.length - 1 ? "Activation" : null;
      return { title, options: smallHistogram(panel.histogram, colour, label) };
    }),
  ]);
  return drawFigure({
    description: `Histograms of activations (${name}): ${rows.map((row) => row.name).join(", ")}`,
    columns: across + 1,
    width: 150,
    height: 90,
    legend: [
      { label: "excited for the class", colour: FRAME.excited },
      { label: "inhibited", colour: FRAME.inhibited },
    ],
    panels,
  });
}

/** A cell of the figure that holds a name. */
const rowName = (row: string): Plot.PlotOptions => ({
  axis: null,
  marks: [
    Plot.text([shorten(row.replaceAll("_", " "), 32)], {
      frameAnchor: "right",
      fontSize: 12,
      fontWeight: 600,
      lineWidth: 11,
      dx: 12,
      fill: "currentColor",
    }),
  ],
});

function smallHistogram(of: Histogram, frame: string | undefined, label: string | null): Plot.PlotOptions {
  return {
    marginLeft: 4,
    marginRight: 4,
    marginTop: 4,
    marginBottom: 34,
    x: { domain: [of.from, of.to], label, ticks: 4, tickSize: 3 },
    y: { axis: null },
    marks: [
      Plot.rectY(binsOf(of), { x1: "from", x2: "to", y: "count", fill: PALETTE[0], inset: 0.3 }),
      Plot.frame({
        stroke: frame ?? "currentColor",
        strokeWidth: frame ? 2 : 1,
        strokeOpacity: frame ? 1 : 0.35,
      }),
    ],
  };
}

/** All activations of one neuron. */
export function neuronFigure({ neuron, activation, fires }: Dossier): string {
  return drawFigure({
    description: `Activations of neuron ${neuron}: it fires for ${formatPercent(fires)} of the pictures`,
    width: 560,
    height: 240,
    panels: [
      {
        options: {
          marginLeft: 56,
          marginBottom: 40,
          marginTop: 24,
          x: { label: `Activation of neuron ${neuron}` },
          y: { label: "Pictures", grid: true },
          marks: [
            Plot.rectY(binsOf(activation.histogram), {
              x1: "from",
              x2: "to",
              y: "count",
              fill: PALETTE[0],
              inset: 0.4,
            }),
            Plot.ruleY([0], { strokeOpacity: 0.4 }),
          ],
        },
      },
    ],
  });
}

export interface SensitivityMap {
  readonly patches: readonly Patch[];
  /** For each patch the share of the activation that is lost when it is covered; below 0 where it grows. */
  readonly lost: readonly number[];
  /** Landmarks of the aligned face, for orientation. */
  readonly landmarks: readonly { readonly x: number; readonly y: number }[];
}

/** Where covering the face costs the neuron most. */
export function sensitivityFigure({ patches, lost, landmarks }: SensitivityMap): string {
  const cells = patches.map(({ x, y, side }, i) => ({
    x1: x + side / 4,
    x2: x + (3 * side) / 4,
    y1: y + side / 4,
    y2: y + (3 * side) / 4,
    lost: lost[i],
  }));
  const most = Math.max(0.01, ...lost.map(Math.abs));
  return drawFigure({
    description: `Activation lost when a square is covered, at most ${formatPercent(Math.max(...lost))}`,
    width: 300,
    height: 346,
    legend: [
      { label: `loses up to ${formatPercent(most, { digits: 0 })}`, colour: "#b2182b" },
      { label: "gains", colour: "#2166ac" },
    ],
    panels: [
      {
        options: {
          margin: 6,
          x: { domain: [8, 80], axis: null },
          y: { domain: [88, 5], axis: null },
          color: { type: "diverging", scheme: "RdBu", domain: [-most, most], reverse: true },
          marks: [
            Plot.rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "lost" }),
            Plot.dot(landmarks, {
              x: "x",
              y: "y",
              r: 4,
              stroke: "#1f2328",
              fill: "#ffffff",
              fillOpacity: 0.7,
            }),
            Plot.frame({ strokeOpacity: 0.3 }),
          ],
        },
      },
    ],
  });
}
