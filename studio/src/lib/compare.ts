/** Two faces compared: by the service, or in this page alone. */
import { type Answer, api } from "./api.ts";
import { blobOf, type Chosen, FACE, packed, rgbOf } from "./pictures.ts";

/** What each place of a face adds to the score; see `explain` of the service. */
export type Worth = Answer<"explain">;

export interface Compared {
  /** Of the first and the second face. */
  readonly patterns: readonly (readonly number[])[];
  readonly verdict: Answer<"compare">["verdict"];
  /** Where the comparison looks in the first (0) or the second face. */
  worthOf(face: number, signal: AbortSignal): Promise<Worth>;
}

/** `here`: nothing may leave this page. */
export async function compare(pair: readonly Chosen[], here: boolean, signal: AbortSignal): Promise<Compared> {
  if (here) return (await import("../browser/recognise.ts")).compareHere(pair, signal);
  const [a, b] = pair.map(({ data }) => data);
  const { faces, verdict } = await api.compare({ a, b, aligned: true }, { signal });
  return {
    patterns: faces.map(({ pattern }) => pattern),
    verdict,
    worthOf: async (face, stop) => {
      const pixels = packed(await pixelsOf(pair[face]));
      const { features } = faces[1 - face];
      return api.explain({ pixels, features, score: verdict.score }, { signal: stop });
    },
  };
}

/** The pixels of an aligned face: red, green and blue, row by row. */
export async function pixelsOf({ data }: Chosen): Promise<Uint8Array> {
  const context = new OffscreenCanvas(FACE.width, FACE.height).getContext("2d")!;
  const bitmap = await createImageBitmap(blobOf(data));
  context.drawImage(bitmap, 0, 0, FACE.width, FACE.height);
  bitmap.close();
  return rgbOf(context.getImageData(0, 0, FACE.width, FACE.height));
}
