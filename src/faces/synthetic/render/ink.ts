/** The colour of the pixel being painted, in linear light; one object is used again and again to spare the allocator. */
import type { Colour } from "../colours.ts";

export class Ink {
  r = 0;
  g = 0;
  b = 0;

  /** Starts anew with `colour`. */
  set(colour: Colour): void {
    this.r = colour[0];
    this.g = colour[1];
    this.b = colour[2];
  }

  /** Covers by `colour`: 0 leaves the ink, 1 replaces it. */
  cover(colour: Colour, amount: number): void {
    if (amount <= 0) return;
    this.r += (colour[0] - this.r) * amount;
    this.g += (colour[1] - this.g) * amount;
    this.b += (colour[2] - this.b) * amount;
  }

  /** Covers by another ink: 0 leaves this one, 1 replaces it. */
  coverBy(other: Ink, amount: number): void {
    this.r += (other.r - this.r) * amount;
    this.g += (other.g - this.g) * amount;
    this.b += (other.b - this.b) * amount;
  }

  /** Multiplies by 1 at `amount` 0, by the given factors at 1. */
  stain(r: number, g: number, b: number, amount: number): void {
    this.r *= 1 + (r - 1) * amount;
    this.g *= 1 + (g - 1) * amount;
    this.b *= 1 + (b - 1) * amount;
  }
}
