/** The mesh of a head with its short hair: u, v are the place on the face, w tells hair (positive) from skin. */
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import { createMesh, MATERIAL, type Mesh } from "./mesh.ts";
import type { Skull } from "./skull.ts";
import { clamp, hill, mix, noise, step } from "./smooth.ts";

const FARTHEST = 2.3; // radians to either side; what lies behind is never seen

/** How far inside the hair a point is, roughly in head units; negative on bare skin. */
export type Hairline = (angle: number, x: number, y: number) => number;

/** The angle around the head (0 in front) at a grid column from 0 to 1: denser in front. */
function angleAt(column: number): number {
  const s = 2 * column - 1;
  return FARTHEST * s * (0.55 + 0.45 * s * s);
}

/** The head of `person` as it is in `shot`. */
export function createHeadMesh(person: Person, shot: Shot, skull: Skull): Mesh {
  const hairline = createHairline(person, shot);
  const beard = beardDepth(person);
  const { head } = person;
  return createMesh(MATERIAL.head, 52, 52, (row, column, point) => {
    const angle = angleAt(column);
    const polar = Math.PI * mix(0.002, 0.998, row);
    const y = -Math.cos(polar) * (polar < Math.PI / 2 ? head.crown : head.chinY);
    const { width, front, back, centre } = skull.level(y);
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const x = width * sin;
    let z = centre + (cos > 0 ? front : back) * cos;
    const facing = step(0, 0.4, cos);
    if (facing > 0) z += facing * skull.relief(x, y);
    const inside = hairline(angle, x, y);
    const thick = hairDepth(person, shot, inside, x, y, angle) + facing * beard(x, y);
    const lift = outwards(x, y, z);
    point[0] = x + thick * lift[0];
    point[1] = y + thick * lift[1] + skull.drop(y);
    point[2] = z + thick * lift[2];
    point[3] = x;
    point[4] = y;
    point[5] = inside;
  });
}

const direction: [number, number, number] = [0, 0, 0];

/** The unit vector away from the core of the head. */
function outwards(x: number, y: number, z: number): readonly [number, number, number] {
  const dy = y - clamp(y, -0.25, 0.6);
  const length = Math.sqrt(x * x + dy * dy + z * z) || 1;
  direction[0] = x / length;
  direction[1] = dy / length;
  direction[2] = z / length;
  return direction;
}

/** Where hair begins: over the forehead, down the temples to the sideburns, behind the ears to the neck. */
export function createHairline({ hair }: Person, shot: Shot): Hairline {
  if (hair.style === "bald") return () => -1;
  const fringe = hair.fringe > 0 ? Math.max(0.3, hair.fringe + shot.hair.fringe * 2) : 0;
  const parting = hair.parting * shot.hair.parting;
  return (angle, x, y) => {
    const a = Math.abs(angle);
    let line = hair.hairline - 0.2 * hair.receding;
    line -= (0.06 + 0.2 * hair.receding) * hill((a - 0.52) / 0.42, 0); // the corners of the forehead
    line += 0.05 * (1 - hair.receding) * hill(x / 0.22, 0) * (1 - fringe); // a slight peak
    // a fringe falls to the brows, slanting away from the parting
    line += fringe * (0.36 + 0.1 * parting * x) * step(1.05, 0.5, a);
    const temple = step(0.72, 1.02, a);
    line = mix(line, hair.sideburns, temple);
    line = mix(line, hair.length > 0 ? 0.6 : 0.42, step(1.5, 1.75, a)); // behind the ears
    return line - y;
  };
}

function hairDepth(person: Person, shot: Shot, inside: number, x: number, y: number, angle: number): number {
  if (inside <= -0.02) return 0;
  const { hair } = person;
  const top = step(0.1, -0.85, y);
  const volume = mix(hair.side, hair.top, top) * shot.hair.volume;
  const parted =
    hair.top > 0.1 && hair.curl < 0.5
      ? 0.35 * hill((x - 0.3 * hair.parting * shot.hair.parting) / 0.12, 0) * top
      : 0;
  const quiff = hair.style === "swept" ? 0.5 * hill(x / 0.6, (y + 0.75) / 0.4) : 0;
  const lumps = hair.curl * (noise(angle * 4.5 + 7, y * 4.5 + 9, person.seed) - 0.4) * 0.32;
  return 0.012 + volume * step(-0.02, mix(0.16, 0.3, top), inside) * (1 - parted + quiff + lumps);
}

/** How far a full beard stands off the skin. */
function beardDepth({ whiskers, mouth, head }: Person): (x: number, y: number) => number {
  if (whiskers.style !== "beard" && whiskers.style !== "goatee") return () => 0;
  const wide = whiskers.style === "beard" ? 0.85 : 0.3;
  return (x, y) => whiskers.length * step(mouth.y + 0.02, head.chinY - 0.1, y) * hill(x / wide, 0);
}
