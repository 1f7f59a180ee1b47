/** How accuracy grows with the number of nets. */

import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import type { VerificationTables } from "../paper/index.ts";
import { drawFigure, PALETTE } from "./plot.ts";

/** Verification accuracy of the first 1, 2, 4, ... nets, with its standard error. */
export function netsFigure(curve: VerificationTables["curve"]): string {
  if (curve.length === 0) throw new InputError("netsFigure: needs at least one number of nets, got none");
  const points = curve.map(({ nets, accuracy: { mean, standardError } }) => ({
    nets,
    mean,
    low: mean - standardError,
    high: mean + standardError,
    text: formatPercent(mean),
  }));
  const axis = { tickFormat: (share: number) => formatPercent(share, { digits: 1 }), grid: true, nice: true };
  return drawFigure({
    description: `Verification accuracy by number of nets: ${points.map(({ nets, text }) => `${nets}: ${text}`).join(", ")}`,
    width: 520,
    height: 280,
    panels: [
      {
        options: {
          marginLeft: 60,
          marginRight: 30,
          marginBottom: 40,
          marginTop: 24,
          x: {
            type: "log",
            insetLeft: 24,
            insetRight: 24,
            base: 2,
            label: "Nets",
            ticks: curve.map(({ nets }) => nets),
            tickFormat: String,
          },
          y: { label: "Verification accuracy", ...axis },
          marks: [
            Plot.ruleX(points, { x: "nets", y1: "low", y2: "high", stroke: PALETTE[0], strokeOpacity: 0.6 }),
            Plot.line(points, { x: "nets", y: "mean", stroke: PALETTE[0], strokeWidth: 1.6 }),
            Plot.dot(points, { x: "nets", y: "mean", fill: PALETTE[0], r: 3.5 }),
            Plot.text(points, { x: "nets", y: "high", text: "text", dy: -8 }),
          ],
        },
      },
    ],
  });
}
