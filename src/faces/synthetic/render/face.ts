/**
 * Renders a synthetic face: a small software renderer with nothing but arithmetic in it, so that a person and
 * a shot give the same bytes on every machine and in a browser.
 *
 * Stages: shape (meshes), raster (which surface each pixel shows), shade (paint and light), finish (camera).
 */
import { InputError } from "../../../base/errors/index.ts";
import { type Landmarks, landmarksFrom } from "../../face/index.ts";
import type { Image } from "../../image/index.ts";
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import { paintBackdrop } from "./backdrop.ts";
import { createEar, createLocks, createNeck } from "./body.ts";
import { type Camera, createCamera, createPoses, type Pose, project } from "./camera.ts";
import { blur, develop, shrink } from "./finish.ts";
import { paintGlasses } from "./glasses.ts";
import { createHeadMesh } from "./head.ts";
import { mouthPose } from "./mouth.ts";
import { createBuffer, rasterise } from "./raster.ts";
import { shade } from "./shade.ts";
import { createSkull, type Skull } from "./skull.ts";

export interface RenderOptions {
  readonly size?: number; // width and height in pixels, 32 to 1024
  readonly smoothing?: number; // rays per pixel side, 1 to 4: 1 is fast, 2 has clean edges
}

export const RENDER_DEFAULTS = { size: 250, smoothing: 2 } as const satisfies RenderOptions;

export interface Picture {
  readonly image: Image;
  /** Left eye, right eye, nose tip, left and right corner of the mouth, as seen in the picture; pixels. */
  readonly landmarks: Landmarks;
}

/** The picture of `person` in the circumstances of `shot`. */
export function renderFace(person: Person, shot: Shot, options: RenderOptions = {}): Picture {
  const { size, smoothing } = { ...RENDER_DEFAULTS, ...options };
  if (!(Number.isInteger(size) && size >= 32 && size <= 1024)) {
    throw new InputError(`renderFace: size must be an integer from 32 to 1024, got ${size}`);
  }
  if (!(Number.isInteger(smoothing) && smoothing >= 1 && smoothing <= 4)) {
    throw new InputError(`renderFace: smoothing must be an integer from 1 to 4, got ${smoothing}`);
  }
  const side = size * smoothing;
  const skull = createSkull(person, shot);
  const camera = createCamera(shot, side);
  const { head, body } = createPoses(shot);
  const buffer = createBuffer(side);
  rasterise(createHeadMesh(person, shot, skull), head, camera, buffer);
  rasterise(createEar(person, skull, -1), head, camera, buffer);
  rasterise(createEar(person, skull, 1), head, camera, buffer);
  rasterise(createNeck(person), body, camera, buffer);
  const locks = createLocks(person, shot, skull);
  if (locks) rasterise(locks, head, camera, buffer);

  const large = new Float32Array(side * side * 3);
  paintBackdrop(large, side, shot);
  shade(buffer, large, person, shot, 1 / camera.scale);
  paintGlasses({ canvas: large, buffer }, { person, shot, skull }, { pose: head, camera });
  const canvas = shrink(large, side, smoothing);
  blur(canvas, size, (shot.blur / 1000) * size);
  return {
    image: { width: size, height: size, pixels: develop(canvas, shot) },
    landmarks: landmarksOf(person, shot, skull, head, createCamera(shot, size)),
  };
}

function landmarksOf(person: Person, shot: Shot, skull: Skull, pose: Pose, camera: Camera): Landmarks {
  const { eyes, nose, mouth } = person;
  const { width, lift } = mouthPose(person, shot);
  const corner = mouth.y - 0.65 * lift;
  const points = [
    skull.point(-eyes.x, eyes.y),
    skull.point(eyes.x, eyes.y),
    skull.point(nose.crooked, nose.tip),
    skull.point(-width, corner),
    skull.point(width, corner),
  ];
  const p = project(Float64Array.from(points.flat()), pose, camera);
  return landmarksFrom(points.map((_, k) => ({ x: p[k * 3], y: p[k * 3 + 1] })));
}
