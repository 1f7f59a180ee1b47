/** The default detector: BlazeFace finds faces, MediaPipe's face mesh says where their points lie and which way up they are. */
import type { Session } from "../../math/session/index.ts";
import { createPyramid, type Pyramid } from "../image/index.ts";
import { BLAZE_SIDE, type Detection } from "./blazeFace.ts";
import { type FaceLocator, type LocatedFace, largestFirst, limitOf } from "./faceLocator.ts";
import { boundsOf, type Frame, rollOf } from "./faceMesh.ts";
import { lookAt } from "./lookAt.ts";
import { landmarksOfMesh } from "./meshLandmarks.ts";
import { insideAnother, overlap, withoutRepeats } from "./overlap.ts";
import { tilesOf } from "./search.ts";
import { wholePhoto } from "./tile.ts";
import { type UprightMesh, uprightMesh } from "./uprightMesh.ts";

/** Both nets, loaded, and how many pictures they look at side by side. */
export interface DetectorNets {
  readonly blazeface: Session;
  readonly facemesh: Session;
  readonly parallel: number;
}

/** What each net must say of a face at least. A photo has many tiles, so one that is seen in a tile alone must be surer. */
const MIN_SCORE = { whole: 0.3, tile: 0.5, mesh: 0.3 } as const;
/** Boxes that share more than this of their union are one face. */
const SAME_FACE = 0.3;
/** A face that fits into a strip narrower than this has fewer pixels than any can be told by. */
const NARROWEST = 12;
/** Sides of what the mesh looks at, over the longer side of the detection. */
const MARGIN = 1.5;

/** Sides of what the detector looks at again, over those of what the mesh looks at. */
const AROUND = 2;

/** What stops a search, and what it works with. */
interface Search {
  readonly nets: DetectorNets;
  readonly pyramid: Pyramid;
  readonly checkLimit: () => void;
}

/** The default detector with its nets, which it releases. */
export function meshLocator(nets: DetectorNets): FaceLocator {
  return {
    name: "blazeface",
    async locate(photo, options = {}) {
      const search = { nets, pyramid: createPyramid(photo), checkLimit: limitOf(options) };
      search.checkLimit();
      if (Math.min(photo.width, photo.height) < NARROWEST) return [];
      const whole = await lookAtWhole(search);
      if (options.small === "if-none") {
        const large = await confirmed(search, whole);
        return facesOf(large.length > 0 ? large : await confirmed(search, await lookAtTiles(search)));
      }
      return facesOf(await confirmedOnce(search, [...whole, ...(await lookAtTiles(search))]));
    },
    async release() {
      await Promise.all([nets.blazeface.release(), nets.facemesh.release()]);
    },
  };
}

/** What is seen in the photo as a whole, or, where that is nothing, in the photo turned. */
async function lookAtWhole({ nets, pyramid, checkLimit }: Search): Promise<Detection[]> {
  for (const quarters of [0, 2, 1, 3]) {
    const found = await lookAt(nets.blazeface, pyramid, wholePhoto(pyramid, BLAZE_SIDE), {
      minScore: MIN_SCORE.whole,
      quarters,
    });
    checkLimit();
    if (found.length > 0) return found;
  }
  return [];
}

async function lookAtTiles({ nets, pyramid, checkLimit }: Search): Promise<Detection[]> {
  const found = await sideBySide(tilesOf(pyramid.photo), nets.parallel, async (tile) => {
    checkLimit();
    return lookAt(nets.blazeface, pyramid, tile, { minScore: MIN_SCORE.tile });
  });
  return withoutRepeats(found.flat(), SAME_FACE);
}

/** What was seen, and the face that its mesh shows there. */
interface Confirmed {
  readonly seen: Detection;
  readonly face: LocatedFace;
}

/** What of `seen` is confirmed by its mesh. */
async function confirmed(search: Search, seen: readonly Detection[]): Promise<Confirmed[]> {
  const { nets, pyramid, checkLimit } = search;
  const faces = await sideBySide(seen, nets.parallel, async (one) => {
    checkLimit();
    const lookAgain = (frame: Frame) => lookTurned(search, frame);
    const mesh = await uprightMesh(nets.facemesh, pyramid, frameOfDetection(one), lookAgain);
    return mesh && mesh.confidence >= MIN_SCORE.mesh ? [{ seen: one, face: toLocatedFace(one, mesh) }] : [];
  });
  checkLimit();
  return faces.flat();
}

/**
 * The same where a face may have been seen twice, in the photo as a whole and in a tile: it is fitted where it scores higher, and
 * elsewhere only if that leaves a doubt.
 */
async function confirmedOnce(search: Search, seen: readonly Detection[]): Promise<Confirmed[]> {
  const better = (other: Detection, one: Detection) =>
    other.score > one.score && overlap(one.box, other.box) > SAME_FACE;
  const repeats = seen.filter((one) => seen.some((other) => better(other, one)));
  const found = await confirmed(
    search,
    seen.filter((one) => !repeats.includes(one)),
  );
  const sure = found.filter(({ face }) => face.upright);
  const left = repeats.filter((one) => !sure.some((other) => better(other.seen, one)));
  return [...found, ...(await confirmed(search, left))];
}

/** Each face once, the largest first. */
const facesOf = (found: readonly Confirmed[]) => largestFirst(distinct(found.map(({ face }) => face)));

/** The face in `frame`, as it is seen best with the photo turned by 0 to 3 quarters around it. */
async function lookTurned(
  { nets, pyramid, checkLimit }: Search,
  { centre, side }: Frame,
): Promise<Frame | undefined> {
  const around = AROUND * side;
  const tile = {
    x: centre.x - around / 2,
    y: centre.y - around / 2,
    scale: BLAZE_SIDE / around,
    width: BLAZE_SIDE,
    height: BLAZE_SIDE,
  };
  let best: Detection | undefined;
  for (const quarters of [0, 1, 2, 3]) {
    checkLimit();
    const found = await lookAt(nets.blazeface, pyramid, tile, { minScore: MIN_SCORE.whole, quarters });
    for (const one of found) {
      const { box, score } = one;
      const off = Math.hypot(box.x + box.width / 2 - centre.x, box.y + box.height / 2 - centre.y);
      if (off < side / 2 && score > (best?.score ?? 0)) best = one;
    }
  }
  return best && frameOfDetection(best);
}

/** Each face once; what lies inside a better one is a part of it. */
const distinct = (faces: readonly LocatedFace[]): LocatedFace[] => {
  const once = withoutRepeats(faces, SAME_FACE);
  return once.filter(
    (face) => !once.some((other) => other.score > face.score && insideAnother(face.box, other.box)),
  );
};

const frameOfDetection = ({ box, keypoints: [left, right] }: Detection): Frame => ({
  centre: { x: box.x + box.width / 2, y: box.y + box.height / 2 },
  side: MARGIN * Math.max(box.width, box.height),
  roll: rollOf(left, right),
});

const toLocatedFace = ({ score }: Detection, { points, confidence, certain }: UprightMesh): LocatedFace => ({
  box: boundsOf(points),
  score: score * confidence,
  landmarks: landmarksOfMesh(points),
  upright: certain,
});

/** `work` on each of `items`, so many at a time; the answers in order. */
async function sideBySide<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      answers[i] = await work(items[i]);
    }
  };
  const workers = Array.from({ length: atOnce }, worker);
  const ended = await Promise.allSettled(workers); // none works on after the answer
  const failed = ended.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return answers;
}
