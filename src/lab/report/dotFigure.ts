/** Several systems on many tasks: one row a task, one dot a system. */

import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import { bandsNamed, drawFigure, seriesStyle } from "./plot.ts";
import { shorten } from "./text.ts";

export interface DotRow {
  readonly name: string;
  /** A share from 0 to 1 for each series; null where it was not measured. */
  readonly values: readonly (number | null)[];
}

export interface DotOptions {
  readonly label: string; // what is measured
  /** The same length as every row's values; the first is drawn on top. */
  readonly series: readonly string[];
  /** A line at this value: 0.5 is guessing for balanced accuracy. */
  readonly guess?: number;
  readonly from?: number;
}

const SYMBOLS = ["circle", "triangle", "square", "diamond", "cross", "star"] as const;
const ROW = 17; // pixels

/** Rows from the top in the given order. */
export function dotFigure(
  rows: readonly DotRow[],
  { label, series, guess, from = 0.45 }: DotOptions,
): string {
  const wrong = rows.find(({ values }) => values.length !== series.length);
  if (rows.length === 0 || wrong) {
    throw new InputError(
      `dotFigure: needs rows of ${series.length} values, got ${wrong?.values.length ?? "none"}`,
    );
  }
  const names = rows.map(({ name }) => shorten(name.replaceAll("_", " "), 30));
  const longest = names.reduce((length, name) => Math.max(length, name.length), 0);
  const dots = series
    .map((_, k) =>
      rows.flatMap(({ values }, row) => {
        const value = values[k];
        return value === null ? [] : [{ row, value: Math.max(from, value) }];
      }),
    )
    .map((points, k) =>
      Plot.dot(points, {
        x: "value",
        y: "row",
        fill: seriesStyle(k).colour,
        fillOpacity: k === 0 ? 1 : 0.75,
        symbol: SYMBOLS[k % SYMBOLS.length],
        r: k === 0 ? 4 : 3.2,
      }),
    );
  return drawFigure({
    description: `${label} of ${series.join(", ")} on ${rows.map(({ name }) => name).join(", ")}`,
    width: 640,
    height: rows.length * ROW + 66,
    legend: series.map((name, k) => ({ label: name, colour: seriesStyle(k).colour })),
    panels: [
      {
        options: {
          marginLeft: 20 + longest * 6.2, // about: the font is the reader's
          marginRight: 40,
          marginTop: 10,
          marginBottom: 42,
          x: {
            domain: [from, 1],
            label,
            grid: true,
            tickFormat: (value: number) => formatPercent(value, { digits: 0 }),
          },
          y: bandsNamed(names),
          marks: [
            Plot.ruleY(
              rows.map((_, row) => row),
              { strokeOpacity: 0.08 },
            ),
            ...(guess === undefined
              ? []
              : [Plot.ruleX([guess], { strokeDasharray: "3 4", strokeOpacity: 0.5 })]),
            ...dots.reverse(),
          ],
        },
      },
    ],
  });
}
