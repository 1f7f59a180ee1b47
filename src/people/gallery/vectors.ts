/** What a kept vector must be, however it comes in or goes out. */
import { SEAL_BYTES, type Sealer } from "./seal.ts";
import type { StoredFace, StoreSettings } from "./store.ts";

type Kept = Pick<StoredFace, "code" | "vector" | "damaged">;

/**
 * Why the vector of `face` cannot be compared, undefined where it can: it is not there or there without need, has
 * another length, was altered (as far as `sealer` can tell), or holds numbers that are not finite.
 */
export function vectorProblem(
  { code, vector, damaged }: Kept,
  { dimension, keyCheck }: StoreSettings,
  sealer?: Sealer,
): string | undefined {
  if (damaged !== undefined) return damaged;
  if (dimension === 0) return vector ? "it has a vector, and the gallery keeps codes only" : undefined;
  if (!vector) return "its vector is missing";
  const needed = 4 * dimension + (keyCheck === "" ? 0 : SEAL_BYTES);
  if (vector.length !== needed) return `its vector must have ${needed} bytes, got ${vector.length}`;
  if (keyCheck !== "" && !sealer) return undefined;
  let open = vector;
  try {
    if (sealer && keyCheck !== "") open = sealer.open(vector, "vector", code);
  } catch {
    return "its sealed vector was altered, or belongs to another face";
  }
  const view = new DataView(open.buffer, open.byteOffset, open.length);
  for (let at = 0; at < open.length; at += 4) {
    if (!Number.isFinite(view.getFloat32(at, true))) return "its vector holds numbers that are not finite";
  }
  return undefined;
}
