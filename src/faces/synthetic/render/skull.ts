/** The form of a head: an upright stack of ellipses, and on its front the relief of nose, sockets, lips and chin. */
import type { Person } from "../person.ts";
import type { Shot } from "../shot.ts";
import { curve, hill, mix, step } from "./smooth.ts";

/** One level of the head: an ellipse in x and z, its front and back halves of different depth. */
export interface Level {
  readonly width: number; // half
  readonly front: number;
  readonly back: number;
  readonly centre: number; // z of the middle
}

export interface Skull {
  level(y: number): Level;
  /** How far the flesh stands out towards the viewer at (x, y), head units. */
  relief(x: number, y: number): number;
  /** How far the jaw's drop moves a point at height `y` down. */
  drop(y: number): number;
  /** The point of the front surface over (x, y): [x, y, z]. */
  point(x: number, y: number): [number, number, number];
}

/** The skull of `person` with the expression of `shot`. */
export function createSkull(person: Person, shot: Shot): Skull {
  const { mouth } = person;
  const level = levels(person);
  const relief = reliefOf(person, shot);
  const fall = shot.expression.open * 0.09;
  const drop = (y: number) => fall * step(mouth.y - 0.05, mouth.y + 0.2, y);
  return {
    level,
    relief,
    drop,
    point(x, y) {
      const { width, front, centre } = level(y);
      const across = Math.min(1, Math.abs(x) / width);
      return [x, y + drop(y), centre + front * Math.sqrt(1 - across * across) + relief(x, y)];
    },
  };
}

function levels({ head }: Person): Skull["level"] {
  const { width, forehead, jaw, chin, chinY, crown } = head;
  const at = [-crown, -0.45, 0.05, 0.38, chinY * 0.74, chinY];
  const ratio = [forehead * 0.97, forehead, 1, 0.97 + 0.03 * head.chubby, jaw, chin];
  return (y) => {
    const wide = width * curve(at, ratio, y);
    if (y < 0) {
      const q = Math.min(1, -y / crown);
      const close = Math.sqrt(1 - q * q * Math.sqrt(q)); // a rounder dome than a sphere
      return { width: wide * close, front: 0.83 * close, back: 0.95 * close, centre: 0 };
    }
    const q = Math.min(1, y / chinY);
    const centre = 0.42 * step(0.1, 1, q);
    const q4 = q * q * q * q;
    const close = Math.sqrt(Math.max(0, 1 - mix(q4, q4 * q4, head.squareness)));
    return {
      width: wide * close,
      front: (0.83 - 0.92 * centre) * Math.sqrt(1 - q4 * q * q * q),
      back: mix(0.95, 0.3, q) * close,
      centre,
    };
  };
}

function reliefOf(person: Person, shot: Shot): Skull["relief"] {
  const { head, eyes, brows, mouth } = person;
  const smile = Math.max(0, shot.expression.smile);
  const nose = noseOf(person);
  const mouthWidth = mouth.width * (1 + 0.15 * smile);
  return (x, y) => {
    const side = Math.abs(x); // but for the nose the relief is symmetric
    const eye = side - eyes.x;
    let z = nose(x, y);
    z -= (0.06 + 0.05 * eyes.depth) * hill(eye / 0.24, (y - eyes.y + 0.01) / 0.17);
    z += 0.06 * hill(eye / (eyes.width * 1.15), (y - eyes.y) / 0.12);
    z += (0.015 + head.browRidge) * hill((side - 0.28) / 0.32, (y - brows.y - 0.03) / 0.12);
    z += 0.06 * head.cheekbones * hill((side - 0.48) / 0.28, (y - 0.27) / 0.22);
    z += 0.07 * smile * hill((side - 0.41) / 0.2, (y - 0.42) / 0.19);
    z += (0.03 + 0.07 * head.chubby) * hill((side - 0.42) / 0.36, (y - 0.6) / 0.36);
    z -= 0.03 * hill((side - 0.7) / 0.22, (y + 0.2) / 0.35);
    z += 0.045 * hill(x / 0.4, (y - mouth.y) / 0.32);
    z += 0.03 * hill(x / mouthWidth, (y - mouth.y + mouth.upper * 0.6) / 0.075);
    z += 0.042 * hill(x / (mouthWidth * 0.85), (y - mouth.y - mouth.lower * 0.6) / 0.08);
    z -= 0.04 * hill(x / 0.24, (y - mouth.y - mouth.lower - 0.08) / 0.08);
    z += (0.05 + head.chinForward) * hill(x / 0.27, (y - head.chinY + 0.13) / 0.2);
    z -= 0.02 * head.cleft * hill(x / 0.035, (y - head.chinY + 0.12) / 0.09);
    return z;
  };
}

/** A ridge from the root to the tip, the ball of the tip, and two wings. */
function noseOf({ nose, eyes }: Person): Skull["relief"] {
  const root = eyes.y - 0.1;
  const wingX = nose.width * 0.68;
  return (x, y) => {
    const t = (y - root) / (nose.tip - root);
    if (t < -0.3 || t > 1.5) return 0;
    const shifted = x - nose.crooked * t;
    const along = t <= 1 ? step(-0.3, 0.25, t) : 1 - step(0, 0.16, y - nose.tip - 0.01);
    const height =
      mix(nose.bridge, nose.forward * 0.86, Math.max(0, t) * mix(0.7, 1, t)) +
      nose.hump * hill((t - 0.45) / 0.35, 0);
    const half = mix(nose.bridgeWidth, nose.tipSize * 1.15, Math.max(0, t));
    const off = shifted / (half * 1.6);
    const across = Math.max(0, 1 - off * off);
    const tip = 0.14 * nose.forward * hill(shifted / nose.tipSize, (y - nose.tip + 0.005) / nose.tipSize);
    const wing = 0.1 * hill((Math.abs(shifted) - wingX) / (nose.width * 0.42), (y - nose.tip - 0.02) / 0.085);
    return height * along * across * across + tip + wing;
  };
}
