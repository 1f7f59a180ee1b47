import fc from "fast-check";
import { expect, test } from "vitest";
import { bitCount, bytesOfWords, hexOf } from "./index.ts";

test("the ones of any word are those of its binary digits", () => {
  fc.assert(
    fc.property(fc.integer(), (word) => {
      expect(bitCount(word)).toBe((word >>> 0).toString(2).replaceAll("0", "").length);
    }),
  );
  expect([0, 1, -1, 0x80000000].map(bitCount)).toEqual([0, 1, 32, 1]);
});

test("words are written lowest byte first, two digits a byte", () => {
  expect(hexOf(bytesOfWords(Uint32Array.of(1, 0x80000000, 0xdeadbeef)))).toBe("0100000000000080efbeadde");
});
