/** Verification of spoiled faces, the paper's Figs 15 and 16, and what becomes of activations, its Fig. 17. */

import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import type { RobustCurve } from "../studies/index.ts";
import { drawFigure, seriesStyle } from "./plot.ts";

/** Curves of one corruption: accuracy, or the share of bits flipped, against its level. */
export function robustFigure(
  curves: readonly RobustCurve[],
  { label, measure = "accuracy" }: { label: string; measure?: "accuracy" | "flipped" },
): string {
  const levels = [...new Set(curves.flatMap(({ points }) => points.map(({ level }) => level)))];
  if (levels.length === 0) throw new InputError("robustFigure: needs curves with points, got none");
  const what = measure === "accuracy" ? "Verification accuracy" : "Bits that differ from the clean face's";
  const lowest = Math.min(0.5, ...curves.flatMap(({ points }) => points.map((point) => point[measure])));
  return drawFigure({
    description: `${what} of ${curves.map(({ system }) => system).join(", ")}: ${label}`,
    width: 520,
    height: 320,
    legend: curves.map(({ system }, k) => ({ label: system, ...seriesStyle(k) })),
    panels: [
      {
        options: {
          marginLeft: 50,
          marginRight: 20,
          marginBottom: 42,
          marginTop: 24,
          x: { domain: [0, Math.max(...levels)], label, nice: true },
          y: {
            label: what,
            grid: true,
            domain: measure === "accuracy" ? [Math.floor(lowest * 20) / 20, 1] : undefined,
            zero: measure !== "accuracy",
            tickFormat: (share: number) => formatPercent(share, { digits: 0 }),
          },
          marks: [
            Plot.frame({ strokeOpacity: 0.2 }),
            ...curves.flatMap(({ points }, k) => {
              const { colour, dash } = seriesStyle(k);
              const line = { x: "level", y: measure };
              return [
                Plot.line(points, { ...line, stroke: colour, strokeWidth: 1.8, strokeDasharray: dash }),
                Plot.dot(points, { ...line, fill: colour, r: 2.6 }),
              ];
            }),
          ],
        },
      },
    ],
  });
}

export interface ActivationStrip {
  readonly label: string;
  /** Mean activation of each neuron; all strips have the same neurons. */
  readonly values: readonly number[];
}

const STRIP = 26; // pixels high
const CELLS = 128; // of a strip: neighbouring neurons are averaged

/** One strip a row, neurons sorted by the first strip; warm where they fire, cool where they do not. */
export function stripFigure(strips: readonly ActivationStrip[], description: string): string {
  const [first] = strips;
  if (!first || strips.some(({ values }) => values.length !== first.values.length)) {
    throw new InputError("stripFigure: needs strips of the same neurons");
  }
  const order = [...first.values.keys()].sort((a, b) => first.values[b] - first.values[a]);
  const size = Math.ceil(order.length / CELLS);
  const cells = strips.flatMap(({ values }, row) =>
    Array.from({ length: Math.ceil(order.length / size) }, (_, k) => {
      const neurons = order.slice(k * size, (k + 1) * size);
      const mean = neurons.reduce((sum, neuron) => sum + values[neuron] / neurons.length, 0);
      return { row, from: k * size, to: k * size + neurons.length, mean };
    }),
  );
  const longest = strips.reduce((length, { label }) => Math.max(length, label.length), 0);
  return drawFigure({
    description,
    width: 640,
    height: strips.length * STRIP + 50,
    panels: [
      {
        options: {
          marginLeft: 24 + longest * 6.2,
          marginRight: 12,
          marginTop: 6,
          marginBottom: 38,
          x: { domain: [0, order.length], label: "Neuron, by mean activation on clean pictures" },
          y: {
            type: "band",
            domain: strips.map((_, row) => row),
            label: null,
            tickSize: 0,
            tickFormat: (row: number) => strips[row].label,
            padding: 0.12,
          },
          color: {
            type: "sequential",
            scheme: "turbo",
            domain: [0, Math.max(...cells.map(({ mean }) => mean))],
          },
          marks: [
            Plot.barX(cells, { x1: "from", x2: "to", y: "row", fill: "mean", shapeRendering: "crispEdges" }),
          ],
        },
      },
    ],
  });
}
