/** What was found on photos, to be taken along: a table, and pictures with boxes and names. */
import { zip } from "fflate";
import type { PhotoSet } from "./photoSet.svelte.ts";

const COLUMNS = ["photo", "face", "x", "y", "width", "height", "name", "verdict", "probability"] as const;

/** A field of a CSV file: quoted where it must be, and never a formula to a spreadsheet. */
function field(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Every face a line; boxes in pixels of the upright photo. */
export function csvOf(set: PhotoSet): string {
  const rows = set.faces.map(({ key, photo, index, face }) => {
    const { x, y, width, height } = face.box;
    const [best] = face.answer?.candidates ?? [];
    const probability = face.answer?.person && best ? (best.probabilityAtEvenOdds?.toFixed(4) ?? "") : "";
    return [
      photo.file.name,
      index + 1,
      ...[x, y, width, height].map(Math.round),
      set.labelOf(key, face),
      face.answer?.verdict ?? "",
      probability,
    ];
  });
  return [COLUMNS, ...rows]
    .map((row) => row.map(field).join(","))
    .join("\r\n")
    .concat("\r\n");
}

export interface Boxed {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly label: string;
}

/** A photo at its full size with boxes and names drawn in, as a JPEG file; undefined where this browser cannot read it. */
export async function annotated(photo: Blob, faces: readonly Boxed[]): Promise<Blob | undefined> {
  const bitmap = await createImageBitmap(photo).catch(() => undefined);
  if (!bitmap) return undefined;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const unit = Math.max(2, Math.round(Math.max(canvas.width, canvas.height) / 400));
  context.font = `${8 * unit}px system-ui, sans-serif`;
  context.textBaseline = "top";
  for (const { box, label } of faces) {
    context.lineWidth = unit;
    context.strokeStyle = "#ffffff";
    context.strokeRect(box.x, box.y, box.width, box.height);
    context.fillStyle = "rgb(13 17 23 / 0.85)";
    const top = Math.min(box.y + box.height + unit, canvas.height - 10 * unit);
    context.fillRect(box.x, top, context.measureText(label).width + 4 * unit, 10 * unit);
    context.fillStyle = "#ffffff";
    context.fillText(label, box.x + 2 * unit, top + unit);
  }
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}

/** All photos of the set with boxes and names, in one ZIP file. */
export async function annotatedAll(set: PhotoSet, onDone: (count: number) => void): Promise<Blob> {
  const files: Record<string, Uint8Array> = {};
  for (const [k, { id, file, seen }] of set.photos.entries()) {
    const faces = (seen?.faces ?? []).map((face, index) => ({
      box: face.box,
      label: set.labelOf(`${id}.${index}`, face),
    }));
    const picture = seen && (await annotated(file, faces));
    const name = `${String(k + 1).padStart(4, "0")}-${file.name.replace(/\.[^.]*$/, "")}.jpg`;
    if (picture) files[name] = new Uint8Array(await picture.arrayBuffer());
    onDone(k + 1);
  }
  return new Promise((resolve, reject) => {
    zip(files, { level: 0 }, (error, bytes) =>
      error ? reject(error) : resolve(new Blob([bytes as BlobPart], { type: "application/zip" })),
    );
  });
}

/** Saves a file under a name, as a click on a link would. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  [link.href, link.download] = [url, name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
