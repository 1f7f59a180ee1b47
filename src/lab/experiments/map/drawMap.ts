/** A map of faces as a page, as a figure, as data and in words. */
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { count } from "../../../base/text/index.ts";
import type { FaceMap } from "../../../matching/map/index.ts";
import { mapFigure, mapPage, nearestOthers } from "../../report/index.ts";
import type { FacesToMap } from "./facesToMap.ts";

/** Writes the figure alone (.svg), or a page. */
export async function writeMap(
  path: string,
  map: FaceMap,
  { source, pictures }: Pick<FacesToMap, "source" | "pictures">,
): Promise<void> {
  const drawn = map.names.map((name) => pictures?.get(name));
  const text = path.endsWith(".svg")
    ? mapFigure(map, { pictures: drawn })
    : mapPage(map, { source, pictures: drawn });
  await writingTo(path, () => writeFileAtomic(path, text));
}

export const mapData = (
  { points, names, identities, neighbours, ...map }: FaceMap,
  source: string,
): object => ({
  source,
  ...map,
  faces: names.map((name, row) => ({
    name,
    person: identities[row],
    x: points[2 * row],
    y: points[2 * row + 1],
    nearest: neighbours[row].map((other) => names[other]),
  })),
});

export function mapText(map: FaceMap, source: string, out: string | undefined): string {
  const { names, identities, of, by, trust } = map;
  const near = nearestOthers(map);
  const sampled = of > names.length ? ` of ${count(of)}, by whole people at random` : "";
  return [
    `${source}: ${count(names.length)} faces${sampled}, of ${count(new Set(identities).size)} people, by ${by}`,
    `trustworthiness of ${trust.neighbours} neighbours ${trust.value.toFixed(3)} (1: all are right, about 0.5: by chance)`,
    ...(near ? [`${count(near.rows.length)} faces whose nearest is called differently`] : []),
    out === undefined ? "to look at it: --out map.html" : `the map: ${out}`,
  ].join("\n");
}
