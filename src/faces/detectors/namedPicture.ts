/** Who is who, as a picture: the photo with a box around each face and a name on it. */
import { type Image, resizeRegion } from "../image/index.ts";
import type { LocatedFace } from "../locate/index.ts";
import { encodeDrawn } from "../pictureFiles/index.ts";

export interface NamedFace {
  /** Null: the photo is the face. */
  readonly box: LocatedFace["box"] | null;
  readonly name: string;
  /** How the box is coloured. */
  readonly sure: keyof typeof COLOURS;
}

const COLOURS = { yes: "#15803d", probably: "#b45309", no: "#475569" } as const;
const MAX_SIDE = 2000;

/** A picture file: `photo`, shrunk to at most 2000 pixels, with `faces` drawn on it. */
export async function namedPicture(
  photo: Image,
  faces: readonly NamedFace[],
  format: "png" | "jpeg",
): Promise<Uint8Array> {
  const scale = Math.min(1, MAX_SIDE / Math.max(photo.width, photo.height));
  const size = { width: Math.ceil(photo.width * scale), height: Math.ceil(photo.height * scale) };
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  const canvas = scale < 1 ? resizeRegion(photo, whole, size) : photo;
  const font = Math.max(13, Math.round(Math.max(size.width, size.height) / 60));
  const drawn = faces.map((face) => mark({ ...face, box: face.box ?? whole }, { scale, font, ...size }));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${drawn.join("")}</svg>`;
  return encodeDrawn(canvas, svg, format);
}

interface Canvas {
  readonly scale: number;
  readonly font: number;
  readonly width: number;
  readonly height: number;
}

/** A box, and the name on a plate of its colour: below the box, or inside where the picture ends. */
function mark(
  { box, name, sure }: NamedFace & { readonly box: LocatedFace["box"] },
  { scale, font, width: right, height: bottom }: Canvas,
): string {
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map((value) => value * scale);
  const colour = COLOURS[sure];
  const plate = { width: 0.62 * font * [...name].length + font, height: 1.5 * font };
  const left = Math.max(0, Math.min(x, right - plate.width));
  const top = Math.max(0, Math.min(y + height, bottom - plate.height));
  return (
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${colour}" stroke-width="${font / 6}"/>` +
    `<rect x="${left}" y="${top}" width="${plate.width}" height="${plate.height}" fill="${colour}"/>` +
    `<text x="${left + font / 2}" y="${top + 1.08 * font}" font-family="sans-serif" font-size="${font}" fill="#fff">${escaped(name)}</text>`
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold them
const CONTROL = /[\0-\x1f\x7f-\x9f]/g;

const escaped = (text: string): string =>
  text.replace(CONTROL, " ").replace(/[&<>"]/g, (character) => ENTITIES[character as keyof typeof ENTITIES]);

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" } as const;
