/** Who is on photos of nobody knows whom: every face found, and those of one person together. */
import { type ClusterOptions, clusterFaces } from "../../matching/cluster/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import { facesToGroup } from "../answers/index.ts";
import type { Photos } from "./eachPhoto.ts";
import {
  type FaceOnPhoto,
  type FacesOnOptions,
  facesOn,
  type GroupedFace,
  type PhotoFaces,
} from "./facesOn.ts";
import type { Parts } from "./parts.ts";

export interface ClusterPhotosOptions extends FacesOnOptions {
  /**
   * Faces are of one person above this log likelihood ratio, in nats (default: CLUSTER_DEFAULTS.threshold). The higher, the purer and
   * the smaller are groups.
   */
  readonly threshold?: number;
}

export interface PhotoGroups extends Omit<PhotoFaces, "faces"> {
  /** A group for each person, the largest first; somebody seen once is a group of one. Faces in the order of their photos. */
  readonly groups: readonly (readonly GroupedFace[])[];
}

export async function clusterPhotos(
  parts: Parts,
  given: Photos,
  options: ClusterPhotosOptions = {},
): Promise<PhotoGroups> {
  const { threshold, stage, signal } = options;
  const { faces, photos, unfit, passedOver } = await facesOn(parts, given, options);
  const rows = await rowsOfPeople(
    parts.system,
    faces.map(({ features }) => features),
    {
      apart: faces.map(({ onPhoto }) => onPhoto),
      threshold,
      onProgress: stage?.("grouping"),
      signal,
    },
  );
  const grouped = ({ features, onPhoto, ...face }: FaceOnPhoto): GroupedFace => face;
  return { groups: rows.map((group) => group.map((row) => grouped(faces[row]))), photos, unfit, passedOver };
}

/** Groups of the rows of `features`. */
async function rowsOfPeople(
  system: FaceSystem,
  features: readonly Float32Array[],
  options: ClusterOptions,
): Promise<number[][]> {
  if (features.length === 0) return [];
  const names = features.map((_, row) => String(row));
  const values = new Float32Array(features.length * system.dimension);
  for (const [row, one] of features.entries()) values.set(one, row * system.dimension);
  const set = createFeatureSet(values, system.dimension, { names, identities: names });
  return clusterFaces(facesToGroup(system.matcher, set), options);
}
