/** Features as pages hold them and send them back. */
import { Problem } from "../service/index.ts";

/** float32, little-endian, in base64. */
export function packFeatures(features: readonly number[]): string {
  return Buffer.from(Float32Array.from(features).buffer).toString("base64");
}

/** Far above what a neuron gives, and squares of it can still be added up. */
const MOST_ACTIVE = 1e6;

export function unpackFeatures(bytes: Buffer, dimension: number): number[] {
  const values = Array.from({ length: Math.floor(bytes.length / 4) }, (_, k) => bytes.readFloatLE(4 * k));
  if (bytes.length === 4 * dimension && values.every((value) => value >= 0 && value < MOST_ACTIVE))
    return values;
  throw new Problem(
    "bad-request",
    `features: needed are ${dimension} numbers of 4 bytes, as compare answers them.`,
  );
}
