/** Who is among the faces that a gallery holds without knowing whose they are. */
import { InputError } from "../../base/errors/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import { clusterFaces } from "../../matching/cluster/index.ts";
import { coordinatesToGroup } from "../answers/index.ts";
import type { ClusterPhotosOptions } from "./clusterPhotos.ts";
import { assertFewToGroup, MOST_TO_GROUP } from "./mostToGroup.ts";
import type { Known } from "./parts.ts";
import { PICTURE_FIELD, storedGallery } from "./registerBatches.ts";

export interface ClusterGalleryOptions extends Pick<ClusterPhotosOptions, "threshold" | "stage" | "signal"> {
  /** Only the faces of this person, whose name stands for unknown people (default: all faces). */
  readonly person?: string;
}

/** A face of the gallery. */
export interface KeptFace {
  readonly id: number;
  /** What the person is called now. */
  readonly person: string;
  /** The picture that it came from, where that was kept. */
  readonly picture?: string;
}

export interface GalleryGroups {
  /** A group for each person, the largest first; somebody seen once is a group of one. Faces by id. */
  readonly groups: readonly (readonly KeptFace[])[];
  /** Damaged faces, which are in no group. */
  readonly passedOver: readonly PassedOver[];
}

/** InputError for a gallery that keeps codes only, for a stranger, and for more than MOST_TO_GROUP faces. */
export async function clusterGallery(
  { system, gallery: given }: Known,
  { person, threshold, stage, signal }: ClusterGalleryOptions = {},
): Promise<GalleryGroups> {
  const { store, sample } = storedGallery(given);
  const { dimension } = store.settings;
  if (dimension === 0) {
    throw new InputError(`${store.place}: to group its faces, their vectors are needed; it keeps codes only`);
  }
  const { faces: found, of, damaged } = await sample({ most: MOST_TO_GROUP, person });
  assertFewToGroup(store.place, of);
  const faces = [...found].sort((a, b) => a.id - b.id);
  const values = new Float64Array(faces.length * dimension);
  for (const [row, face] of faces.entries()) values.set(face.values, row * dimension);
  const toGroup = coordinatesToGroup(system.matcher, { rows: faces.length, columns: dimension, values });
  const pictures = faces.map(({ fields }) => fields[PICTURE_FIELD]);
  const apart = photosOf(pictures);
  const rows = await clusterFaces(toGroup, { threshold, apart, onProgress: stage?.("grouping"), signal });
  const kept = (row: number): KeptFace => {
    const picture = pictures[row];
    return {
      id: faces[row].id,
      person: faces[row].person.name,
      ...(typeof picture === "string" && { picture }),
    };
  };
  return {
    groups: rows.map((group) => group.map(kept)),
    passedOver: damaged.map(({ face, reason }) => ({ file: `face ${face}`, reason })),
  };
}

/** A number for the photo of each face: two of one photo are of different people. Faces of no known photo have one each. */
function photosOf(pictures: readonly unknown[]): number[] {
  const numbers = new Map<string, number>();
  return pictures.map((picture, row) => {
    const photo = typeof picture === "string" ? /^(.*)#\d+$/s.exec(picture)?.[1] : undefined;
    if (photo === undefined) return row;
    if (!numbers.has(photo)) numbers.set(photo, row);
    return numbers.get(photo)!;
  });
}
