import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../errors/index.ts";
import { nameKey, personName } from "./index.ts";

const [NFC, NFD] = ["Jos\u00e9", "Jose\u0301"];

describe("names of people", () => {
  test("are one name in NFC and NFD", () => {
    expect(NFC).not.toBe(NFD);
    expect(personName(NFD)).toBe(NFC);
    expect(personName(NFC)).toBe(NFC);
    expect(nameKey(`${NFD}/1`)).toBe(`${NFC}/1`);
  });

  test.each(["Ann Lee", "A. Lee", "O'Neil-Smith", "山田　太郎", "Зоя", "עדי", "علي", "..a", "a/b", "😀"])(
    "%s is one",
    (name) => {
      expect(personName(name)).toBe(name.normalize("NFC"));
    },
  );

  test.each([
    ["nothing", ""],
    ["outer spaces", " Ann"],
    ["a line feed", "Ann\nLee"],
    ["an escape", "\u001b[31mAnn"],
    ["a zero-width space", "An\u200bn"],
    ["a joiner", "An\u200dn"],
    ["a soft hyphen", "An\u00adn"],
    ["a byte order mark", "An\ufeffn"],
    ["writing turned round", "Ann\u202eeeL"],
    ["an isolate", "\u2067Ann\u2069"],
    ["a variation selector", "Ann\ufe0f"],
    ["a Hangul filler", "Ann\u3164Lee"],
    ["a space that does not break", "Ann\u00a0Lee"],
    ["half a character", "Ann\ud800"],
    ["a line separator", "Ann\u2028Lee"],
    ["this folder", "."],
    ["the folder above", ".."],
    ["too much", "a".repeat(201)],
  ])("%s is refused", (_, name) => {
    expect(() => personName(name, "gallery")).toThrow(InputError);
    const message = (() => {
      try {
        return personName(name, "gallery");
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toMatch(/^gallery: a person's name/);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u); // nothing of it reaches a terminal
  });

  test("what is taken is taken again as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), (text) => {
        let name: string;
        try {
          name = personName(text);
        } catch {
          return true;
        }
        return personName(name) === name && personName(name.normalize("NFD")) === name;
      }),
      { seed: 1 },
    );
  });
});
