/** Another run as a place to start from. */
import type { Start } from "../net/index.ts";
import { loadCheckpoint } from "./checkpoint.ts";

/** The net and classifiers of the run in `folder` as they stand; `name` is what model cards will say. */
export async function openStart(folder: string, name: string): Promise<Start> {
  const { training, state, step, startedFrom, facesKey } = await loadCheckpoint(folder);
  const before = startedFrom === undefined ? "" : `, itself from ${startedFrom}`;
  return { name: `${name} (${step} steps${before})`, config: training.net, weights: state.weights, facesKey };
}
