/** Faces of a file, of photos or of a gallery, as rows that a map can be drawn of. */
import { basename, dirname } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import type { PassedOver } from "../../../faces/data/index.ts";
import { createFeatureSet, type FeatureSet } from "../../../matching/features/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import type { FaceOnPhoto, Recognizer } from "../../../people/recognizer/index.ts";

export interface FacesToMap {
  readonly set: FeatureSet;
  /** What they are of, in words. */
  readonly source: string;
  /** Faces that there were before some were drawn at random. */
  readonly of?: number;
  /** Data URIs by the faces' names. */
  readonly pictures?: ReadonlyMap<string, string>;
}

/** Faces drawn as pictures; of more the page would be of megabytes. */
const MOST_PICTURES = 500;

/** The rows of a file of features. */
export const facesOfFile = async (path: string): Promise<FacesToMap> => ({
  set: (await readFeatures(path)).set,
  source: basename(path),
});

export type PhotoFacesOptions = Parameters<Recognizer["facesOn"]>[1] & {
  readonly onPassedOver: (one: PassedOver) => void;
};

/** The faces found on photos; those of one folder count as one person where there are several folders. */
export async function facesOfPhotos(
  recognizer: Recognizer,
  photos: readonly string[],
  { onPassedOver, ...how }: PhotoFacesOptions,
): Promise<FacesToMap> {
  const { faces, passedOver } = await recognizer.facesOn(photos, how);
  for (const one of passedOver) onPassedOver(one);
  if (faces.length === 0) throw new InputError(`map: no face was found on ${photos.join(", ")}`);
  const names = faces.map(nameOf);
  const folders = faces.map(({ name }) => dirname(name));
  const several = new Set(folders).size > 1;
  const identities = several ? folders.map((folder) => basename(folder)) : names;
  const crops = faces.flatMap(({ crop }, k) =>
    crop === undefined ? [] : [[names[k], `data:image/jpeg;base64,${crop}`] as const],
  );
  return {
    set: rowsOf(faces, { names, identities }),
    source: photos.map((path) => basename(path)).join(", "),
    ...(crops.length > 0 && crops.length <= MOST_PICTURES && { pictures: new Map(crops) }),
  };
}

const nameOf = ({ name, face }: FaceOnPhoto) => (face === 0 ? name : `${name}, face ${face + 1}`);

/** Faces of the recognizer's gallery at `place`, whole people drawn at random where there are more than `most`. */
export async function facesOfGallery(
  recognizer: Recognizer,
  place: string,
  choice: { readonly most: number; readonly seed: number },
): Promise<FacesToMap> {
  const { faces, of } = await recognizer.gallery!.sample(choice);
  if (faces.length === 0) throw new InputError(`${place}: a map needs at least 4 faces, got none`);
  return {
    set: rowsOf(
      faces.map(({ values }) => ({ features: values })),
      {
        names: faces.map(({ id }) => `face ${id}`),
        identities: faces.map(({ person }) => person.name),
      },
    ),
    source: `the gallery ${basename(place)}`,
    of,
  };
}

function rowsOf(
  faces: readonly { readonly features: Float32Array }[],
  named: Pick<FeatureSet, "names" | "identities">,
): FeatureSet {
  const dimension = faces[0].features.length;
  const values = new Float32Array(faces.length * dimension);
  for (const [row, { features }] of faces.entries()) values.set(features, row * dimension);
  return createFeatureSet(values, dimension, named);
}
