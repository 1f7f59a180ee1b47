/** Comparing in the browser alone; see below. */
import type { Answer } from "../lib/api.ts";
import type { Chosen } from "../lib/pictures.ts";
export async function compareHere(_a: Chosen, _b: Chosen): Promise<Answer<"compare">> {
  throw new Error("not yet");
}
