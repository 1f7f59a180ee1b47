/** Colours every pixel of a buffer: which surface it shows, how that is painted, how it is lit. */
import type { Colour } from "../colours.ts";
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import { createBrowPainter, createEyePainter } from "./eyes.ts";
import { Ink } from "./ink.ts";
import { createLight, type Light } from "./light.ts";
import { MATERIAL } from "./mesh.ts";
import { createMouthPainter } from "./mouth.ts";
import type { Buffer } from "./raster.ts";
import { createSkinPainter, createWhiskerPainter } from "./skin.ts";
import { clamp, hill, noise, step } from "./smooth.ts";

/** A picture in linear light, [size * size, 3]. */
export type Canvas = Float32Array;

/** Paints the surfaces of `buffer` over `canvas`; `soft` is the width of a pixel in head units. */
export function shade(buffer: Buffer, canvas: Canvas, person: Person, shot: Shot, soft: number): void {
  const light = createLight(shot);
  const head = createHeadShader(person, shot, light, soft);
  const locks = createHairShader(person, shot, light);
  const neck = createNeckShader(person, shot, light, soft);
  const ink = new Ink();
  const { values, material } = buffer;
  for (let pixel = 0, k = 0; pixel < material.length; pixel++, k += 6) {
    if (material[pixel] === MATERIAL.nothing) continue;
    let nx = values[k];
    let ny = values[k + 1];
    let nz = values[k + 2];
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
    nx /= length;
    ny /= length;
    nz /= length;
    const u = values[k + 3];
    const v = values[k + 4];
    const w = values[k + 5];
    if (material[pixel] === MATERIAL.head) head(ink, nx, ny, nz, u, v, w);
    else if (material[pixel] === MATERIAL.locks) locks(ink, nx, ny, nz, u * 1.4, v);
    else if (material[pixel] === MATERIAL.neck) neck(ink, nx, ny, nz, u, v);
    else shadeEar(ink, nx, ny, nz, u, v, person, light);
    canvas[pixel * 3] = ink.r;
    canvas[pixel * 3 + 1] = ink.g;
    canvas[pixel * 3 + 2] = ink.b;
  }
}

function createHeadShader(person: Person, shot: Shot, light: Light, soft: number) {
  const { skin, hair, seed } = person;
  const paintSkin = createSkinPainter(person, shot);
  const paintWhiskers = createWhiskerPainter(person, shot);
  const paintMouth = createMouthPainter(person, shot);
  const paintEyes = createEyePainter(person, shot);
  const paintBrows = createBrowPainter(person, shot);
  const hairShader = createHairShader(person, shot, light);
  const covered = new Ink();
  const density = hair.style === "buzz" ? 0.82 : 1;
  return (ink: Ink, nx: number, ny: number, nz: number, u: number, v: number, inside: number) => {
    const strand = noise(u * 22, v * 3, seed + 2) - 0.5;
    const edge = inside + (0.05 + 0.06 * hair.curl) * strand;
    const haired = hair.style === "bald" ? 0 : density * step(-0.008 - soft * 0.7, 0.028 + soft * 0.7, edge);
    if (haired < 1) {
      ink.set(skin.colour);
      paintSkin(ink, u, v, soft);
      paintWhiskers?.(ink, u, v, soft);
      paintMouth(ink, u, v, soft);
      paintEyes(ink, u, v, soft);
      paintBrows(ink, u, v, soft);
      ink.stain(0.62, 0.55, 0.54, hair.style === "bald" ? 0 : 0.7 * step(-0.16, 0, inside)); // the hair's shadow
      if (hair.style === "bald" && person.sex === "male")
        ink.stain(0.9, 0.9, 0.93, 0.5 * step(-0.5, -0.7, v));
      light.skin(ink, nx, ny, nz, skin.shine * (v > 0.55 ? 0.5 : 1));
    }
    if (haired > 0) {
      hairShader(covered, nx, ny, nz, u * 2.2, v);
      ink.coverBy(covered, haired);
    }
  };
}

/** Hair by strands: `across` runs over the strands, `along` down them. */
function createHairShader(person: Person, shot: Shot, light: Light) {
  const { hair, seed } = person;
  const base: Colour = hair.colour;
  const wiggle = 0.04 + 0.5 * hair.curl;
  return (ink: Ink, nx: number, ny: number, nz: number, across: number, along: number) => {
    const bend = wiggle * (noise(across * 4, along * 5, seed + 3) - 0.5);
    const fine = noise((across + bend) * 26, along * 2.5, seed + 4) - 0.5;
    const coarse = noise((across + bend) * 7, along * 1.6, seed + 5) - 0.5;
    const tone = Math.max(0.25, 1 + 0.55 * fine + 0.6 * coarse) * shot.hair.light * (nz < 0 ? 0.35 : 1);
    ink.set(base);
    ink.stain(tone, tone, tone, 1);
    // strands run down over the surface: the vertical less its part along the normal
    const tx = -ny * nx + 0.25 * fine;
    const ty = 1 - ny * ny;
    const tz = -ny * nz;
    const length = Math.sqrt(tx * tx + ty * ty + tz * tz) || 1;
    light.hair(ink, nx, ny, Math.abs(nz), tx / length, ty / length, tz / length);
  };
}

function createNeckShader(person: Person, shot: Shot, light: Light, soft: number) {
  const { skin, head, seed } = person;
  const [red, green, blue] = skin.colour;
  const deep: Colour = [0.94 * red, 0.94 * green, 0.94 * blue];
  const line = 1.27 + shot.cloth.neckline * 0.5;
  const cloth = new Ink();
  return (ink: Ink, nx: number, ny: number, nz: number, u: number, v: number) => {
    const collar =
      line - 0.5 * Math.abs(u) * (1 - 0.5 * shot.cloth.neckline) + 0.12 * clamp(Math.abs(u) - 0.4, 0, 1);
    const dressed = step(-soft, soft, v - collar);
    ink.set(deep);
    ink.stain(0.42, 0.32, 0.3, 0.85 * step(head.chinY + 0.34, head.chinY - 0.08, v)); // the chin's shadow
    light.skin(ink, nx, ny, nz, 0.2 * skin.shine);
    if (dressed === 0) return;
    cloth.set(shot.cloth.colour);
    const weave = 0.12 * (noise(u * 5, v * 5, seed + 8) - 0.5);
    cloth.stain(0.55, 0.55, 0.55, hill((v - collar) / 0.06, 0) + weave);
    light.cloth(cloth, nx, ny, nz);
    ink.coverBy(cloth, dressed);
  };
}

function shadeEar(
  ink: Ink,
  nx: number,
  ny: number,
  nz: number,
  u: number,
  v: number,
  { skin }: Person,
  light: Light,
): void {
  ink.set(skin.colour);
  ink.stain(1.03, 0.8, 0.78, 0.5);
  ink.stain(0.5, 0.36, 0.34, 0.75 * hill((u - 0.1) / 0.55, (v + 0.1) / 0.55)); // the hollow
  ink.stain(0.66, 0.52, 0.5, 0.6 * hill((u - 0.55) / 0.22, (v + 0.25) / 0.6)); // under the rim
  light.skin(ink, nx, ny, nz, 0.3 * skin.shine);
}
