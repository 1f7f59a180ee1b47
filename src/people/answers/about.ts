/** What answers: the model, as recognizers of Node and of pages name it alike. */
import type { FaceSystem } from "../../nets/net/index.ts";
import { fingerprintOf, neuronsOf } from "./numbers.ts";

export interface ModelAbout {
  readonly model: string;
  readonly licence: string;
  /** Region names of its nets. */
  readonly nets: readonly string[];
  readonly dimension: number;
  readonly codeBits: number;
  readonly calibrated: boolean;
  /** Names the model's files: features of equal fingerprints compare. */
  readonly fingerprint: string;
}

export const aboutModel = (system: FaceSystem): ModelAbout => ({
  model: system.name,
  licence: system.licence,
  nets: system.parts.map(({ card }) => card.region.name),
  dimension: system.dimension,
  codeBits: neuronsOf(system),
  calibrated: system.matcher.calibration !== undefined,
  fingerprint: fingerprintOf(system),
});
