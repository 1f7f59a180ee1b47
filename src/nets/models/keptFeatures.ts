/** Features of a system's nets, kept in a folder from one command to the next. */
import { cachedFeatures, type KeyedFaces } from "../../matching/files/index.ts";
import type { PartCache } from "../net/index.ts";
import { featureSource } from "../net/index.ts";

/** Keeps the features of each part in `folder`, or finds them there. */
export const keepIn =
  (folder: string, faces: KeyedFaces): PartCache =>
  ({ card }, compute) =>
    cachedFeatures(folder, featureSource(card.files["net.onnx"], card.region, card.feature), faces, compute);
