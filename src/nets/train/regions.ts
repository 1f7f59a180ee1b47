/** One run for each region of the face from one config. Paper: Section 4. */
import { cropSize, type Region } from "../../faces/face/index.ts";
import type { Training } from "./config.ts";

/** `training`, but for `region`: the net takes its size and colours. */
export function trainingFor(region: Region, training: Training): Training {
  return { ...training, region, net: { ...training.net, ...cropSize(region) } };
}
