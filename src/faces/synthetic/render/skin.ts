/** Painting skin: blush, freckles, moles, wrinkles, stubble and beard, and the soft shadows of folds. */
import type { Colour } from "../colours.ts";
import { blend } from "../colours.ts";
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import type { Painter } from "./eyes.ts";
import { mouthPose } from "./mouth.ts";
import { hill, mix, noise, step } from "./smooth.ts";

/** Everything that colours the face before eyes, brows and lips. */
export function createSkinPainter(person: Person, shot: Shot): Painter {
  const { skin, nose, eyes, seed, mouth } = person;
  const folds = createFoldPainter(person, shot);
  const rosy = 0.25 + 0.75 * skin.rosiness + 0.5 * shot.makeup;
  return (ink, x, y, soft) => {
    const side = Math.abs(x);
    const mottle = noise(x * 7, y * 7, seed) - 0.5;
    ink.stain(1.12, 1.08, 1.06, mottle * 0.5);
    ink.stain(1.06, 0.76, 0.74, 0.75 * rosy * hill((side - 0.42) / 0.27, (y - 0.34) / 0.24));
    ink.stain(1.04, 0.8, 0.78, 0.5 * (0.4 + skin.rosiness) * hill(x / 0.15, (y - nose.tip) / 0.15));
    ink.stain(
      0.8,
      0.7,
      0.7,
      0.5 * eyes.depth * hill((side - eyes.x + 0.09) / 0.17, (y - eyes.y + 0.06) / 0.15),
    );
    if (skin.freckles > 0) {
      const where = hill(x / 0.72, (y - 0.25) / 0.42);
      const spots = step(0.66, 0.8, noise(x * 26, y * 26, seed + 1));
      ink.stain(0.72, 0.52, 0.4, skin.freckles * where * spots * 0.8);
    }
    for (const mole of skin.moles) {
      const far = Math.sqrt((x - mole.x) * (x - mole.x) + (y - mole.y) * (y - mole.y));
      ink.stain(0.25, 0.15, 0.12, 0.85 * step(mole.size + soft * 0.6, mole.size - soft * 0.4, far));
    }
    // nostrils and the shadow under the nose and under the lower lip
    const nx = side - nose.width * 0.46;
    ink.stain(
      0.16,
      0.08,
      0.07,
      0.85 * nose.nostrils * hill(nx / (nose.width * 0.36), (y - nose.tip - 0.072) / 0.034),
    );
    ink.stain(0.66, 0.55, 0.52, 0.7 * hill(x / (nose.width * 1.15), (y - nose.tip - 0.085) / 0.06));
    ink.stain(0.75, 0.66, 0.62, 0.8 * hill((side - nose.width * 1.02) / 0.035, (y - nose.tip - 0.02) / 0.08));
    ink.stain(0.72, 0.62, 0.6, 0.7 * hill(x / 0.2, (y - mouth.y - mouth.lower - 0.05) / 0.06));
    folds(ink, x, y, soft);
  };
}

/** Lines of age and of laughter. */
function createFoldPainter(person: Person, shot: Shot): Painter {
  const { skin, nose, eyes, mouth } = person;
  const smile = Math.max(0, shot.expression.smile);
  const pose = mouthPose(person, shot);
  const fold = Math.min(1, 0.8 * mouth.folds + 0.55 * smile);
  return (ink, x, y, soft) => {
    const side = Math.abs(x);
    const t = (y - nose.tip - 0.02) / (mouth.y - nose.tip + 0.02);
    if (t > -0.05 && t < 1.15) {
      const lineX = mix(nose.width * 1.12, pose.width * 1.22, Math.max(0, t)) + 0.03 * t * (1 - t);
      const line = step(0.035 + soft, 0, Math.abs(side - lineX)) * step(-0.05, 0.15, t) * step(1.15, 0.85, t);
      ink.stain(0.6, 0.48, 0.44, 0.8 * fold * line);
    }
    if (skin.wrinkles < 0.08) return;
    const forehead = hill(x / 0.48, (y + 0.44) / 0.2);
    if (forehead > 0) {
      const wave = y * 9.5 + 0.12 * noise(x * 4, 2, person.seed);
      const near = Math.abs(wave - Math.round(wave)) / 9.5;
      ink.stain(0.62, 0.52, 0.48, 0.85 * skin.wrinkles * forehead * step(0.016 + soft * 0.7, 0, near));
    }
    const crow = hill((side - eyes.x - eyes.width - 0.08) / 0.09, (y - eyes.y) / 0.11);
    if (crow > 0) {
      const rays = (y - eyes.y) * 20 + (side - eyes.x) * (y > eyes.y ? -4 : 4);
      const near = Math.abs(rays - Math.round(rays)) / 20;
      ink.stain(0.62, 0.5, 0.46, skin.wrinkles * crow * step(0.014 + soft * 0.6, 0, near));
    }
  };
}

/** Stubble, moustache, goatee or beard, or nothing at all. */
export function createWhiskerPainter(person: Person, shot: Shot): Painter | undefined {
  const { whiskers, sex, hair, mouth, nose, head, seed, skin } = person;
  if (sex === "female") return undefined;
  const shadow =
    whiskers.style === "none"
      ? 0.12 * shot.stubble
      : whiskers.style === "stubble"
        ? whiskers.density * (0.6 + 0.5 * shot.stubble)
        : 0.15 + 0.1 * shot.stubble;
  const base: Colour = [hair.colour[0] * 0.8, hair.colour[1] * 0.75, hair.colour[2] * 0.75];
  const stubble = blend(skin.colour, [base[0] * 0.5, base[1] * 0.55, base[2] * 0.65], 0.85);
  const lip = mouthPose(person, shot);
  const cheekY = mix(0.52, 0.34, whiskers.cheeks);
  const full = whiskers.style === "beard" || whiskers.style === "goatee";
  return (ink, x, y) => {
    if (y < 0.1) return;
    const side = Math.abs(x);
    const grain = noise(x * 34, y * 22, seed + 5);
    const ragged = 0.05 * (noise(x * 18, y * 18, seed + 6) - 0.5);
    // lower face: under a line from the sideburn to the corner of the mouth
    const cheek = cheekY + 0.34 * step(0.66, 0.2, side) - 0.35 * step(0.58, 0.74, side);
    const bareChin =
      side < 0.16 && !whiskers.soulPatch ? step(0.035, 0, y - mouth.y - mouth.lower - 0.025) : 0;
    const jaw = step(-0.05, 0.06, y - cheek + ragged) * (1 - 0.8 * bareChin * step(0.2, 0.1, side));
    const lipTop = mouth.y - mouth.upper;
    const slope = side / lip.width; // a moustache falls away to both sides
    const droop = mouth.y + 0.09 * step(0.6, 1.1, slope);
    const tache =
      step(-0.02, 0.02, y - nose.tip - 0.105 - 0.07 * slope * slope + ragged * 0.4) *
      step(0.02, -0.015, y - Math.max(lipTop + 0.012, droop - 0.03)) *
      step(lip.width * whiskers.moustacheWidth * 1.12, lip.width * whiskers.moustacheWidth * 0.9, side);
    ink.cover(stubble, Math.min(1, shadow * 1.5) * Math.max(jaw, tache) * (0.55 + 0.5 * grain));
    if (whiskers.style === "none" || whiskers.style === "stubble") return;
    let dense = tache;
    if (full) {
      const ring = step(lip.width * 1.42, lip.width * 1.22, side) * step(-0.02, 0.03, y - mouth.y + 0.08);
      dense = Math.max(
        dense,
        whiskers.style === "beard"
          ? jaw
          : ring * Math.max(jaw, step(mouth.y, mouth.y + 0.05, y)) * step(head.chinY + 0.3, head.chinY, y),
      );
    }
    const strong = dense * whiskers.density * (0.82 + 0.18 * grain);
    ink.cover(base, strong);
    ink.stain(0.5 + grain, 0.5 + grain, 0.5 + grain, strong);
  };
}
