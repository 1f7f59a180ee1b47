/**
 * Five landmarks from the 468 points of MediaPipe's face mesh.
 *
 * The template's landmarks are those of MTCNN and CelebA, which are not mesh points. These combinations lie within
 * half a template pixel of them on average, measured on 399 pictures of LFW's View 1: of the eyes the line of the
 * upper lid, of the nose a point between the mesh's tip and the one above it.
 */
import type { Landmarks, Point } from "../face/index.ts";

/** Points of the whole mesh. */
export const MESH_POINTS = 468;

// Left and right as seen in the picture; the mesh's own names are the person's.
const LEFT_LID = [246, 161, 160, 159, 158, 157, 173];
const RIGHT_LID = [466, 388, 387, 386, 385, 384, 398];
const NOSE = { tip: 1, above: 4, shareOfTip: 0.27 };
const [LEFT_MOUTH, RIGHT_MOUTH] = [61, 291];

/** The landmarks of a face whose mesh is `mesh` [468], in the same pixels. */
export function landmarksOfMesh(mesh: readonly Point[]): Landmarks {
  const mean = (indices: readonly number[]): Point => ({
    x: indices.reduce((sum, index) => sum + mesh[index].x, 0) / indices.length,
    y: indices.reduce((sum, index) => sum + mesh[index].y, 0) / indices.length,
  });
  const [tip, above] = [mesh[NOSE.tip], mesh[NOSE.above]];
  const nose = {
    x: NOSE.shareOfTip * tip.x + (1 - NOSE.shareOfTip) * above.x,
    y: NOSE.shareOfTip * tip.y + (1 - NOSE.shareOfTip) * above.y,
  };
  return [mean(LEFT_LID), mean(RIGHT_LID), nose, mesh[LEFT_MOUTH], mesh[RIGHT_MOUTH]];
}
