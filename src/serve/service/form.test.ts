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

test("base64 in lines comes out the same, as `base64` and `openssl` print it", () => {
  const bytes = Buffer.from(Array.from({ length: 500 }, (_, i) => i % 251));
  const text = bytes.toString("base64");
  for (const end of ["\n", "\r\n"]) {
    const lines = text.replace(/.{76}/g, `$&${end}`);
    for (const given of [lines, `${text}${end}`, `data:image/png;base64,${lines}`]) {
      expect(pictureBytes(given, LIMITS, "image")).toEqual(bytes);
    }
  }
  expect(() => pictureBytes(`${text} `, LIMITS, "image")).toThrow(/base64/);
});

test("what is no base64 is refused, and a million of = as fast as anything", () => {
  for (const given of ["", "===", "/etc/passwd.", "https://a.example/b.jpg", `${"=".repeat(1_000_000)}A`]) {
    expect(() => pictureBytes(given, LIMITS, "image"), given.slice(0, 20)).toThrow(
      /needed a picture file in base64/,
    );
  }
});
