/**
 * A synthetic person: everything about a face that stays the same from picture to picture.
 *
 * Lengths are in head units: 1 is about half the height of a head, the eyes lie near y = 0, y grows
 * downwards and x is distance from the middle of the face. No number is taken from a real person.
 */
import type { Rng } from "../../base/random/index.ts";
import {
  type Colour,
  type HairColour,
  hairColour,
  type IrisColour,
  irisColour,
  skinColour,
} from "./colours.ts";
import { around, between, chance, pick } from "./draw.ts";
import { createEyes, createHead, createMouth, createNose } from "./features.ts";
import { createHair, createWhiskers } from "./hairiness.ts";

export interface Person {
  readonly sex: "female" | "male";
  readonly age: number; // years, 17 to 80
  readonly seed: number; // of the textures: strands, freckles, stubble
  readonly skin: {
    readonly melanin: number; // 0 (palest) to 1 (darkest)
    readonly colour: Colour;
    readonly rosiness: number; // cheeks, 0 to 1
    readonly shine: number; // 0 to 1
    readonly wrinkles: number; // 0 to 1
    readonly freckles: number; // 0 to 1
    readonly moles: readonly { readonly x: number; readonly y: number; readonly size: number }[];
  };
  readonly head: ReturnType<typeof createHead>;
  readonly eyes: ReturnType<typeof createEyes> & { readonly iris: IrisColour; readonly irisColour: Colour };
  readonly nose: ReturnType<typeof createNose>;
  readonly mouth: ReturnType<typeof createMouth>;
  readonly brows: {
    readonly y: number;
    readonly inner: number; // x of the end near the nose
    readonly outer: number;
    readonly thickness: number;
    readonly arch: number;
    readonly slope: number; // rise of the outer end; negative for drooping
    readonly density: number; // 0 to 1
  };
  readonly hair: ReturnType<typeof createHair> & { readonly name: HairColour; readonly colour: Colour };
  readonly whiskers: ReturnType<typeof createWhiskers>; // beard and moustache
  readonly glasses: {
    readonly habit: number;
    readonly size: number;
    readonly round: number;
    readonly rim: number;
    readonly colour: Colour;
  };
  readonly makeup: { readonly habit: number; readonly lips: Colour; readonly shadow: Colour };
}

/** Draws a person from `rng`: same generator state, same person. */
export function createPerson(rng: Rng): Person {
  const sex = chance(rng, 0.5) ? "male" : "female";
  const age = Math.round(17 + 63 * rng.uniform() ** 1.4);
  const melanin = rng.uniform() ** 1.6;
  const hairName = drawHairColour(rng, melanin, age);
  const iris = drawIris(rng, melanin);
  const traits = { sex, age } as const;
  const hair = createHair(rng.fork("hair"), traits);
  return {
    sex,
    age,
    seed: rng.integer(2 ** 31),
    skin: createSkin(rng.fork("skin"), melanin, age),
    head: createHead(rng.fork("head"), traits),
    eyes: { ...createEyes(rng.fork("eyes"), traits), iris, irisColour: irisColour(iris, rng) },
    nose: createNose(rng.fork("nose"), traits),
    mouth: createMouth(rng.fork("mouth"), traits, melanin),
    brows: createBrows(rng.fork("brows"), sex),
    hair: { ...hair, name: hairName, colour: hairColour(hairName, rng) },
    whiskers: createWhiskers(rng.fork("whiskers"), traits),
    glasses: createGlasses(rng.fork("glasses"), age),
    makeup: createMakeup(rng.fork("makeup"), sex),
  };
}

function drawHairColour(rng: Rng, melanin: number, age: number): HairColour {
  if (chance(rng, (age - 42) / 30)) return age > 66 && chance(rng, 0.6) ? "white" : "gray";
  const fair = Math.max(0, 1 - melanin * 2.2);
  return pick(rng, {
    black: 0.25 + 2.5 * melanin,
    darkBrown: 0.5,
    brown: 0.2 + 0.5 * fair,
    lightBrown: 0.6 * fair,
    blond: 0.8 * fair,
    red: 0.25 * fair,
    gray: 0,
    white: 0,
  });
}

function drawIris(rng: Rng, melanin: number): IrisColour {
  const fair = Math.max(0, 1 - melanin * 2);
  return pick(rng, {
    brown: 0.35 + 2 * melanin,
    hazel: 0.2,
    green: 0.25 * fair,
    blue: fair,
    gray: 0.25 * fair,
  });
}

function createSkin(rng: Rng, melanin: number, age: number): Person["skin"] {
  const moles = Array.from({ length: Math.max(0, rng.integer(6) - 2) }, () => ({
    x: between(rng, -0.55, 0.55),
    y: between(rng, -0.5, 0.95),
    size: between(rng, 0.013, 0.032),
  }));
  const freckled = chance(rng, 0.3) && melanin < 0.4;
  return {
    melanin,
    colour: skinColour(melanin, between(rng, -1, 1)),
    rosiness: rng.uniform() ** 1.5 * (1 - 0.7 * melanin),
    shine: between(rng, 0.1, 1),
    wrinkles: Math.max(0, Math.min(1, around(rng, (age - 38) / 35, 0.15))),
    freckles: freckled ? between(rng, 0.4, 1) : 0,
    moles,
  };
}

function createBrows(rng: Rng, sex: Person["sex"]): Person["brows"] {
  const male = sex === "male";
  return {
    y: around(rng, male ? -0.2 : -0.225, 0.025),
    inner: around(rng, 0.125, 0.025),
    outer: around(rng, 0.5, 0.03),
    thickness: Math.max(0.012, around(rng, male ? 0.042 : 0.026, 0.011)),
    arch: around(rng, male ? 0.035 : 0.055, 0.022),
    slope: around(rng, 0.01, 0.04),
    density: between(rng, 0.55, 1),
  };
}

function createGlasses(rng: Rng, age: number): Person["glasses"] {
  const wears = chance(rng, 0.12 + age / 300);
  const rim = chance(rng, 0.6)
    ? ([0.02, 0.02, 0.022] as const)
    : ([rng.uniform() * 0.3, 0.05, rng.uniform() * 0.15] as const);
  return {
    habit: wears ? between(rng, 0.6, 1) : 0.02,
    size: between(rng, 0.2, 0.26),
    round: rng.uniform(),
    rim: between(rng, 0.012, 0.03),
    colour: rim,
  };
}

function createMakeup(rng: Rng, sex: Person["sex"]): Person["makeup"] {
  return {
    habit: sex === "female" ? rng.uniform() ** 1.5 : 0,
    lips: [between(rng, 0.25, 0.6), between(rng, 0.01, 0.09), between(rng, 0.03, 0.12)],
    shadow: [between(rng, 0.02, 0.3), between(rng, 0.02, 0.15), between(rng, 0.03, 0.3)],
  };
}
