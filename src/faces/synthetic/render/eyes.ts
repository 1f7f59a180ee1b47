/** Painting eyes and brows on the face. */
import type { Colour } from "../colours.ts";
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import type { Ink } from "./ink.ts";
import { clamp, hill, mix, noise, step } from "./smooth.ts";

/** Paints on `ink` what lies at (x, y) of the face; `soft` is the width of one pixel there, head units. */
export type Painter = (ink: Ink, x: number, y: number, soft: number) => void;

const WHITE: Colour = [0.8, 0.77, 0.75];
const LASH: Colour = [0.012, 0.009, 0.009];
const GLINT: Colour = [1.6, 1.6, 1.6];

/** Both eyes: fold, lashes, white, iris, pupil and glint. */
export function createEyePainter(person: Person, shot: Shot): Painter {
  const { eyes, makeup } = person;
  const smile = Math.max(0, shot.expression.smile);
  const open = clamp(shot.expression.eyesOpen, 0, 1.2);
  const upper = eyes.upper * mix(-0.28, 1, open) * (1 - 0.1 * smile);
  const lower = eyes.lower * (1 - 0.35 * smile) * mix(1.15, 1, open);
  const [gx, gy] = [shot.expression.gaze[0] * 0.05, shot.expression.gaze[1] * 0.025 - 0.006];
  const glintX = clamp(shot.light.side, -0.7, 0.7) * 0.04;
  const glow: Colour = [eyes.irisColour[0] * 1.5, eyes.irisColour[1] * 1.5, eyes.irisColour[2] * 1.5];
  return (ink, x, y, soft) => {
    const side = x < 0 ? -1 : 1;
    const dx = Math.abs(x) - eyes.x; // towards the ear
    const dy = y - eyes.y + eyes.tilt * dx; // in the eye's own tilt
    if (Math.abs(dx) > 0.27 || dy < -0.24 || dy > 0.2) return;
    const q = dx / eyes.width;
    const arc = Math.max(0, 1 - q * q);
    const skew = 1 - 0.18 * q; // the lid is highest towards the nose
    const lidTop = -upper * Math.sqrt(arc) * (0.55 + 0.45 * arc) * skew;
    const lidBottom = lower * arc * (1 + 0.2 * q);
    // shadow, fold and make-up above the eye
    const above = lidTop - dy;
    const over = step(1.25, 0.7, Math.abs(q));
    ink.cover(makeup.shadow, 0.5 * shot.makeup * over * step(-0.01, 0.02, above) * step(0.13, 0.02, above));
    ink.stain(0.62, 0.5, 0.46, 0.75 * eyes.lid * over * step(0.028 + soft, 0, Math.abs(above - 0.05)));
    ink.stain(0.8, 0.68, 0.7, 0.9 * Math.min(1, eyes.bags) * over * hill(q, (dy - lidBottom - 0.055) / 0.05));
    const inside = Math.min(dy - lidTop, lidBottom - dy) * (arc > 0 ? 1 : 0) - (arc > 0 ? 0 : 1);
    const shown = step(-soft * 0.5, soft * 0.7, inside);
    if (shown > 0) paintBall(ink, side * dx - gx, dy - gy, shown, dy - lidTop);
    const lash = 0.011 + 0.016 * eyes.lash + 0.012 * shot.makeup * step(-0.6, 1, q);
    const line = Math.abs(q) < 1.08 ? Math.abs(dy - lidTop) : 1;
    ink.cover(LASH, step(lash + soft * 0.6, lash - soft * 0.6, line) * (0.72 + 0.28 * eyes.lash));
    const under = Math.abs(q) < 1 ? Math.abs(dy - lidBottom) : 1;
    ink.stain(0.45, 0.36, 0.34, step(0.013 + soft * 0.7, 0, under) * (0.6 + 0.4 * shot.makeup));
  };

  function paintBall(ink: Ink, x: number, y: number, shown: number, belowLid: number): void {
    ink.cover(WHITE, shown);
    const distance = Math.sqrt(x * x + y * y) / eyes.irisSize;
    const iris = step(1.08, 0.9, distance) * shown;
    if (iris > 0) {
      ink.cover(glow, iris);
      ink.stain(0.35, 0.35, 0.4, iris * step(0.62, 1, distance));
      ink.stain(0.55, 0.55, 0.55, iris * step(0.05, -0.05, y + 0.01));
      ink.cover(LASH, shown * step(0.56, 0.42, distance));
    }
    ink.stain(0.4, 0.36, 0.38, shown * step(0.05, 0, belowLid)); // the lid's shadow
    ink.cover(GLINT, shown * hill((x - glintX) / 0.024, (y + 0.032) / 0.024));
  }
}

/** Both brows, hair by hair at full size and as soft bands when small. */
export function createBrowPainter(person: Person, shot: Shot): Painter {
  const { brows, hair, age } = person;
  const raise = shot.expression.browRaise * 0.045;
  const frown = Math.max(0, -shot.expression.browRaise) * 0.03 + Math.max(0, -shot.expression.smile) * 0.06;
  const gray = hair.name === "gray" || hair.name === "white";
  const base = gray && age < 68 ? ([0.12, 0.11, 0.1] as const) : hair.colour;
  const deep = hair.name === "blond" ? 0.5 : hair.name === "white" ? 0.6 : 0.75; // darker than the hair
  const colour: Colour = [base[0] * deep, base[1] * deep, base[2] * deep];
  return (ink, x, y, soft) => {
    const side = Math.abs(x);
    const t = (side - brows.inner) / (brows.outer - brows.inner);
    if (t < -0.08 || t > 1.08) return;
    const rise = brows.slope * t + brows.arch * 3.4 * t * (1 - t) * (0.4 + t);
    const dy = y - (brows.y - raise + frown * (1 - t) - rise);
    if (Math.abs(dy) > 0.1) return;
    const half =
      brows.thickness * (0.75 + 0.5 * t * (1 - t)) * step(1.1, 0.45, t) * step(-0.12, 0.1, t) + 0.003;
    const strands = noise(side * 60 + dy * 55, dy * 12 + t * 6, person.seed) - 0.5;
    const edge = half * (1 + 0.5 * strands);
    ink.cover(
      colour,
      step(edge + soft * 0.6 + 0.006, edge - soft * 0.6 - 0.012, Math.abs(dy)) *
        brows.density *
        (0.85 + 0.3 * strands),
    );
  };
}
