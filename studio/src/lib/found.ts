/** What the service, or the page alone, finds in pictures. */
import type { Answer } from "./api.ts";

/** What each place of a face adds to the score; see `explain` of the service. */
export type Worth = Answer<"explain">;

/** How it is found out: by covering places, or by the net's gradients. */
export type Way = "covering" | "gradients";

export interface Compared {
  /** Of the first and the second face. */
  readonly patterns: readonly (readonly number[])[];
  readonly verdict: Answer<"compare">["verdict"];
  /** Where the comparison looks in the first (0) or the second face. */
  worthOf(face: number, signal: AbortSignal, way?: Way): Promise<Worth>;
}

type Found = Pick<Answer<"locate">["faces"][number], "unfit" | "crop" | "box" | "cutOff">;

/** The faces of a photo. */
export interface FoundFaces {
  readonly picture: Answer<"locate">["picture"];
  readonly faces: readonly Found[];
}
