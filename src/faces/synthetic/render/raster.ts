/**
 * Rasterises meshes into a buffer that remembers, for each pixel, the nearest surface: its material, normal
 * and surface coordinates. Colours come later, once per pixel.
 */
import { type Camera, type Pose, project } from "./camera.ts";
import type { Mesh } from "./mesh.ts";

export interface Buffer {
  readonly size: number; // width and height in pixels
  readonly depth: Float32Array; // [size * size], head units towards the viewer; -Infinity where nothing is
  readonly material: Uint8Array; // [size * size]
  readonly values: Float32Array; // [size * size, 6]: normal x, y, z, then surface u, v, w
}

let last: Buffer | undefined;

/** An empty buffer: the last one wiped, if it has this size. Rendering never pauses, so no two renderings share it. */
export function createBuffer(size: number): Buffer {
  last =
    last?.size === size
      ? last
      : {
          size,
          depth: new Float32Array(size * size),
          material: new Uint8Array(size * size),
          values: new Float32Array(size * size * 6),
        };
  last.depth.fill(-Infinity);
  last.material.fill(0);
  return last;
}

/** Draws `mesh` at `pose` into `buffer`; faces turned away are skipped. */
export function rasterise(mesh: Mesh, pose: Pose, camera: Camera, buffer: Buffer): void {
  const points = project(mesh.position, pose, camera);
  const attributes = attributesOf(mesh, pose);
  for (let row = 0; row + 1 < mesh.rows; row++) {
    for (let column = 0; column + 1 < mesh.columns; column++) {
      const a = row * mesh.columns + column;
      const c = a + mesh.columns;
      triangle(points, attributes, a, a + 1, c, mesh, buffer);
      triangle(points, attributes, a + 1, c + 1, c, mesh, buffer);
    }
  }
}

/** Turned normals and surface coordinates of every vertex, [vertices, 6]. */
function attributesOf({ normal, surface }: Mesh, { matrix: m }: Pose): Float64Array {
  const attributes = new Float64Array(normal.length * 2);
  for (let k = 0, o = 0; k < normal.length; k += 3, o += 6) {
    const x = normal[k];
    const y = normal[k + 1];
    const z = normal[k + 2];
    attributes[o] = m[0] * x + m[1] * y + m[2] * z;
    attributes[o + 1] = m[3] * x + m[4] * y + m[5] * z;
    attributes[o + 2] = m[6] * x + m[7] * y + m[8] * z;
    attributes[o + 3] = surface[k];
    attributes[o + 4] = surface[k + 1];
    attributes[o + 5] = surface[k + 2];
  }
  return attributes;
}

function triangle(
  p: Float64Array,
  attributes: Float64Array,
  a: number,
  b: number,
  c: number,
  { material, twoSided }: Mesh,
  { size, depth, material: materials, values }: Buffer,
): void {
  const ax = p[a * 3];
  const ay = p[a * 3 + 1];
  const bx = p[b * 3];
  const by = p[b * 3 + 1];
  const cx = p[c * 3];
  const cy = p[c * 3 + 1];
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (!(area > 1e-9 || (twoSided && area < -1e-9))) return; // turned away
  const x0 = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
  const x1 = Math.min(size - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  const y0 = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
  const y1 = Math.min(size - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  for (let y = y0; y <= y1; y++) {
    const py = y + 0.5;
    for (let x = x0; x <= x1; x++) {
      const px = x + 0.5;
      const wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
      const wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
      const wc = 1 - wa - wb;
      if (wa < -1e-9 || wb < -1e-9 || wc < -1e-9) continue;
      const z = wa * p[a * 3 + 2] + wb * p[b * 3 + 2] + wc * p[c * 3 + 2];
      const pixel = y * size + x;
      if (z <= depth[pixel]) continue;
      depth[pixel] = z;
      materials[pixel] = material;
      for (let i = 0, o = pixel * 6; i < 6; i++, o++) {
        values[o] = wa * attributes[a * 6 + i] + wb * attributes[b * 6 + i] + wc * attributes[c * 6 + i];
      }
    }
  }
}
