/** The default detector: BlazeFace finds faces, MediaPipe's face mesh says where their points lie. */
import type { Session } from "../../math/session/index.ts";
import { createPyramid, type Pyramid } from "../image/index.ts";
import { BLAZE_SIDE, type Detection, detectFaces } from "./blazeFace.ts";
import { type FaceLocator, type LocatedFace, largestFirst, limitOf } from "./faceLocator.ts";
import { boundsOf, type Frame, fitMesh, frameOf, type Mesh, rollOf } from "./faceMesh.ts";
import { landmarksOfMesh } from "./meshLandmarks.ts";
import { drawTile, type Tile, wholePhoto } from "./tile.ts";

/** Both nets, loaded. */
export interface DetectorNets {
  readonly blazeface: Session;
  readonly facemesh: Session;
}

/** What each net must say of a face at least. */
const MIN_SCORE = 0.3;

/** The default detector with its nets, which it releases. */
export function meshLocator(nets: DetectorNets): FaceLocator {
  return {
    name: "blazeface",
    async locate(photo, options = {}) {
      const checkLimit = limitOf(options);
      checkLimit();
      const pyramid = createPyramid(photo);
      const faces: LocatedFace[] = [];
      for (const found of await lookAt(nets.blazeface, pyramid, wholePhoto(pyramid))) {
        checkLimit();
        const mesh = await meshOf(nets.facemesh, pyramid, frameOfDetection(found));
        if (mesh.confidence >= MIN_SCORE) faces.push(toLocatedFace(found, mesh));
      }
      checkLimit();
      return largestFirst(faces);
    },
    async release() {
      await Promise.all([nets.blazeface.release(), nets.facemesh.release()]);
    },
  };
}

/** Faces of a tile, in the photo's pixels. */
async function lookAt(blazeface: Session, pyramid: Pyramid, tile: Tile): Promise<Detection[]> {
  const found = await detectFaces(blazeface, drawTile(pyramid, tile, BLAZE_SIDE), MIN_SCORE);
  const scale = tile.side / BLAZE_SIDE;
  return found.map(({ box, score, keypoints }) => ({
    score,
    box: {
      x: tile.x + box.x * scale,
      y: tile.y + box.y * scale,
      width: box.width * scale,
      height: box.height * scale,
    },
    keypoints: keypoints.map(({ x, y }) => ({ x: tile.x + x * scale, y: tile.y + y * scale })),
  }));
}

/** Sides of what the mesh looks at, over the longer side of the detection. */
const MARGIN = 1.5;

const frameOfDetection = ({ box, keypoints: [left, right] }: Detection): Frame => ({
  centre: { x: box.x + box.width / 2, y: box.y + box.height / 2 },
  side: MARGIN * Math.max(box.width, box.height),
  roll: rollOf(left, right),
});

/** The mesh of a face; it is drawn again as its first mesh says that it lies, since that is surer than the detection. */
async function meshOf(facemesh: Session, pyramid: Pyramid, frame: Frame): Promise<Mesh> {
  const first = await fitMesh(facemesh, pyramid, frame);
  return first.confidence >= MIN_SCORE ? fitMesh(facemesh, pyramid, frameOf(first)) : first;
}

const toLocatedFace = ({ score }: Detection, { points, confidence }: Mesh): LocatedFace => ({
  box: boundsOf(points),
  score: score * confidence,
  landmarks: landmarksOfMesh(points),
});
