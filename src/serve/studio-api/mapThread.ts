/** Draws one map of faces in a thread, so that nobody else waits meanwhile; told by messages. */
import { parentPort, workerData } from "node:worker_threads";
import type { FeatureSet } from "../../matching/features/index.ts";
import { type FaceMap, type MapWay, mapFaces } from "../../matching/map/index.ts";

export interface MapOrder {
  readonly set: FeatureSet;
  readonly by: MapWay;
}
export type MapReport = { readonly map: FaceMap } | { readonly refused: string };

const { set, by } = workerData as MapOrder;
const report = (what: MapReport) => parentPort!.postMessage(what);
mapFaces(set, { by, most: set.rows }).then(
  (map) => report({ map }),
  (error: Error) => report({ refused: error.message }),
);
