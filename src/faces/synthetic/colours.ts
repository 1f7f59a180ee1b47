/** Colours of skin, hair, eyes and cloth, in linear light: [red, green, blue], each 0 to 1. */
import type { Rng } from "../../base/random/index.ts";
import { around, between } from "./draw.ts";

/** Linear light: squares of display values, a gamma of 2 that needs only `sqrt` on the way back. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The linear colour of a display value such as `0xf2d6c4`. */
export function hex(value: number): Colour {
  const channel = (shift: number) => (((value >> shift) & 255) / 255) ** 2;
  return [channel(16), channel(8), channel(0)];
}

/** `a` at 0, `b` at 1. */
export function blend(a: Colour, b: Colour, amount: number): Colour {
  return [a[0] + (b[0] - a[0]) * amount, a[1] + (b[1] - a[1]) * amount, a[2] + (b[2] - a[2]) * amount];
}

/** Multiplies a colour, channel by channel. */
export function tint(a: Colour, by: Colour): Colour {
  return [a[0] * by[0], a[1] * by[1], a[2] * by[2]];
}

const SKIN = [0xeecfbe, 0xe6bca0, 0xdaa884, 0xc98f68, 0xa66d47, 0x7c4d31, 0x553322].map(hex);

/** Skin from 0 (palest) to 1 (darkest); `warmth` in -1 to 1 leans it to olive or to rose. */
export function skinColour(melanin: number, warmth: number): Colour {
  const place = Math.max(0, Math.min(0.999, melanin)) * (SKIN.length - 1);
  const base = blend(SKIN[Math.floor(place)], SKIN[Math.floor(place) + 1], place - Math.floor(place));
  return tint(base, [1 + 0.05 * warmth, 1 - 0.05 * warmth, 1 + 0.02 * warmth]);
}

const HAIR = {
  black: 0x1f1a1c,
  darkBrown: 0x3b2720,
  brown: 0x66432e,
  lightBrown: 0x8d6543,
  blond: 0xd3ab6c,
  red: 0x9c4523,
  gray: 0x9d9a98,
  white: 0xdedad4,
};
export type HairColour = keyof typeof HAIR;

/** Hair of a named colour, a little different for everybody. */
export function hairColour(name: HairColour, rng: Rng): Colour {
  const light = around(rng, 1, 0.12);
  const warm = around(rng, 0, 0.05);
  return tint(hex(HAIR[name]), [light * (1 + warm), light, light * (1 - warm)]);
}

const IRIS = { brown: 0x5a3517, hazel: 0x7d6a34, green: 0x5f8353, blue: 0x5d8fc0, gray: 0x83939c };
export type IrisColour = keyof typeof IRIS;

/** An iris of a named colour, a little different for everybody. */
export function irisColour(name: IrisColour, rng: Rng): Colour {
  const light = around(rng, 1.05, 0.15);
  return tint(hex(IRIS[name]), [light, light * around(rng, 1, 0.05), light]);
}

/** Any hue (0 to 1 around the circle) at a given saturation and brightness. */
export function fromHue(hue: number, saturation: number, brightness: number): Colour {
  const channel = (offset: number) => {
    const k = (offset + hue * 6) % 6;
    return (brightness * (1 - saturation * Math.max(0, Math.min(1, k, 4 - k)))) ** 2;
  };
  return [channel(5), channel(3), channel(1)];
}

/** Cloth or wall: any hue, muted. */
export function fabric(rng: Rng): Colour {
  return fromHue(rng.uniform(), between(rng, 0, 0.6), between(rng, 0.12, 0.9));
}
