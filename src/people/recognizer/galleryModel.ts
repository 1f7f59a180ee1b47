/** What a gallery keeps of a system's features. */
import type { FaceSystem } from "../../nets/net/index.ts";
import { fingerprintOf, neuronsOf } from "../answers/index.ts";
import type { GalleryModel } from "../gallery/index.ts";

/**
 * What a gallery must know of `system`. The code is of the first net, which sees the whole face, and of the face as it
 * is, without its mirror image: 64 bytes for 512 neurons. Paper: Section 5.
 */
export function galleryModelOf(system: FaceSystem): GalleryModel {
  return {
    hash: fingerprintOf(system),
    dimension: system.dimension,
    matcher: system.matcher.matcher,
    calibration: system.matcher.calibration,
    codeColumns: [[0, neuronsOf(system)]],
  };
}
