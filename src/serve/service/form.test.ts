import { expect, test } from "vitest";
import { pictureBytes } from "./form.ts";

const LIMITS = { maxBytes: 1_000_000 };

test("base64 comes out as it went in, padded or not, also as a data URI", () => {
  for (let length = 1; length < 8; length++) {
    const bytes = Buffer.alloc(length, 7 + length);
    const text = bytes.toString("base64");
    for (const given of [text, text.replaceAll("=", ""), `data:image/png;base64,${text}`]) {
      expect(pictureBytes(given, LIMITS, "image")).toEqual(bytes);
    }
  }
});

test("what is no base64 is refused, and a million of = as fast as anything", () => {
  for (const given of ["", "===", "/etc/passwd.", "https://a.example/b.jpg", `${"=".repeat(1_000_000)}A`]) {
    expect(() => pictureBytes(given, LIMITS, "image"), given.slice(0, 20)).toThrow(
      /needed a picture file in base64/,
    );
  }
});
