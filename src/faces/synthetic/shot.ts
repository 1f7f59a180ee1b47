/**
 * One picture's circumstances: everything that changes while the person stays the same. Angles are in
 * radians, lengths in head units unless said otherwise.
 */
import type { Rng } from "../../base/random/index.ts";
import { type Colour, fabric } from "./colours.ts";
import { around, between, chance } from "./draw.ts";
import type { Person } from "./person.ts";

export type Eyewear = "none" | "glasses" | "sunglasses";

export interface Shot {
  readonly yaw: number; // positive: towards the right side of the picture
  readonly pitch: number; // positive: looking down
  readonly roll: number; // positive: clockwise
  readonly scale: number; // 1: the eyes of a middling face are 0.17 picture widths apart
  readonly shift: readonly [x: number, y: number]; // of the head, in picture widths
  readonly light: {
    readonly side: number; // -1 (from the left of the picture) to 1
    readonly height: number; // -1 (from below) to 1
    readonly strength: number; // of the directed light
    readonly ambient: number;
    readonly colour: Colour;
    readonly rim: number; // light from behind, 0 to 1
    readonly exposure: number; // 1 is right
  };
  readonly expression: {
    readonly smile: number; // -0.4 (frown) to 1
    readonly open: number; // 0 (closed mouth) to 1
    readonly browRaise: number; // -1 to 1
    readonly eyesOpen: number; // 0 (blink) to 1.15
    readonly gaze: readonly [x: number, y: number];
  };
  readonly eyewear: Eyewear;
  readonly makeup: number; // 0 to 1
  readonly hair: {
    readonly volume: number;
    readonly fringe: number;
    readonly parting: number;
    readonly light: number;
  };
  readonly stubble: number; // growth since the last shave, 0 to 1
  readonly background: {
    readonly seed: number;
    readonly colours: readonly Colour[];
    readonly detail: number;
  };
  readonly cloth: { readonly colour: Colour; readonly neckline: number };
  readonly blur: number; // radius, in thousandths of the picture width
  readonly noise: number; // standard deviation, in display values (0 to 255)
  readonly seed: number; // of the noise
}

/** Draws the circumstances of one picture of `person`, who decides how likely glasses and make-up are. */
export function createShot(person: Person, rng: Rng): Shot {
  const smiling = chance(rng, 0.45);
  const talking = chance(rng, 0.25);
  return {
    yaw: around(rng, 0, 0.24),
    pitch: around(rng, 0, 0.11),
    roll: around(rng, 0, 0.09),
    scale: around(rng, 1, 0.05),
    shift: [around(rng, 0, 0.02), around(rng, 0, 0.02)],
    light: createLight(rng.fork("light")),
    expression: {
      smile: smiling ? between(rng, 0.35, 1) : around(rng, 0, 0.15),
      open: talking ? between(rng, 0.2, 1) : smiling && chance(rng, 0.6) ? between(rng, 0.08, 0.3) : 0,
      browRaise: around(rng, 0, 0.45),
      eyesOpen: chance(rng, 0.04) ? between(rng, 0, 0.3) : around(rng, 0.95, 0.09),
      gaze: [around(rng, 0, 0.35), around(rng, 0, 0.2)],
    },
    eyewear: chance(rng, person.glasses.habit) ? "glasses" : chance(rng, 0.03) ? "sunglasses" : "none",
    makeup:
      Math.max(0, Math.min(1, around(rng, person.makeup.habit, 0.2))) * (person.makeup.habit > 0 ? 1 : 0),
    hair: {
      volume: around(rng, 1, 0.14),
      fringe: around(rng, 0, 0.06),
      parting: chance(rng, 0.12) ? -1 : 1,
      light: around(rng, 1, 0.1),
    },
    stubble: rng.uniform() ** 2,
    background: {
      seed: rng.integer(2 ** 31),
      colours: [fabric(rng), fabric(rng), fabric(rng)],
      detail: rng.uniform(),
    },
    cloth: { colour: fabric(rng), neckline: between(rng, 0.1, 0.5) },
    blur: chance(rng, 0.3) ? between(rng, 2, 11) : between(rng, 0, 2),
    noise: chance(rng, 0.25) ? between(rng, 3, 8) : between(rng, 1, 3),
    seed: rng.integer(2 ** 31),
  };
}

function createLight(rng: Rng): Shot["light"] {
  const harsh = chance(rng, 0.3);
  const strength = harsh ? between(rng, 0.75, 1.15) : between(rng, 0.3, 0.7);
  const ambient = harsh ? between(rng, 0.14, 0.3) : between(rng, 0.4, 0.62);
  const warmth = around(rng, 0.03, 0.14); // tungsten to open shade
  return {
    side: around(rng, 0, 0.5),
    height: around(rng, 0.45, 0.28),
    strength,
    ambient,
    colour: [1 + warmth, 1 + around(rng, 0, 0.025), 1 - warmth],
    rim: chance(rng, 0.3) ? between(rng, 0.3, 1) : 0,
    exposure: 2 ** around(rng, 0.12, 0.35),
  };
}
