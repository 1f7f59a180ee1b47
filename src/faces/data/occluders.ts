/**
 * Cut-out things to lay over faces: pictures with transparency in a folder, and `occlusions.csv`, which says where the
 * landmarks of a face lie behind each (the layout of the OCFR-2022 occluders).
 *
 * Columns: file, kind, width and height (not used), then left eye, right eye, nose tip, left and right mouth corner as
 * "x,y" in pixels; empty or "0,0" where the thing does not say.
 */
import { basename, join } from "node:path";
import { CsvError, type Info, parse } from "csv-parse/sync";
import { DataError, firstFew } from "../../base/errors/index.ts";
import { openFileTree, readText } from "../../base/files/index.ts";
import type { Occluder, Point } from "../face/index.ts";
import { decodeTransparent } from "../pictureFiles/index.ts";

const LIST = "occlusions.csv";
const LANDMARKS = 5;

/** Reads the occluders that the list names and the folder holds, whatever subfolder they lie in. */
export async function readOccluders(folder: string): Promise<Occluder[]> {
  const path = join(folder, LIST);
  const text = await readText(path);
  const entries = new Map(rowsOf(text, path).map(({ cells, place }) => parseEntry(cells, place)));
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

function rowsOf(text: string, path: string): { cells: string[]; place: string }[] {
  try {
    const rows = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true });
    return (rows as unknown as { record: string[]; info: Info }[]).map(({ record, info }) => ({
      cells: record,
      place: `${path}:${info.lines}`,
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new DataError(`${path}: not comma-separated: ${cause.message}`, { cause });
  }
}

function parseEntry(cells: readonly string[], place: string): [string, Pick<Occluder, "kind" | "anchors">] {
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
