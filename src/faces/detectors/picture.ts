/** What was found, as a picture: the photo with boxes and points, and the aligned faces beside it. */
import { createImage, type Image, resizeRegion } from "../image/index.ts";
import type { LocatedFace } from "../locate/index.ts";
import { encodeDrawn } from "../pictureFiles/index.ts";

export interface ShownFace extends Pick<LocatedFace, "landmarks"> {
  readonly box: LocatedFace["box"] | null;
  /** The aligned face. */
  readonly crop: Image;
  /** Why it is refused, or null: then it is drawn in green. */
  readonly unfit: string | null;
}

const MAX_SIDE = 1000;
const GAP = 8;
const COLOUR = { fit: "#17a34a", unfit: "#dc2626" };
/** One for each of the five points, so that left and right are told apart. */
const POINTS = ["#38bdf8", "#facc15", "#f472b6", "#38bdf8", "#facc15"];

/** A PNG file: `photo`, shrunk to at most 1000 pixels, with `faces` drawn on it and their crops on the right. */
export async function foundPicture(photo: Image, faces: readonly ShownFace[]): Promise<Uint8Array> {
  const scale = Math.min(1, MAX_SIDE / Math.max(photo.width, photo.height));
  const size = { width: Math.ceil(photo.width * scale), height: Math.ceil(photo.height * scale) };
  const shrunk = resizeRegion(photo, { x: 0, y: 0, width: photo.width, height: photo.height }, size);
  const cell = faces[0]
    ? { width: faces[0].crop.width + GAP, height: faces[0].crop.height + GAP }
    : undefined;
  const perColumn = cell ? Math.max(1, Math.floor(size.height / cell.height)) : 1;
  const columns = cell ? Math.ceil(faces.length / perColumn) : 0;
  const width = size.width + columns * (cell?.width ?? 0);
  const height = Math.max(size.height, cell?.height ?? 0);
  const canvas = createImage(width, height, new Uint8Array(width * height * 3).fill(255));
  paste(canvas, shrunk, 0, 0);
  const drawing: string[] = [];
  for (const [i, face] of faces.entries()) {
    const left = size.width + GAP + Math.floor(i / perColumn) * cell!.width;
    const top = (i % perColumn) * cell!.height;
    paste(canvas, face.crop, left, top);
    drawing.push(mark(face, i, scale), label(String(i), left, top + 16, face.unfit));
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawing.join("")}</svg>`;
  return encodeDrawn(canvas, svg);
}

function paste(canvas: Image, image: Image, left: number, top: number): void {
  for (let y = 0; y < Math.min(image.height, canvas.height - top); y++) {
    const row = image.pixels.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    canvas.pixels.set(row, ((top + y) * canvas.width + left) * 3);
  }
}

function mark({ box, landmarks, unfit }: ShownFace, index: number, scale: number): string {
  const parts = landmarks.map(
    ({ x, y }, i) =>
      `<circle cx="${x * scale}" cy="${y * scale}" r="3" fill="${POINTS[i]}" stroke="#000" stroke-width="0.7"/>`,
  );
  if (!box) return parts.join("");
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map((value) => value * scale);
  const colour = unfit === null ? COLOUR.fit : COLOUR.unfit;
  parts.push(
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    label(String(index), x + 2, y + 15, unfit),
  );
  return parts.join("");
}

const label = (text: string, x: number, y: number, unfit: string | null) =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="15" font-weight="bold" ` +
  `fill="${unfit === null ? COLOUR.fit : COLOUR.unfit}" stroke="#fff" stroke-width="3" paint-order="stroke">${text}</text>`;
