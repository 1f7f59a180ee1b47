/** Bars for ablations: what each part of a method is worth. */

import * as Plot from "@observablehq/plot";
import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import { bandsNamed, drawFigure, PALETTE } from "./plot.ts";
import { shorten } from "./text.ts";

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly error?: number; // standard error, drawn to both sides
  readonly highlight?: boolean; // the method itself, among its variants
  readonly rival?: number; // what the rival of the figure reaches here
}

export interface BarOptions {
  readonly label: string; // what is measured
  readonly rival?: string; // who it is that `rival` of each bar speaks of: a line across the bar
  /** Where bars begin: 0.5 is guessing for verification of balanced pairs. */
  readonly from?: number;
  readonly to?: number; // where the axis ends; the highest value and its error, where missing
  readonly format?: (value: number, error?: number) => string;
}

const ROW = 30; // pixels
const PLAIN = "#8b97a5";

const percent = (value: number, error?: number) => formatPercent(value, { error });

/** Horizontal bars in the given order, each with its number. */
export function barFigure(bars: readonly Bar[], options: BarOptions): string {
  const { from = 0, format = percent, rival } = options;
  const label = rival === undefined ? options.label : `${options.label}; orange line: ${rival}`;
  if (bars.length === 0) throw new InputError("barFigure: needs at least one bar, got none");
  const wrong = bars.find(({ value }) => !Number.isFinite(value));
  if (wrong) throw new InputError(`barFigure: values must be numbers, got ${wrong.value} for ${wrong.name}`);
  const to = options.to ?? bars.reduce((end, { value, error = 0 }) => Math.max(end, value + error), from);
  const names = bars.map(({ name }) => shorten(name, 34));
  const longest = names.reduce((length, name) => Math.max(length, name.length), 0);
  return drawFigure({
    description: `${label}: ${bars.map((bar) => describe(bar, format, rival)).join(", ")}`,
    width: 620,
    height: bars.length * ROW + 60,
    panels: [
      {
        options: {
          marginLeft: 20 + longest * 6.3, // about: the font is the reader's
          marginRight: 92,
          marginTop: 8,
          marginBottom: 44,
          x: {
            domain: [from, to],
            label,
            grid: true,
            ticks: 6,
            tickFormat: (value: number) =>
              format === percent ? formatPercent(value, { digits: 0 }) : format(value),
          },
          y: { ...bandsNamed(names), padding: 0.3 },
          marks: barMarks(bars, from, format),
        },
      },
    ],
  });
}

const describe = (
  { name, value, error, rival }: Bar,
  format: NonNullable<BarOptions["format"]>,
  rivalName: string | undefined,
) => `${name} ${format(value, error)}${rival === undefined ? "" : ` (${rivalName} ${format(rival)})`}`;

/** Bars by their row, so that two of one name stay two. */
function barMarks(
  bars: readonly Bar[],
  from: number,
  format: NonNullable<BarOptions["format"]>,
): Plot.Markish[] {
  const rows = bars.map(({ value, error = 0, highlight, rival }, row) => ({
    row,
    rival,
    end: Math.max(from, value),
    low: Math.max(from, value - error),
    high: Math.max(from, value + error),
    text: format(value, error || undefined),
    fill: highlight ? PALETTE[0] : PLAIN,
  }));
  const rivals = rows.filter(({ rival }) => rival !== undefined);
  return [
    Plot.barX(rows, { x1: from, x2: "end", y: "row", fill: "fill", fillOpacity: 0.85 }),
    Plot.ruleY(rows, {
      y: "row",
      x1: "low",
      x2: "high",
      strokeWidth: 1.5,
      filter: ({ low, high }) => high > low,
    }),
    ...(rivals.length > 0
      ? [Plot.tickX(rivals, { x: "rival", y: "row", stroke: PALETTE[1], strokeWidth: 3 })]
      : []),
    Plot.text(rows, {
      x: "high",
      y: "row",
      text: "text",
      dx: 6,
      textAnchor: "start",
      fontVariant: "tabular-nums",
    }),
    Plot.ruleX([from], { strokeOpacity: 0.5 }),
  ];
}
