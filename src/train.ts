/** deepid2plus/train: from a folder of people to a model in one call, and the parts that call is made of. */
import type { TrainedModel, TrainOptions } from "./lab/experiments/index.ts";

export type { TrainedModel, TrainOptions } from "./lab/experiments/index.ts";
export * from "./nets/train/index.ts";

/**
 * Trains a net on the people of a folder, and makes a model of it. InputError for too few people, a wrong config, or a run on other
 * faces; rejects with the reason of `signal` when that stops it, and continues when called again.
 *
 * @example
 * const { compared } = await train({ faces: "people/", out: "models/mine", from: "whole-face" });
 * console.log(compared.better === "own" ? "use it" : "the released model is as good on these people");
 */
export async function train(options: TrainOptions): Promise<TrainedModel> {
  // What draws a run's curves is loaded when something is trained, and not before.
  return (await import("./lab/experiments/index.ts")).train(options);
}
