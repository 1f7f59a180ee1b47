/** Several sets of aligned faces as one. */

import { DataError } from "../../base/errors/index.ts";
import { sha256 } from "../../base/files/index.ts";
import { type AlignedFaces, checkRange, FACE_BYTES } from "./alignedFaces.ts";

/**
 * The faces of all `sets`, one after the other; equal identities are one person. People are split into parts as the first set
 * alone would be, so that its held-out people stay held out with all their pictures, and people of the others train.
 *
 * @throws DataError where a name occurs in two sets.
 */
export function joinFaces([first, ...others]: readonly [AlignedFaces, ...AlignedFaces[]]): AlignedFaces {
  if (others.length === 0) return first;
  const sets = [first, ...others];
  const names = sets.flatMap((set) => set.names);
  if (new Set(names).size !== names.length) {
    const seen = new Set<string>();
    const twice = names.find((name) => seen.has(name) || !seen.add(name));
    throw new DataError(`the sets of faces must have names of their own, ${twice} is in two`);
  }
  const starts = [0];
  for (const { count } of sets) starts.push(starts.at(-1)! + count);
  const count = starts.at(-1)!;
  return {
    count,
    names,
    identities: sets.flatMap((set) => set.identities),
    splitBy: first.splitBy ?? first.identities,
    key: sha256(sets.map(({ key }) => key).join("\n")),
    async readRange(from, length) {
      checkRange(from, length, count);
      const pixels = new Uint8Array(length * FACE_BYTES);
      for (const [i, set] of sets.entries()) {
        const begin = Math.max(from, starts[i]);
        const end = Math.min(from + length, starts[i + 1]);
        if (begin >= end) continue;
        pixels.set(await set.readRange(begin - starts[i], end - begin), (begin - from) * FACE_BYTES);
      }
      return pixels;
    },
  };
}
