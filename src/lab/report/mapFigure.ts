/** Faces as points of a plane, those of one person in one colour; or the faces themselves, where they are given. */
import * as Plot from "@observablehq/plot";
import { rowsByPerson } from "../../matching/features/index.ts";
import type { FaceMap } from "../../matching/map/index.ts";
import { drawFigure, PALETTE, seriesStyle } from "./plot.ts";

/** What is drawn of a map. */
export type DrawnMap = Pick<FaceMap, "by" | "names" | "identities" | "points">;

export interface MapFigureOptions {
  /** Of each face a picture as data URI; undefined: a dot. */
  readonly pictures?: readonly (string | undefined)[];
}

const SIDE = 760; // pixels
const FACE = 34;
const MARGIN = FACE / 2 + 3;
const SYMBOLS = ["circle", "triangle", "square", "diamond", "cross", "star"] as const;

/** Who has most faces, in colour; everybody else stays grey. */
export function mapFigure(map: DrawnMap, { pictures = [] }: MapFigureOptions = {}): string {
  const { names, identities, points, by } = map;
  const shown = colouredPeople(identities);
  const place = new Map(shown.map((person, k) => [person, k]));
  const dots = names.map((name, row) => ({
    x: points[2 * row],
    y: points[2 * row + 1],
    title: identities[row] === name ? name : `${identities[row]}: ${name}`,
    series: place.get(identities[row]),
    src: pictures[row],
  }));
  const of = (k: number | undefined) => dots.filter(({ series, src }) => series === k && src === undefined);
  const faces = dots.filter(({ src }) => src !== undefined);
  const [low, high] = [Math.min, Math.max].map((most) => dots.reduce((y, dot) => most(y, dot.y), 0.5));
  return drawFigure({
    description: `Map of ${names.length} faces of ${new Set(identities).size} people by ${by}`,
    width: SIDE,
    height: Math.round((SIDE - 2 * MARGIN) * (high - low)) + 2 * MARGIN,
    legend: shown.map((label, k) => ({ label, colour: seriesStyle(k).colour })),
    panels: [
      {
        options: {
          margin: MARGIN,
          x: { axis: null, domain: [0, 1] },
          y: { axis: null, domain: [low, high] },
          marks: [
            Plot.dot(of(undefined), {
              x: "x",
              y: "y",
              title: "title",
              r: 3,
              fill: "currentColor",
              fillOpacity: 0.35,
            }),
            ...shown.map((_, k) =>
              Plot.dot(of(k), {
                x: "x",
                y: "y",
                title: "title",
                r: 4,
                fill: seriesStyle(k).colour,
                symbol: SYMBOLS[k % SYMBOLS.length],
              }),
            ),
            Plot.image(faces, {
              x: "x",
              y: "y",
              src: "src",
              title: "title",
              r: FACE / 2,
              preserveAspectRatio: "xMidYMid slice",
            }),
            ringsOf(faces.filter(({ series }) => series !== undefined)),
          ],
        },
      },
    ],
  });
}

/** The colour of a person around the faces that are shown as pictures. */
const ringsOf = (faces: readonly { x: number; y: number; series: number | undefined }[]) =>
  Plot.dot(faces, {
    x: "x",
    y: "y",
    r: FACE / 2,
    symbol: "circle",
    stroke: ({ series }: { series: number }) => seriesStyle(series).colour,
    strokeWidth: 2,
    fill: "none",
  });

/** Those with most faces, as many as there are colours; nobody who has one alone. */
function colouredPeople(identities: readonly string[]): string[] {
  const people = [...rowsByPerson(identities)].filter(([, rows]) => rows.length > 1);
  return people
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, PALETTE.length)
    .map(([person]) => person);
}
