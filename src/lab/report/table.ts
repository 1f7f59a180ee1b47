/** Tables as data, and the table that sets our numbers beside the paper's. */
import { formatPercent } from "../../base/text/index.ts";

export interface Table {
  readonly caption: string;
  readonly columns: readonly { readonly name: string; readonly numeric?: boolean }[];
  readonly rows: readonly (readonly (string | number)[])[]; // as many cells as columns
}

/** Columns of numbers, as many as `names`: `[{ name: "Method" }, ...numeric("Accuracy", "AUC")]`. */
export const numeric = (...names: readonly string[]): Table["columns"] =>
  names.map((name) => ({ name, numeric: true }));

export interface Comparison {
  readonly what: string;
  readonly where?: string; // section, table or figure of the paper
  readonly paper: number | null; // null where the paper prints no number
  readonly ours: number | null; // null until measured
  readonly error?: number; // standard error of ours
  readonly format?: (value: number | null, error?: number) => string;
}

/** What the paper reports, what was measured here, and the difference in points. */
export function comparisonTable(caption: string, comparisons: readonly Comparison[]): Table {
  return {
    caption,
    columns: [{ name: "Result" }, { name: "In the paper" }, ...numeric("Paper", "Here", "Difference")],
    rows: comparisons.map(({ what, where = "–", paper, ours, error, format = asPercent }) => [
      what,
      where,
      format(paper),
      format(ours, error),
      paper === null || ours === null || format !== asPercent ? "–" : signed((ours - paper) * 100),
    ]),
  };
}

const asPercent = (value: number | null, error?: number) => formatPercent(value, { digits: 2, error });

/** With its sign, a true minus, two digits: "−1.20". */
const signed = (points: number) => `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(2)}`;
