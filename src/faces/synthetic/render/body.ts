/** Ears, neck and shoulders, and hair that falls beside the face. */
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import { createMesh, MATERIAL, type Mesh } from "./mesh.ts";
import type { Skull } from "./skull.ts";
import { curve, hill, mix, noise, step } from "./smooth.ts";

/** One ear; `side` is -1 for the one on the left of the picture. u, v are the place on the ear, -1 to 1. */
export function createEar({ head, eyes, nose }: Person, skull: Skull, side: -1 | 1): Mesh {
  const y0 = mix(eyes.y - 0.04, nose.tip, 0.5);
  const { width, centre } = skull.level(y0);
  const height = head.ear;
  const out = 0.35 + 0.55 * head.earOut; // radians off the head
  const [cos, sin] = [Math.cos(out), Math.sin(out)];
  return createMesh(MATERIAL.ear, 12, 12, (row, column, point) => {
    const polar = Math.PI * row;
    const around = Math.PI * (column * 2 - 1) * 0.98;
    const ring = Math.sin(polar);
    const v = -Math.cos(polar);
    const u = Math.sin(around) * ring;
    const broad = mix(0.62, 0.42, step(-0.2, 1, v)); // narrower at the lobe
    const a = (side * u * broad + 0.3) * height; // from the front edge towards the rim
    const b = Math.cos(around) * ring * 0.045; // thickness
    point[0] = side * (width * 0.965 + 0.02 + a * sin + b * cos);
    point[1] = y0 + v * height;
    point[2] = centre - 0.05 - a * cos + b * sin;
    point[3] = u * side; // 1 at the rim
    point[4] = v;
    point[5] = 0;
  });
}

/** Neck and shoulders; v is the height, u the place around. */
export function createNeck({ sex, head }: Person): Mesh {
  const neck = (sex === "male" ? 0.46 : 0.38) + 0.06 * head.chubby;
  const shoulders = sex === "male" ? 1.9 : 1.6;
  const at = [0.5, 1.12, 1.3, 1.56, 1.9, 2.9];
  const wide = [neck, neck * 0.98, neck * 1.15, shoulders * 0.78, shoulders * 0.98, shoulders];
  const deep = [neck, neck * 0.95, neck, neck * 1.35, 0.72, 0.75];
  return createMesh(MATERIAL.neck, 20, 26, (row, column, point) => {
    const y = mix(0.5, 2.9, row);
    const angle = Math.PI * (column - 0.5) * 1.2;
    point[0] = curve(at, wide, y) * Math.sin(angle);
    point[1] = y;
    point[2] = -0.18 + curve(at, deep, y) * Math.cos(angle);
    point[3] = point[0];
    point[4] = y;
    point[5] = angle;
  });
}

/** Hair that hangs beside and behind the face, or nothing; u runs around the head, v down. */
export function createLocks(person: Person, shot: Shot, skull: Skull): Mesh | undefined {
  const { hair, head } = person;
  const afro = hair.style === "afro";
  if (hair.length === 0 && !afro) return undefined;
  const end = afro ? 0.35 : hair.length;
  const volume = (hair.side + 0.06) * shot.hair.volume;
  return createMesh(MATERIAL.locks, 26, 34, (row, column, point) => {
    const y = mix(-0.75, end, row);
    const opening = mix(0.8, 1.12, step(-0.6, 0.5, y)); // of the face, radians to either side
    const angle = mix(opening, 2 * Math.PI - opening, column);
    const { width } = skull.level(Math.min(y, 0.25));
    const wave = hair.curl * 0.09 * (noise(angle * 2, y * 4, person.seed) - 0.5);
    const tuck = 0.1 * hill((y - end) / 0.5, 0) * (hair.length < 1.2 ? 1 : 0); // a bob turns in at its ends
    const wide = width + volume * step(-0.9, 0.1, y) + 0.12 * step(0.3, 1.3, y) - tuck + wave;
    const radius = afro ? wide * (1 - 0.25 * step(0.05, 0.35, y)) : wide;
    point[0] = radius * Math.sin(angle);
    point[1] = y + 0.04 * (noise(angle * 9, 3, person.seed) - 0.5) * row;
    point[2] = -0.06 + (radius * 0.95 + head.width * 0.05) * Math.cos(angle);
    point[3] = angle;
    point[4] = y;
    point[5] = 1;
  });
}
