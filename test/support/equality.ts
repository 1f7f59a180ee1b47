/** Typed arrays that have the same bytes are equal: expect compares number by number, 9 µs for each, where nobody tells it. */
import { expect } from "vitest";

const TOLD = Symbol.for("deepid: expect knows typed arrays");
const told = globalThis as { [TOLD]?: true };

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** True, or undefined where expect has to look itself: NaNs of other bytes, and what to say of a difference. */
function sameBytes(a: unknown, b: unknown): true | undefined {
  if (!(ArrayBuffer.isView(a) && ArrayBuffer.isView(b))) return undefined;
  if (a.constructor !== b.constructor || a.byteLength !== b.byteLength) return undefined;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0 ? true : undefined;
}

if (!told[TOLD]) expect.addEqualityTesters([sameBytes]);
told[TOLD] = true;
