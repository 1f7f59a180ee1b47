/** A gallery on its way to another model, in features and pictures: what is stored of them is the store's business. */
import { DataError, InputError } from "../../base/errors/index.ts";
import { settingsFor } from "./gallery.ts";
import type {
  ChangedOver,
  ChangeStatus,
  LackingRange,
  ModelChange,
  NextModel,
  WithoutPicture,
} from "./modelChange.ts";
import { createProjection, type GalleryModel } from "./projection.ts";
import { sealerOf } from "./seal.ts";
import type { GalleryStore } from "./store.ts";

/** A face that lacks its code of the next model: its aligned picture, or why there is none to use. */
export type FaceToExtract = { readonly id: number } & (
  | { readonly picture: Uint8Array }
  | { readonly reason: string }
);

export interface NextGallery {
  /** Where the gallery is, fit to be shown. */
  readonly place: string;
  /** What stores call the model that it is on its way to. */
  readonly model: string;
  withoutPicture(limit: number): Promise<WithoutPicture>;
  begin(choice: Pick<NextModel, "name" | "leaveOut">): Promise<void>;
  lacking(range: LackingRange): Promise<FaceToExtract[]>;
  lastOf(from: number, faces: number): Promise<number | undefined>;
  /** Keeps the features of faces whose pictures `lacking` has given, which are sealed anew. */
  keep(faces: readonly { id: number; picture: Uint8Array; features: Float32Array }[]): Promise<void>;
  /** See ModelChange.changeOver. */
  changeOver(failed: readonly number[]): Promise<ChangedOver | undefined>;
}

/** How far the change of model of `store` is; undefined where none is under way. */
export const changeStatus = async (store: GalleryStore): Promise<ChangeStatus | undefined> =>
  changeOf(store).status();

/** Gives up the change of model of `store`: it keeps the one that it has. */
export const cancelChange = async (store: GalleryStore): Promise<void> => changeOf(store).cancel();

function changeOf(store: GalleryStore): ModelChange {
  if (store.change) return store.change;
  throw new InputError(`${store.place}: a gallery in memory does not change its model; open another`);
}

/** The gallery in `store` on its way to `model`. `key`: of an encrypted gallery, which stays encrypted with it. */
export function nextGallery(
  store: GalleryStore,
  model: GalleryModel,
  key: Uint8Array | undefined,
): NextGallery {
  const { place, settings } = store;
  const change = changeOf(store);
  const sealer = sealerOf(place, settings.keyCheck, key);
  if (!sealer)
    throw new InputError(`${place}: this gallery is encrypted; to change its model, its key is needed`);
  const codesOnly = settings.dimension === 0;
  const projection = createProjection(model, { codesOnly });
  const { model: called, codeBytes, dimension } = settingsFor(model, { codesOnly });
  return {
    place,
    model: called,
    withoutPicture: (limit) => change.withoutPicture(limit),
    begin: (choice) => change.begin({ model: called, codeBytes, dimension, ...choice }),
    lastOf: (from, faces) => change.lastOf(from, faces),
    async lacking(range) {
      const faces = await change.lacking(range);
      return faces.map(({ id, code, thumbnail, damaged }) => {
        if (damaged !== undefined) return { id, reason: damaged };
        try {
          return { id, picture: sealer.open(thumbnail, "thumbnail", code) };
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
          return { id, reason: error.message };
        }
      });
    },
    async keep(faces) {
      const projected = projection.project(faces.map(({ features }) => features));
      const sealed = faces.map(({ id, picture }, i) => {
        const { code, vector } = projected[i];
        return {
          id,
          code,
          ...(vector && { vector: sealer.seal(projection.toBytes(vector), "vector", code) }),
          ...(settings.keyCheck !== "" && { thumbnail: sealer.seal(picture, "thumbnail", code) }),
        };
      });
      await change.keep(called, sealed);
    },
    changeOver: (failed) => change.changeOver(called, failed),
  };
}
