/** Hair on the head and on the face: how it is cut, not what colour it has. */
import type { Rng } from "../../base/random/index.ts";
import { around, between, chance, pick } from "./draw.ts";
import type { Traits } from "./features.ts";

export type HairStyle = "bald" | "buzz" | "short" | "swept" | "curly" | "bob" | "long" | "tied" | "afro";

const FEMALE = {
  bald: 0.005,
  buzz: 0.01,
  short: 0.1,
  swept: 0.08,
  curly: 0.12,
  bob: 0.25,
  long: 0.32,
  tied: 0.14,
  afro: 0.06,
};
const MALE = {
  bald: 0.1,
  buzz: 0.15,
  short: 0.36,
  swept: 0.2,
  curly: 0.1,
  bob: 0.015,
  long: 0.03,
  tied: 0.015,
  afro: 0.04,
};

const VOLUME: Readonly<Record<HairStyle, readonly [top: number, side: number]>> = {
  bald: [0, 0],
  buzz: [0.035, 0.02],
  short: [0.12, 0.045],
  swept: [0.22, 0.06],
  curly: [0.24, 0.15],
  bob: [0.15, 0.13],
  long: [0.15, 0.1],
  tied: [0.08, 0.03],
  afro: [0.36, 0.32],
};

/** A haircut, in head units. */
export function createHair(rng: Rng, { sex, age }: Traits) {
  const style = pick(rng, sex === "male" ? MALE : FEMALE);
  const receding = sex === "male" && chance(rng, (age - 22) / 60) ? between(rng, 0.3, 1) : 0;
  const long = style === "long" || style === "bob";
  const fringed =
    receding === 0 && chance(rng, { bob: 0.55, long: 0.35, short: 0.3, curly: 0.3 }[style as string] ?? 0);
  return {
    style,
    top: VOLUME[style][0] * between(rng, 0.75, 1.25),
    side: VOLUME[style][1] * between(rng, 0.7, 1.3),
    hairline: around(rng, -0.66, 0.05), // y where the forehead ends
    receding, // of the temples, 0 to 1
    fringe: fringed ? between(rng, 0.6, 1) : 0, // how far hair falls over the forehead, 0 to 1
    parting: between(rng, -1, 1), // side of the parting; 0 is the middle
    curl: style === "curly" || style === "afro" ? between(rng, 0.6, 1) : rng.uniform() ** 2 * 0.5,
    length: long ? (style === "bob" ? between(rng, 0.7, 1.05) : between(rng, 1.25, 1.9)) : 0, // y where it ends
    sideburns: sex === "male" ? between(rng, 0.05, 0.42) : between(rng, 0, 0.2), // y where they end
  };
}

export type WhiskerStyle = "none" | "stubble" | "moustache" | "goatee" | "beard";

/** Beard and moustache; none on women. */
export function createWhiskers(rng: Rng, { sex }: Traits) {
  const style: WhiskerStyle =
    sex === "female"
      ? "none"
      : pick(rng, { none: 0.5, stubble: 0.18, moustache: 0.09, goatee: 0.09, beard: 0.14 });
  return {
    style,
    density: style === "stubble" ? between(rng, 0.25, 0.5) : style === "none" ? 0 : between(rng, 0.8, 1),
    length: style === "beard" ? between(rng, 0.04, 0.14) : 0.02, // how far it stands off the skin
    cheeks: between(rng, 0, 1), // how high a beard grows
    moustacheWidth: between(rng, 0.85, 1.25),
    soulPatch: chance(rng, 0.4),
  };
}
