/** What a gallery keeps of a system's features. */
import type { FaceSystem } from "../../nets/net/index.ts";
import { fingerprintOf, neuronsOf } from "../answers/index.ts";
import type { GalleryModel } from "../gallery/index.ts";

/**
 * What a gallery must know of `system`. Codes are the matcher's, 64 bytes a face however many nets there are; in galleries of
 * earlier releases they are of the first net, which sees the whole face, and of the face as it is, without its mirror image:
 * 64 bytes for 512 neurons (paper: Section 5).
 */
export function galleryModelOf(system: FaceSystem): GalleryModel {
  return {
    hash: fingerprintOf(system),
    dimension: system.dimension,
    matcher: system.matcher.matcher,
    calibration: system.matcher.calibration,
    codes: "matcher",
    codeColumns: [[0, neuronsOf(system)]],
  };
}
