/** Many aligned faces into a gallery, some at a time; faces whose picture is there already are left as they are. */
import { InputError } from "../../base/errors/index.ts";
import type { Image } from "../../faces/image/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import { featuresOf } from "../answers/index.ts";
import type { Gallery, StoredGallery } from "../gallery/index.ts";

/** The field that names a face's picture. */
export const PICTURE_FIELD = "picture";
/** Faces registered at a time: what is lost at most when the program is killed. */
const BATCH = 32;

/** An aligned face [104, 88], whose it is, and the name of its picture. */
export interface FaceToRegister {
  readonly person: string;
  readonly picture: string;
  readonly image: Image;
}

export interface Registering {
  add(face: FaceToRegister): Promise<void>;
  /** Registers the rest; how many faces were added in all. */
  finish(): Promise<number>;
}

export function registering(
  system: FaceSystem,
  gallery: StoredGallery,
  { thumbnail = false, signal }: { readonly thumbnail?: boolean; readonly signal?: AbortSignal },
): Registering {
  let added = 0;
  let batch: FaceToRegister[] = [];
  const flush = async () => {
    const faces = batch;
    batch = [];
    if (faces.length === 0) return;
    const set = await featuresOf(
      system,
      faces.map(({ image }) => image),
      signal,
    );
    const kept = faces.map(async ({ person, picture, image }, row) => ({
      person,
      features: rowOf(set, row),
      fields: { [PICTURE_FIELD]: picture },
      ...(thumbnail && { thumbnail: await encodePng(image) }),
    }));
    added += await gallery.registerMissing(await Promise.all(kept), PICTURE_FIELD);
  };
  return {
    async add(face) {
      batch.push(face);
      if (batch.length >= BATCH) await flush();
    },
    async finish() {
      await flush();
      return added;
    },
  };
}

export function storedGallery(gallery: Gallery): StoredGallery {
  if ("registerMissing" in gallery) return gallery as StoredGallery;
  throw new InputError("registering a folder or groups needs a gallery in this process (see openGallery)");
}
