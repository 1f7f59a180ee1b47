/**
 * Figures by Observable Plot, in a browser or without one: panels side by side, one legend, one self-contained SVG.
 *
 * Letters take the colour of what surrounds them (currentColor); a figure that stands alone follows the
 * reader's light or dark scheme.
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom/worker";
import { escapeMarkup, plainText, shorten } from "./text.ts";

export const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

/** Distinct for most colour-blind readers, and on white as on near-black. */
export const PALETTE = ["#2f7fd6", "#e0732f", "#2a9d74", "#a764c9", "#c9a227", "#d6507f"] as const;

/** Second mark of a series, so that colour is never the only one. */
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "12 4", "4 2 1 2"] as const;

/** Colour and dash of series number `index`. */
export function seriesStyle(index: number): { readonly colour: string; readonly dash: string } {
  return { colour: PALETTE[index % PALETTE.length], dash: DASHES[index % DASHES.length] };
}

export interface Panel {
  readonly title?: string;
  readonly options: Plot.PlotOptions;
}

export interface LegendItem {
  readonly label: string;
  readonly colour: string;
  readonly dash?: string; // of a line; a filled square where there is none
}

export interface FigureLayout {
  /** What the figure shows, for those who cannot see it. */
  readonly description: string;
  readonly panels: readonly Panel[];
  readonly legend?: readonly LegendItem[];
  readonly columns?: number;
  readonly width?: number; // of a panel, in pixels
  readonly height?: number; // of a panel, in pixels
}

const TITLE_HEIGHT = 22;
const LEGEND_ROW = 20;
const GAP = 16;
const LONGEST_NAME = 300; // characters: a figure of many rows names them all, which no reader waits for
const SMALLEST = 0.62; // of its width: on a narrow page a figure shrinks so far, then scrolls

/** Lays out `panels` row by row under the legend; returns the SVG's source. */
export function drawFigure({
  description,
  panels,
  legend = [],
  columns = 1,
  width = 480,
  height = 320,
}: FigureLayout): string {
  const across = Math.min(columns, panels.length);
  const total = across * width + (across - 1) * GAP;
  const rows = layLegend(legend, total);
  const top = rows.length === 0 ? 0 : rows.length * LEGEND_ROW + 6;
  const titled = panels.some(({ title }) => title) ? TITLE_HEIGHT : 0;
  const cell = height + titled + GAP;
  const bodies = panels.map(({ title, options }, k) => {
    const x = (k % across) * (width + GAP);
    const y = top + Math.floor(k / across) * cell;
    const heading = title
      ? `<text x="0" y="14" font-size="13" font-weight="600" text-anchor="start">${escapeMarkup(title)}</text>`
      : "";
    return `<g transform="translate(${x},${y})">${heading}<g transform="translate(0,${titled})">${drawPanel(options, width, height)}</g></g>`;
  });
  const bottom = top + Math.ceil(panels.length / across) * cell - GAP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" viewBox="0 0 ${total} ${bottom}" width="${total}" height="${bottom}" style="min-width:${Math.round(total * SMALLEST)}px" font-family="${FONT}" font-size="11" fill="currentColor">`,
    `<title>${escapeMarkup(shorten(description, LONGEST_NAME))}</title>`,
    "<style>.figure{color:#1f2328;max-width:100%;height:auto}@media(prefers-color-scheme:dark){.figure{color:#d6dbe1}}.figure text{white-space:pre}</style>",
    rows.join(""),
    ...bodies,
    "</svg>",
  ].join("\n");
}

/** One plot as a nested SVG, its coordinates rounded to hundredths of a pixel. */
function drawPanel(options: Plot.PlotOptions, width: number, height: number): string {
  const svg = Plot.plot({
    ...options,
    document: pageDocument(),
    width,
    height,
    className: "panel",
    style: { fontFamily: "inherit", fontSize: "11px" },
  });
  svg.querySelector("style")?.remove();
  for (const name of ["style", "class", "font-family", "font-size", "fill"]) svg.removeAttribute(name);
  svg.setAttribute("overflow", "visible");
  svg.setAttribute("text-anchor", "middle");
  for (const element of svg.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      if (GEOMETRY.has(name))
        element.setAttribute(
          name,
          value.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number: string) =>
            String(Number(Number(number).toFixed(2))),
          ),
        );
    }
  }
  return plainText(svg.outerHTML);
}

const GEOMETRY = new Set([
  "d",
  "transform",
  "x",
  "y",
  "x1",
  "x2",
  "y1",
  "y2",
  "cx",
  "cy",
  "r",
  "width",
  "height",
]);

/** The browser's document, or linkedom's where there is no browser. */
function pageDocument(): Plot.PlotOptions["document"] {
  const browser = (globalThis as { document?: Plot.PlotOptions["document"] }).document;
  return (
    browser ??
    (parseHTML("<!doctype html><html><body></body></html>")
      .document as unknown as Plot.PlotOptions["document"])
  );
}

/** Rows of legend items, broken where `width` is full. */
function layLegend(items: readonly LegendItem[], width: number): string[] {
  const rows: string[] = [];
  let x = 0;
  for (const item of items) {
    const label = shorten(item.label, 48);
    const length = 30 + label.length * 6.4 + 18; // about: the font is the reader's
    if (rows.length === 0 || x + length > width) {
      rows.push("");
      x = 0;
    }
    const y = (rows.length - 1) * LEGEND_ROW + 10;
    const key =
      item.dash === undefined
        ? `<rect x="${x + 6}" y="${y - 6}" width="12" height="12" rx="2" fill="${item.colour}" fill-opacity="0.75"/>`
        : `<line x1="${x}" x2="${x + 24}" y1="${y}" y2="${y}" stroke="${item.colour}" stroke-width="2" stroke-dasharray="${item.dash}"/>`;
    rows[rows.length - 1] +=
      `${key}<text x="${x + 30}" y="${y + 4}" font-size="12">${escapeMarkup(label)}</text>`;
    x += length;
  }
  return rows;
}

/** An axis of bands, a row each, that are called so. */
export const bandsNamed = (names: readonly string[]) =>
  ({
    type: "band",
    domain: names.map((_, row) => row),
    label: null,
    tickFormat: (row: number) => names[row],
    tickSize: 0,
  }) as const;
