/** Maps of the gallery's faces, and of the synthetic ones. */
import { startThread } from "../../base/threads/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import { type FaceMap, MAP_DEFAULTS, type MapWay } from "../../matching/map/index.ts";
import { type Engine, type HandlersOf, Problem } from "../service/index.ts";
import { MOST_ON_MAP } from "./mapOperations.ts";
import type { MapOrder, MapReport } from "./mapThread.ts";
import { oneAtATime } from "./oneAtATime.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";

/** Fewer make no map. */
const LEAST = 4;
const MOST_WAITING = 3;

/** `patternsOf` gives the patterns of the synthetic people, or says when to come again. */
export function mapHandler(
  { gallery }: Pick<Engine, "gallery">,
  patterns: () => FeatureSet,
): HandlersOf<typeof STUDIO_OPERATIONS>["map"] {
  const inTurn = oneAtATime(MOST_WAITING, "Maps");
  const ofPatterns = new Map<MapWay, Promise<FaceMap>>();
  const nothing = { faces: [], trust: null, variance: null };
  async function ofGallery(by: MapWay, signal: AbortSignal) {
    const { faces, of } = await gallery.sample({ most: MOST_ON_MAP });
    if (faces.length < LEAST) return { ...nothing, of };
    const set = createFeatureSet(
      Float32Array.from(faces.flatMap(({ values }) => [...values])),
      faces[0].values.length,
      {
        names: faces.map(({ id }) => String(id)),
        identities: faces.map(({ person }) => person.name),
      },
    );
    const map = await inTurn(() => drawn({ set, by }, signal));
    const shown = await Promise.all(faces.map(async ({ id }) => (await gallery.thumbnail(id)) !== undefined));
    return answerOf({ ...map, of }, (row) => ({ id: faces[row].id, thumbnail: shown[row] }));
  }
  return async ({ of, by = MAP_DEFAULTS.by }, { signal }) => {
    if (of === "gallery") return ofGallery(by, signal);
    const set = patterns();
    const map = ofPatterns.get(by) ?? inTurn(() => drawn({ set, by }));
    ofPatterns.set(by, map);
    map.catch(() => ofPatterns.delete(by));
    return answerOf(await map, () => ({ id: null, thumbnail: true }));
  };
}

function answerOf(
  { points, names, identities, neighbours, trust, variance, of }: FaceMap,
  pictureOf: (row: number) => { readonly id: number | null; readonly thumbnail: boolean },
) {
  return {
    of,
    trust,
    variance: variance ?? null,
    faces: names.map((name, row) => ({
      x: points[2 * row],
      y: points[2 * row + 1],
      name,
      person: identities[row],
      nearest: neighbours[row],
      ...pictureOf(row),
    })),
  };
}

/** The map, by a thread of its own, which ends with it or when its client has gone. */
function drawn(order: MapOrder, signal?: AbortSignal): Promise<FaceMap> {
  const thread = startThread(import.meta.url, "mapThread", order);
  return new Promise<FaceMap>((resolve, reject) => {
    const gone = () => reject(new Problem("bad-request", "The client disconnected."));
    if (signal?.aborted) gone();
    signal?.addEventListener("abort", gone, { once: true });
    thread.once("message", (report: MapReport) => {
      if ("map" in report) resolve(report.map);
      else reject(new Problem("bad-request", report.refused));
    });
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`the map's thread ended with code ${code}`)));
  }).finally(() => thread.terminate());
}
