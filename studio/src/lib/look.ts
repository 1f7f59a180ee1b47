/** A photo looked at: its faces, who they are, and a small picture of it to show them on. */
import { type Answer, api } from "./api.ts";
import { checkSize } from "./photos.svelte.ts";
import { base64Of, blobOf, type Chosen, isFrame } from "./pictures.ts";

export type SeenFace = Answer<"photo">["faces"][number];

export interface Seen extends Answer<"photo"> {
  readonly name: string;
  /** The photo as it is. */
  readonly file: Blob;
  /** A small picture of it; empty where this browser cannot show it. */
  readonly url: string;
}

/** Sides of the small picture, at most. */
const SHOWN = 720;

/** Looks at a photo; throws what the service says where it is none. Let go of it by `forget`. */
export async function look(file: File, signal?: AbortSignal): Promise<Seen> {
  checkSize(file);
  const aligned = await isFrame(file);
  const answer = await api.photo({ image: await base64Of(file), aligned }, { signal });
  return { ...answer, name: file.name, file, url: await smallPicture(file) };
}

/** The same of an aligned face. */
export const lookAt = ({ name, data }: Chosen, signal?: AbortSignal): Promise<Seen> =>
  look(new File([blobOf(data)], name, { type: "image/png" }), signal);

export const forget = ({ url }: Pick<Seen, "url">): void => URL.revokeObjectURL(url);

async function smallPicture(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return "";
  const scale = Math.min(1, SHOWN / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return URL.createObjectURL(await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 }));
}

/** Who it is, in words: "Ann", "Probably Ann", "Unknown", or why it cannot be told. */
export function nameOf({ unfit, answer }: SeenFace): string {
  if (!answer) return unfit ? unfit.replace("face-", "").replaceAll("-", " ") : "cannot be told";
  if (!answer.person) return "Unknown";
  return answer.verdict === "same" ? answer.person.name : `Probably ${answer.person.name}`;
}
