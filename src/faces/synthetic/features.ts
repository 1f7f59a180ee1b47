/** The shape of a head and of its eyes, nose and mouth, drawn with the plausible leanings of sex and age. */
import type { Rng } from "../../base/random/index.ts";
import { blend, type Colour, hex } from "./colours.ts";
import { around, between } from "./draw.ts";

/** What shapes lean on. */
export interface Traits {
  readonly sex: "female" | "male";
  readonly age: number; // years
}

/** The skull and the flesh on it, in head units. */
export function createHead(rng: Rng, { sex, age }: Traits) {
  const male = sex === "male";
  const chubby = Math.max(0, around(rng, 0.3 + (age > 45 ? 0.12 : 0), 0.28)); // 0 to about 1
  return {
    width: around(rng, 0.8, 0.04) + 0.03 * chubby, // half width at the cheekbones
    forehead: around(rng, 0.94, 0.03), // half widths relative to `width`
    jaw: around(rng, male ? 0.84 : 0.77, 0.05) + 0.08 * chubby,
    chin: around(rng, male ? 0.5 : 0.41, 0.06) + 0.06 * chubby,
    chinY: around(rng, male ? 1.1 : 1.04, 0.045),
    crown: around(rng, 1.16, 0.05), // distance from the eyes to the top
    squareness: around(rng, male ? 0.5 : 0.3, 0.2), // of the chin, 0 to 1
    cheekbones: Math.max(0, around(rng, 0.5, 0.3)),
    chinForward: around(rng, 0.04, 0.025),
    browRidge: male ? Math.max(0.01, around(rng, 0.035, 0.015)) : Math.max(0, around(rng, 0.012, 0.01)),
    cleft: rng.uniform() < 0.15 ? 1 : 0,
    ear: around(rng, 0.23, 0.03) + (age > 55 ? 0.03 : 0), // half height of an ear
    earOut: around(rng, 0.45, 0.2), // how far ears stand off, 0 to 1
    chubby,
  };
}

/** Eyes, in head units; angles in radians. */
export function createEyes(rng: Rng, { sex, age }: Traits) {
  const male = sex === "male";
  return {
    x: around(rng, 0.315, 0.022), // of an eye's centre
    y: around(rng, 0, 0.02),
    width: around(rng, 0.172, 0.014), // half
    upper: Math.max(0.04, around(rng, male ? 0.082 : 0.096, 0.015)), // height of the upper lid over the centre
    lower: around(rng, 0.046, 0.008),
    tilt: around(rng, male ? 0.02 : 0.06, 0.075), // outer corner up
    irisSize: around(rng, 0.088, 0.006),
    lid: Math.max(0, Math.min(1, around(rng, 0.55, 0.4))), // fold of the upper lid
    lash: male ? between(rng, 0, 0.3) : between(rng, 0.35, 1),
    bags: Math.max(0, around(rng, (age - 25) / 70, 0.2)),
    depth: Math.max(0, around(rng, male ? 0.6 : 0.4, 0.25)), // of the sockets
  };
}

/** Nose, in head units. */
export function createNose(rng: Rng, { sex }: Traits) {
  const male = sex === "male";
  return {
    tip: around(rng, male ? 0.425 : 0.395, 0.04), // y of the tip
    width: around(rng, male ? 0.165 : 0.142, 0.025), // half, over the wings
    bridge: around(rng, male ? 0.12 : 0.095, 0.03), // height of the bridge
    bridgeWidth: around(rng, 0.085, 0.014),
    forward: around(rng, male ? 0.27 : 0.235, 0.04), // height of the tip
    tipSize: around(rng, 0.115, 0.02),
    hump: around(rng, 0.0, 0.028),
    crooked: around(rng, 0, 0.008),
    nostrils: between(rng, 0.4, 1),
  };
}

/** Mouth, in head units; `colour` of the bare lips. */
export function createMouth(rng: Rng, { sex, age }: Traits, melanin: number) {
  const fullness = around(rng, (sex === "male" ? 0.85 : 1.15) - (age > 55 ? 0.25 : 0), 0.28);
  const lips: Colour = blend(hex(0xcf7f78), hex(0x6b3630), Math.min(1, melanin * 1.1));
  return {
    y: around(rng, 0.7, 0.028),
    width: around(rng, 0.255, 0.03), // half
    upper: Math.max(0.02, 0.046 * fullness * around(rng, 1, 0.2)),
    lower: Math.max(0.03, 0.066 * fullness * around(rng, 1, 0.15)),
    bow: between(rng, 0.1, 1), // depth of the cupid's bow
    corners: around(rng, 0, 0.016), // up is positive
    colour: lips,
    folds: Math.max(0, around(rng, (age - 25) / 60, 0.2)), // nose to mouth
  };
}
