/** Painting lips, teeth and the inside of the mouth. */
import type { Colour } from "../colours.ts";
import { blend } from "../colours.ts";
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import type { Painter } from "./eyes.ts";
import { clamp, hill, mix, step } from "./smooth.ts";

const TEETH: Colour = [0.78, 0.74, 0.67];
const DARK: Colour = [0.06, 0.012, 0.012];
const GLOSS: Colour = [1, 0.85, 0.82];
const TONGUE: Colour = [0.35, 0.09, 0.09];

/** Half width of the mouth and height of its corners over its middle, with this smile. */
export function mouthPose({ mouth }: Person, { expression }: Shot): { width: number; lift: number } {
  const { smile, open } = expression;
  return {
    width: mouth.width * (1 + 0.24 * Math.max(0, smile) - 0.1 * open * (1 - Math.max(0, smile))),
    lift: mouth.corners + 0.06 * smile,
  };
}

/** The mouth of `person` in the expression of `shot`. */
export function createMouthPainter(person: Person, shot: Shot): Painter {
  const { mouth, makeup } = person;
  const { smile, open } = shot.expression;
  const { width, lift } = mouthPose(person, shot);
  const grin = Math.max(0, smile);
  const gap = open * 0.17;
  const [upper, lower] = [mouth.upper * (1 - 0.3 * grin), mouth.lower * (1 - 0.22 * grin)];
  const lips = blend(mouth.colour, makeup.lips, 0.85 * shot.makeup);
  return (ink, x, y, soft) => {
    const q = x / width;
    if (Math.abs(q) > 1.25 || Math.abs(y - mouth.y) > 0.32) return;
    const arc = Math.max(0, 1 - q * q);
    const middle = mouth.y - lift * (q * q - 0.35) - 0.008 * hill(q / 0.3, 0);
    const top = middle - gap * 0.3 * arc; // lower edge of the upper lip
    const bottom = middle + gap * 0.7 * Math.sqrt(arc); // upper edge of the lower lip
    const bow = 1 + 0.3 * mouth.bow * (hill((Math.abs(q) - 0.27) / 0.33, 0) - hill(q / 0.2, 0));
    const lipTop = top - upper * Math.sqrt(arc) * (0.4 + 0.6 * arc) * bow;
    const lipBottom = bottom + lower * arc * (1.2 - 0.2 * arc);
    const across = step(1.03 + soft / width, 0.97, Math.abs(q));
    const lip =
      Math.min(
        step(-soft * 0.7 - 0.006, soft * 0.7 + 0.006, y - lipTop),
        step(-soft * 0.8 - 0.012, soft * 0.8 + 0.008, lipBottom - y),
      ) * across;
    if (lip > 0) {
      ink.cover(lips, lip * (0.8 + 0.15 * shot.makeup));
      ink.stain(0.72, 0.66, 0.66, lip * step(0.005, -0.005, y - middle)); // the upper lip turns from the light
      ink.cover(GLOSS, 0.16 * lip * hill(q / 0.5, (y - bottom - lower * 0.45) / (lower * 0.4)));
    }
    const between = Math.min(y - top, bottom - y);
    if (gap > 0.004 && between > -soft) {
      const shown = step(-soft * 0.6, soft * 0.6, between) * across;
      ink.cover(DARK, shown);
      ink.cover(TONGUE, shown * step(0.07, 0.13, gap) * hill(q / 0.6, (y - bottom + 0.005) / (gap * 0.35)));
      const toothHeight = clamp(gap * 0.9, 0, 0.062);
      const teeth =
        step(toothHeight + soft * 0.5, toothHeight - soft * 0.5, y - top) * step(0.98, 0.75, Math.abs(q));
      ink.cover(TEETH, shown * teeth * mix(0.45, 1, step(0, 0.4, grin)));
    } else {
      const line = Math.abs(y - middle);
      ink.stain(0.22, 0.12, 0.12, 0.9 * step(0.011 + soft * 0.8, 0.002, line) * across);
    }
    // the small shadow that ends each corner
    ink.stain(0.5, 0.4, 0.38, 0.7 * hill((Math.abs(q) - 1.02) / 0.14, (y - middle) / 0.035));
  };
}
