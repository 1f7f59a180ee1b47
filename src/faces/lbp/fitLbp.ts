/** Principal components of high-dimensional LBP, fitted to pictures. Paper: the baseline of Sections 6 and 7. */
import { type StagedProgress, stageOf } from "../../base/progress/index.ts";
import { createRng } from "../../base/random/index.ts";
import { fitPca, type Multiply, type Pca } from "../../math/linalg/index.ts";
import type { FaceReader } from "../face/index.ts";
import { countLbp } from "./counts.ts";

export interface FitLbpOptions {
  /** How many. */
  readonly components: number;
  /** Of the randomised method. */
  readonly seed: number;
  readonly multiply: Multiply;
}

/** Describes `faces` by LBP (99 kB a face in memory) and fits principal components to that (1.2 MB a component). */
export async function fitLbp(
  faces: FaceReader,
  { components, seed, multiply }: FitLbpOptions,
  progress: StagedProgress = {},
): Promise<Pca> {
  const counts = await countLbp(faces, stageOf(progress, "describing"));
  const rng = createRng(seed).fork("lbp components");
  return fitPca(counts, { components, rng, multiply, ...stageOf(progress, "fitting") });
}
