/** Aligned faces as pictures, for files and pages. */
import { type FaceReader, TEMPLATE } from "../face/index.ts";
import { encodePng, pngUri } from "../pictureFiles/index.ts";

/** The aligned face of `row` as a PNG file. */
export const facePng = async (faces: FaceReader, row: number): Promise<Uint8Array> =>
  encodePng({ ...TEMPLATE, pixels: await faces.readRange(row, 1) });

/** The same as a data URI. */
export const faceUri = async (faces: FaceReader, row: number): Promise<string> =>
  pngUri({ ...TEMPLATE, pixels: await faces.readRange(row, 1) });
