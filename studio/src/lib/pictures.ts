/** Pictures as the page holds them: always one aligned face. */
import { TEMPLATE } from "../../../src/faces/face/index.ts";

/** Sides of an aligned face. */
export const FACE = { width: TEMPLATE.width, height: TEMPLATE.height } as const;

/** An aligned face that is shown and compared. */
export interface Chosen {
  readonly name: string;
  /** Share of the face beyond its photo's border, 0 to 1. */
  readonly cutOff: number;
  /** Base64 of the file. */
  readonly data: string;
  /** Where the page can show it from. */
  readonly url: string;
}

export const chosen = (name: string, data: string, cutOff = 0): Chosen => ({
  name,
  data,
  cutOff,
  url: dataUrl(data),
});

export const chosenFrom = async (blob: Blob, name: string): Promise<Chosen> =>
  chosen(name, await base64Of(blob));

/** Whether a picture has the sides of an aligned face; one that the browser cannot read is left to the service. */
export async function isFrame(blob: Blob): Promise<boolean> {
  const bitmap = await createImageBitmap(blob).catch(() => undefined);
  return bitmap?.width === FACE.width && bitmap.height === FACE.height;
}

export function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ""));
    reader.onerror = () => reject(new Error("The file could not be read."));
    reader.readAsDataURL(blob);
  });
}

/** The file that base64 stands for. */
export function blobOf(base64: string, type = "image/png"): Blob {
  return new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type });
}

export const dataUrl = (png: string): string => `data:image/png;base64,${png}`;

/** Bytes as the service takes them in JSON. */
export function packed(bytes: Uint8Array): string {
  let text = "";
  for (let from = 0; from < bytes.length; from += 8_192) {
    text += String.fromCharCode(...bytes.subarray(from, from + 8_192)); // a call takes only so many arguments
  }
  return btoa(text);
}

export function rgbOf({ data }: ImageData): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from];
    rgb[to + 1] = data[from + 1];
    rgb[to + 2] = data[from + 2];
  }
  return rgb;
}

/** The pixels of an aligned face: red, green and blue, row by row. */
export async function pixelsOf({ data }: Chosen): Promise<Uint8Array> {
  const context = new OffscreenCanvas(FACE.width, FACE.height).getContext("2d")!;
  const bitmap = await createImageBitmap(blobOf(data));
  context.drawImage(bitmap, 0, 0, FACE.width, FACE.height);
  bitmap.close();
  return rgbOf(context.getImageData(0, 0, FACE.width, FACE.height));
}
