/** Identification in pictures: how far down the right person stands, and how many are found at how many false alarms. */

import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import { drawFigure, type Panel, seriesStyle } from "./plot.ts";

/** A line through measured rates; `at` is a rank, or a false alarm or accept rate, above 0 and rising. */
export interface RateCurve {
  readonly name: string;
  readonly points: readonly { readonly at: number; readonly rate: number }[];
}

export interface RatePanel {
  readonly title: string;
  readonly axis: string; // what `at` is
  readonly curves: readonly RateCurve[];
}

/** Panels side by side, logarithmic along, with one legend for all lines: each keeps its colour by its number. */
export function rateFigure(panels: readonly RatePanel[]): string {
  const curves = panels.flatMap((panel) => panel.curves);
  if (!(curves.length >= 1)) throw new InputError("rateFigure: needs at least one curve, got none");
  for (const { name, points } of curves) {
    const wrong = points.find(({ at, rate }) => !(at > 0 && rate >= 0 && rate <= 1));
    if (wrong || points.length === 0) {
      throw new InputError(
        `rateFigure: curve ${name} needs points above 0 with rates in [0, 1], got ${wrong ? `${wrong.at}, ${wrong.rate}` : "none"}`,
      );
    }
  }
  let number = 0;
  return drawFigure({
    description: panels
      .map(({ title, curves }) => `${title}: ${curves.map(({ name }) => name).join(", ")}`)
      .join("; "),
    legend: curves.map(({ name }, k) => ({ label: name, ...seriesStyle(k) })),
    columns: panels.length,
    width: 400,
    height: 320,
    panels: panels.map((panel) => {
      const first = number;
      number += panel.curves.length;
      return draw(panel, first);
    }),
  });
}

function draw({ title, axis, curves }: RatePanel, first: number): Panel {
  const ats = curves.flatMap(({ points }) => points.map(({ at }) => at));
  const [low, high] = [Math.min(...ats), Math.max(...ats)];
  return {
    title,
    options: {
      marginLeft: 48,
      marginBottom: 42,
      marginTop: 14,
      x: {
        type: "log",
        domain: [low, high > low ? high : 10 * low],
        label: axis,
        tickFormat: (at: number) => String(Number(at.toPrecision(1))),
        ticks: decades(low, high),
      },
      y: {
        domain: [0, 1],
        label: null,
        grid: true,
        tickFormat: (rate: number) => formatPercent(rate, { digits: 0 }),
      },
      marks: [
        Plot.frame({ strokeOpacity: 0.25 }),
        ...curves.flatMap(({ points }, k) => {
          const { colour, dash } = seriesStyle(first + k);
          return [
            Plot.line(points, {
              x: "at",
              y: "rate",
              stroke: colour,
              strokeWidth: 1.8,
              strokeDasharray: dash,
            }),
            Plot.dot(points, { x: "at", y: "rate", fill: colour, r: 2.2 }),
          ];
        }),
      ],
    },
  };
}

function decades(low: number, high: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => 10 ** (from + k));
}
