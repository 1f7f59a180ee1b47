/** A map of faces as a page. */
import { count, formatPercent } from "../../base/text/index.ts";
import type { FaceMap } from "../../matching/map/index.ts";
import { htmlReport } from "./html.ts";
import { type MapFigureOptions, mapFigure } from "./mapFigure.ts";
import type { Table } from "./table.ts";

export interface MapOnPage extends MapFigureOptions {
  /** What the faces are of: a file, a folder, a gallery. */
  readonly source: string;
}

const WAYS = {
  pca: "The plane in which the features of these faces vary most (principal components). What is near here need not be near in all of their directions.",
  umap: "Faces with the same neighbours lie together (UMAP). Distances between far groups say little, and directions nothing.",
} as const;

/** The page's source; nothing but what stands in it is loaded. */
export function mapPage(map: FaceMap, { source, pictures }: MapOnPage): string {
  const { by, names, trust, variance, of } = map;
  const near = nearestOthers(map);
  const left = of > names.length ? ` of ${count(of)} (people drawn at random, whole)` : "";
  return htmlReport({
    title: "A map of faces",
    summary: [`${count(names.length)} faces${left}, from ${source}. ${WAYS[by]}`],
    facts: [
      { label: "faces", value: count(names.length) },
      { label: "people, as they are named", value: count(new Set(map.identities).size) },
      {
        label: `trustworthiness of ${trust.neighbours} neighbours (1: all are right, 0.5: by chance)`,
        value: trust.value.toFixed(2),
      },
      ...(variance === undefined
        ? []
        : [{ label: "of all variance", value: formatPercent(variance, { digits: 0 }) }]),
      ...(near === undefined
        ? []
        : [
            {
              label: "faces whose nearest is of the same person",
              value: formatPercent(near.right, { digits: 1 }),
            },
          ]),
    ],
    sections: [
      {
        heading: "The map",
        prose: "A face's name appears under the pointer.",
        figures: [mapFigure(map, { pictures })],
      },
      ...(near && near.rows.length > 0
        ? [
            {
              heading: "Nearest to somebody else",
              prose:
                "Faces whose nearest, by their features, is called differently: twins of the net, or wrong names.",
              tables: [tableOf(near.rows)],
            },
          ]
        : []),
    ],
  });
}

/** Rows of the table. */
const MOST = 50;

/** Faces whose nearest has another identity, of the people who have several faces; undefined where nobody has. */
export function nearestOthers({
  names,
  identities,
  neighbours,
}: Pick<FaceMap, "names" | "identities" | "neighbours">) {
  const faces = new Map<string, number>();
  for (const identity of identities) faces.set(identity, (faces.get(identity) ?? 0) + 1);
  const asked = [...names.keys()].filter((row) => faces.get(identities[row])! > 1);
  if (asked.length === 0) return undefined;
  const wrong = asked.filter((row) => identities[neighbours[row][0]] !== identities[row]);
  return {
    right: 1 - wrong.length / asked.length,
    rows: wrong.map((row) => ({ face: nameOf(row), nearest: nameOf(neighbours[row][0]) })),
  };

  function nameOf(row: number): string {
    return identities[row] === names[row] ? names[row] : `${identities[row]}: ${names[row]}`;
  }
}

const tableOf = (rows: readonly { readonly face: string; readonly nearest: string }[]): Table => ({
  caption: rows.length > MOST ? `The first ${MOST} of ${count(rows.length)}` : "All of them",
  columns: [{ name: "face" }, { name: "nearest" }],
  rows: rows.slice(0, MOST).map(({ face, nearest }) => [face, nearest]),
});
