/**
 * Two faces and which of their neurons fire: the paper's Figure 1, left. A square for each neuron of the last layer,
 * the darker the stronger; a ring marks neurons that fire for one of the two faces only.
 */

import type { Image } from "../../faces/image/index.ts";
import { pngUri } from "../../faces/pictureFiles/index.ts";
import { type FeatureSet, rowOf } from "../../matching/features/index.ts";

const CELL = 9;
const COLUMNS = 32;
const FACE = { width: 132, height: 156 };
const GAP = 24;

/** An SVG file with the faces [104, 88] and their first `neurons` activations, rows 0 and 1 of `set`. */
export async function activationFigure(
  faces: readonly [Image, Image],
  set: FeatureSet,
  { neurons, layer }: { readonly neurons: number; readonly layer: string },
): Promise<string> {
  const rows = [0, 1].map((row) => rowOf(set, row).subarray(0, neurons));
  const strongest = rows.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 1e-9);
  const lines = Math.ceil(neurons / COLUMNS);
  const height = Math.max(FACE.height, lines * CELL);
  const width = FACE.width + GAP + COLUMNS * CELL;
  const both = rows[0].reduce((sum, value, i) => sum + Number(value > 0 && rows[1][i] > 0), 0);
  const either = rows[0].reduce((sum, value, i) => sum + Number(value > 0 || rows[1][i] > 0), 0);
  const parts: string[] = [];
  for (const [i, face] of faces.entries()) {
    const top = GAP + i * (height + GAP);
    const png = await pngUri(face);
    parts.push(
      `<image x="${GAP}" y="${top}" width="${FACE.width}" height="${FACE.height}" href="${png}"/>`,
      `<g transform="translate(${FACE.width + 2 * GAP} ${top})">${pattern(rows[i], rows[1 - i], strongest)}</g>`,
    );
  }
  const bottom = GAP + 2 * (height + GAP);
  const caption = `${layer}: ${both} neurons fire for both faces, ${either - both} for one of them, of ${neurons}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 2 * GAP}" height="${bottom + GAP}" font-family="sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...parts,
    `<text x="${GAP}" y="${bottom + 4}" fill="#333">${caption}</text>`,
    "</svg>\n",
  ].join("\n");
}

function pattern(row: Float32Array, other: Float32Array, strongest: number): string {
  const cells: string[] = [
    `<rect width="${COLUMNS * CELL}" height="${Math.ceil(row.length / COLUMNS) * CELL}" fill="#f4f4f2"/>`,
  ];
  for (const [i, value] of row.entries()) {
    if (!(value > 0)) continue;
    const [x, y] = [(i % COLUMNS) * CELL, Math.floor(i / COLUMNS) * CELL];
    const shade = (0.25 + 0.75 * (value / strongest)).toFixed(2);
    const alone = other[i] > 0 ? "" : ` stroke="#c0392b"`;
    cells.push(
      `<rect x="${x + 1}" y="${y + 1}" width="${CELL - 2}" height="${CELL - 2}" fill="#1f3b57" fill-opacity="${shade}"${alone}/>`,
    );
  }
  return cells.join("");
}
