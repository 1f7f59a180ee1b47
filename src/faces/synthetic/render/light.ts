/** Light on skin, hair and cloth: one directed light, light from everywhere, and a little from behind. */
import type { Shot } from "../shot.ts";
import type { Ink } from "./ink.ts";
import { clamp } from "./smooth.ts";

export interface Light {
  readonly direction: readonly [number, number, number]; // towards the light, unit length
  /** Lights matt skin with a soft, red edge of shadow; `shine` 0 to 1. */
  skin(ink: Ink, nx: number, ny: number, nz: number, shine: number): void;
  /** Lights hair whose strands run along (tx, ty, tz). */
  hair(ink: Ink, nx: number, ny: number, nz: number, tx: number, ty: number, tz: number): void;
  /** Lights anything dull. */
  cloth(ink: Ink, nx: number, ny: number, nz: number): void;
}

/** The light of a picture. */
export function createLight({ light }: Shot): Light {
  const x = light.side;
  const y = -light.height;
  const z = Math.max(0.35, 1 - 0.45 * (x * x + y * y));
  const length = Math.sqrt(x * x + y * y + z * z);
  const [lx, ly, lz] = [x / length, y / length, z / length];
  const half = Math.sqrt(lx * lx + ly * ly + (lz + 1) * (lz + 1));
  const [hx, hy, hz] = [lx / half, ly / half, (lz + 1) / half];
  const [cr, cg, cb] = light.colour;
  const strength = light.strength * 1.15;
  const sky = (ny: number) => light.ambient * (1 - 0.25 * ny); // y points down: more from above
  const rim = (nz: number) => {
    const edge = clamp(1 - nz, 0, 1);
    return light.rim * edge * edge * edge * edge * 0.5;
  };
  return {
    direction: [lx, ly, lz],
    skin(ink, nx, ny, nz, shine) {
      const facing = nx * lx + ny * ly + nz * lz;
      const soft = clamp((facing + 0.25) / 1.25, 0, 1); // light creeps around the edge under the skin,
      const hard = clamp((facing + 0.08) / 1.08, 0, 1); // red the farthest
      const around = sky(ny);
      const cavity = 0.78 + 0.22 * nz;
      ink.r *= cr * (around * cavity + strength * soft);
      ink.g *= cg * (around * cavity + strength * (0.35 * soft + 0.65 * hard));
      ink.b *= cb * (around * cavity + strength * (0.25 * soft + 0.75 * hard));
      const h = clamp(nx * hx + ny * hy + nz * hz, 0, 1);
      const h2 = h * h;
      const h8 = h2 * h2 * h2 * h2;
      const gloss = shine * strength * (0.05 * h8 + 0.16 * h8 * h8 * h8) + rim(nz);
      ink.r += gloss * cr;
      ink.g += gloss * cg;
      ink.b += gloss * cb;
    },
    hair(ink, nx, ny, nz, tx, ty, tz) {
      const facing = clamp((nx * lx + ny * ly + nz * lz + 0.3) / 1.3, 0, 1);
      const lit = sky(ny) + strength * facing;
      const along = tx * hx + ty * hy + tz * hz;
      const sheen = clamp(1 - along * along, 0, 1);
      const s4 = sheen * sheen * sheen * sheen;
      const gloss = strength * facing * s4 * s4 * s4 * 0.07;
      const back = rim(nz) * 0.7;
      ink.r = (ink.r * (lit + 4 * gloss) + gloss + back) * cr;
      ink.g = (ink.g * (lit + 4 * gloss) + gloss * 0.9 + back) * cg;
      ink.b = (ink.b * (lit + 4 * gloss) + gloss * 0.8 + back) * cb;
    },
    cloth(ink, nx, ny, nz) {
      const lit = sky(ny) + strength * clamp((nx * lx + ny * ly + nz * lz + 0.1) / 1.1, 0, 1);
      ink.r *= lit * cr;
      ink.g *= lit * cg;
      ink.b *= lit * cb;
    },
  };
}
