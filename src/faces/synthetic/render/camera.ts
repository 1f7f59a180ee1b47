/** Where things stand and how they fall on the picture. */
import type { Shot } from "../shot.ts";

/** A rotation about a pivot: rows of a 3x3 matrix, then the pivot. */
export interface Pose {
  readonly matrix: Float64Array; // [9]
  readonly pivot: readonly [number, number, number];
}

export interface Camera {
  readonly scale: number; // pixels per head unit at z = 0
  readonly centre: readonly [x: number, y: number]; // of the head, in pixels
}

const DISTANCE = 7; // from the camera to the middle of the head, head units: a portrait lens

/** Turns by yaw, then pitch, then roll (radians). */
export function createPose(yaw: number, pitch: number, roll: number, pivot: Pose["pivot"]): Pose {
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(pitch)];
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  // roll * pitch * yaw; y points down, so positive pitch brings the nose down
  const yawed = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const pitched = multiply([1, 0, 0, 0, cp, sp, 0, -sp, cp], yawed);
  return { matrix: Float64Array.from(multiply([cr, -sr, 0, sr, cr, 0, 0, 0, 1], pitched)), pivot };
}

function multiply(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, k) => {
    const row = Math.floor(k / 3) * 3;
    const column = k % 3;
    return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6];
  });
}

/** The head turns about the top of the neck; the shoulders follow a little. */
export function createPoses({ yaw, pitch, roll }: Shot): { head: Pose; body: Pose } {
  return {
    head: createPose(yaw, pitch, roll, [0, 0.7, -0.2]),
    body: createPose(yaw * 0.4, 0, roll * 0.25, [0, 1.6, -0.2]),
  };
}

/** Eyes of a middling face (0.63 head units apart) stand 0.17 picture widths apart at scale 1. */
export function createCamera(shot: Shot, size: number): Camera {
  const scale = (0.17 / 0.63) * size * shot.scale;
  return { scale, centre: [size * (0.5 + shot.shift[0]), size * (0.49 + shot.shift[1])] };
}

/** Projects `count` points [count, 3] to [count, 3]: x and y in pixels, z in head units. */
export function project(points: Float64Array, { matrix: m, pivot }: Pose, camera: Camera): Float64Array {
  const projected = new Float64Array(points.length);
  const [px, py, pz] = pivot;
  for (let k = 0; k < points.length; k += 3) {
    const x = points[k] - px;
    const y = points[k + 1] - py;
    const z = points[k + 2] - pz;
    const depth = m[6] * x + m[7] * y + m[8] * z + pz;
    const scale = (camera.scale * DISTANCE) / (DISTANCE - depth);
    projected[k] = camera.centre[0] + scale * (m[0] * x + m[1] * y + m[2] * z + px);
    projected[k + 1] = camera.centre[1] + scale * (m[3] * x + m[4] * y + m[5] * z + py);
    projected[k + 2] = depth;
  }
  return projected;
}
