/**
 * Cut-out things to lay over faces: pictures with transparency in a folder, and `occlusions.csv`, which says where the
 * landmarks of a face lie behind each (the layout of the OCFR-2022 occluders).
 *
 * Columns: file, kind, width and height (not used), then left eye, right eye, nose tip, left and right mouth corner as
 * "x,y" in pixels; empty or "0,0" where the thing does not say.
 */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError, firstFew } from "../errors/index.ts";
import type { Point } from "../face/index.ts";
import { openFileTree } from "../files/index.ts";
import { decodeTransparent } from "../image/index.ts";
import type { Occluder } from "../studies/index.ts";

const LIST = "occlusions.csv";
const LANDMARKS = 5;

/** Reads the occluders that the list names and the folder holds, whatever subfolder they lie in. */
export async function readOccluders(folder: string): Promise<Occluder[]> {
  const path = join(folder, LIST);
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new DataError(`${path}: cannot be read: ${cause.message}`, { cause });
  });
  const entries = new Map(
    text
      .split(/\r?\n/)
      .map((line, i) => ({ line, place: `${path}:${i + 1}` }))
      .filter(({ line }) => line.trim() !== "")
      .map(({ line, place }) => parseEntry(line, place)),
  );
  const tree = await openFileTree(folder);
  const occluders: Occluder[] = [];
  for await (const { path: file, bytes } of tree.read((name) => entries.has(fileName(name)))) {
    const { kind, anchors } = entries.get(fileName(file))!;
    const name = basename(file);
    occluders.push({ name, kind, anchors, ...(await decodeTransparent(bytes, `${folder}/${file}`)) });
  }
  if (occluders.length === 0) {
    throw new DataError(
      `${folder}: holds none of the pictures that ${LIST} names: ${firstFew([...entries.keys()])}`,
    );
  }
  return occluders.sort((p, q) => (p.name < q.name ? -1 : 1));
}

const fileName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

function parseEntry(line: string, place: string): [string, Pick<Occluder, "kind" | "anchors">] {
  const cells = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
  const [file, kind] = cells;
  if (!(cells.length === 4 + LANDMARKS && /\.(?:png|webp)$/i.test(file) && kind !== "")) {
    throw new DataError(
      `${place}: needs file, kind, width, height and ${LANDMARKS} points, got ${cells.length} columns`,
    );
  }
  const anchors = cells.slice(4).map((cell) => parsePoint(cell, place));
  if (anchors.filter(Boolean).length < 2) throw new DataError(`${place}: needs two points or more`);
  return [file, { kind: kind.replaceAll("!", ""), anchors }];
}

function parsePoint(cell: string, place: string): Point | undefined {
  if (cell.trim() === "") return undefined;
  const [x, y, ...more] = cell.split(",").map(Number);
  if (!(more.length === 0 && Number.isFinite(x) && Number.isFinite(y))) {
    throw new DataError(`${place}: a point must be "x,y", got ${JSON.stringify(cell)}`);
  }
  return x === 0 && y === 0 ? undefined : { x, y };
}
