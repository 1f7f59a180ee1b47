import type { TeacherTargets } from "./teacherTargets.ts";

/** Crops in memory, with a margin on each side for shifts. */
export interface TrainingFaces {
  readonly crops: Uint8Array; // [n, height + 2 margin, width + 2 margin, channels]
  /** Crops of the mirrored faces, where they are not just the mirrored crops: of regions off the middle. */
  readonly mirrored?: Uint8Array;
  readonly margin: number;
  readonly identities: Int32Array; // [n], 0 to people - 1
  readonly people: number;
  /** What the teacher says of them, where there is one. */
  readonly taught?: TeacherTargets;
}
