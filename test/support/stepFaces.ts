/** The faces that a gallery holds before a change of which every step fails once, and those that come with it. */
import { createRng } from "../../src/base/random/index.ts";

const rng = createRng(5);

const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));

export const SETTINGS = { model: "m", codeBytes: 8, dimension: 2, keyCheck: "" };

export const face = <P extends string | number>(person: string, picture: P) => ({
  person,
  code: bytes(8),
  vector: new Uint8Array(8),
  thumbnail: bytes(60),
  fields: { picture },
});
